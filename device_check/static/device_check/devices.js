// Cameras, microphones and loudspeakers: opening, choosing, remembering.

const KEY = "device-check";
const KINDS = { camera: "videoinput", microphone: "audioinput", speakers: "audiooutput" };
const VIRTUAL =
  /virtual|\bobs\b|vb-audio|\bcable\b|blackhole|soundflower|stereo mix|manycam|snap camera|xsplit/i;
const ASKED = { camera: "video", microphone: "audio" };
// The sound is measured as it is.
const AS_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 } };

export const isVirtual = (label) => VIRTUAL.test(label);

// Real devices without the browser's pseudo ones, the system's default first.
export function arrange(all, kind) {
  const ours = all.filter((device) => device.kind === KINDS[kind]);
  const group = ours.find((device) => device.deviceId === "default")?.groupId;
  return ours
    .filter(({ deviceId }) => !["", "default", "communications"].includes(deviceId))
    .sort((one, other) => (other.groupId === group) - (one.groupId === group));
}

export class Devices {
  tracks = {};
  #chosen = {};
  #last = Promise.resolve();
  #media;

  constructor({ microphone = AS_IS } = {}) {
    this.#media = { camera: CAMERA, microphone };
    try {
      this.#chosen = JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      // Storage may be forbidden, or hold something else.
    }
  }

  chosen(kind) {
    return this.#chosen[kind] ?? "";
  }

  choose(kind, id) {
    this.#chosen[kind] = id;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#chosen));
    } catch {
      // Then the choice lasts as long as the page.
    }
  }

  async list(kind) {
    return arrange((await navigator.mediaDevices?.enumerateDevices()) ?? [], kind);
  }

  // Opens what is asked for; answers {kind: why it did not open, or ""}. One request at a time.
  open(kinds) {
    return (this.#last = this.#last.then(() => this.#open(kinds)));
  }

  close(...kinds) {
    for (const kind of kinds) {
      this.tracks[kind]?.stop();
      delete this.tracks[kind];
    }
  }

  async #open(kinds) {
    // A phone silences the earlier capture, or calls the camera busy, unless it was stopped.
    this.close(...kinds);
    const why = {};
    try {
      await this.#request(kinds);
    } catch (error) {
      if (kinds.length === 1) {
        return { [kinds[0]]: await this.#reason(kinds[0], error) };
      }
      // One bad device fails the request for both: ask for each.
      for (const kind of kinds) {
        Object.assign(why, await this.#open([kind]));
      }
      return why;
    }
    for (const kind of kinds) {
      await this.#avoidVirtual(kind);
      why[kind] = "";
    }
    return why;
  }

  async #request(kinds, ids = this.#chosen, plain = false) {
    // Chromium opens its default instead of an "ideal" device; a vanished one is let go of below.
    const wanted = (kind) => ({ ...this.#media[kind], ...(ids[kind] && { deviceId: { exact: ids[kind] } }) });
    const constraints = kinds.map((kind) => [ASKED[kind], plain || wanted(kind)]);
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(Object.fromEntries(constraints));
    } catch (error) {
      if (plain || !/^(Overconstrained|ConstraintNotSatisfied)Error$/.test(error.name)) {
        throw error;
      }
      return this.#request(kinds, {}, true);
    }
    for (const track of stream.getTracks()) {
      this.tracks[track.kind === "video" ? "camera" : "microphone"] = track;
    }
  }

  // A virtual device is used only by a person who has chosen it.
  async #avoidVirtual(kind) {
    const track = this.tracks[kind];
    if (!isVirtual(track.label) || track.getSettings().deviceId === this.chosen(kind)) {
      return;
    }
    const real = (await this.list(kind)).find((device) => !isVirtual(device.label));
    if (real) {
      this.close(kind);
      await this.#request([kind], { [kind]: real.deviceId }).catch(() => this.#request([kind]));
    }
  }

  async #reason(kind, error) {
    const { reason } = await import("./errors.js");
    return reason(error, {
      state: (await this.permission(kind))?.state,
      allowed: document.featurePolicy?.allowsFeature(kind),
      listed: (await this.list(kind)).length > 0,
      framed: window.top !== window.self,
    });
  }

  // The browser's permission, whose `state` is "granted", "denied" or "prompt"; nothing where it does
  // not say.
  permission(name) {
    return navigator.permissions?.query({ name }).catch(() => null);
  }
}
