// Cameras, microphones and loudspeakers: opening, choosing, remembering.

import { reason } from "./errors.js";

const KEY = "device-check";
const KINDS = { camera: "videoinput", microphone: "audioinput", speakers: "audiooutput" };
const PSEUDO = ["", "default", "communications"];
const VIRTUAL = /virtual|\bobs\b|vb-audio|\bcable\b|blackhole|soundflower|stereo mix|manycam|snap camera|xsplit|loopback/i;
const MEDIA = {
  camera: { width: { ideal: 1280 }, height: { ideal: 720 } },
  // The sound is measured as it is.
  microphone: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
};

export const isVirtual = (label) => VIRTUAL.test(label);

// Real devices, the system's default first.
export function arrange(all, kind) {
  const ours = all.filter((device) => device.kind === KINDS[kind]);
  const group = ours.find((device) => device.deviceId === "default")?.groupId;
  return ours
    .filter((device) => !PSEUDO.includes(device.deviceId))
    .sort((one, other) => (other.groupId === group) - (one.groupId === group));
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // Storage may be forbidden, or hold something else.
  }
}

export class Devices {
  tracks = {};
  #chosen = remembered();
  #last = Promise.resolve();

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
    return arrange(await navigator.mediaDevices.enumerateDevices(), kind);
  }

  // Opens what is asked for; answers {kind: ""} or why not, {kind: "busy"}. One request at a time.
  open(kinds) {
    const next = this.#last.then(() => this.#open(kinds));
    this.#last = next.catch(() => {});
    return next;
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
    try {
      await this.#request(kinds);
    } catch (error) {
      if (kinds.length === 1) {
        return { [kinds[0]]: await this.#reason(kinds[0], error) };
      }
      // One bad device fails the request for both: ask for each.
      let outcome = {};
      for (const kind of kinds) {
        outcome = { ...outcome, ...(await this.#open([kind])) };
      }
      return outcome;
    }
    for (const kind of kinds) {
      await this.#avoidVirtual(kind);
    }
    return Object.fromEntries(kinds.map((kind) => [kind, ""]));
  }

  async #request(kinds, ids = this.#chosen, plain = false) {
    const asked = { camera: "video", microphone: "audio" };
    const constraints = {};
    for (const kind of kinds) {
      const id = ids[kind] ? { deviceId: { ideal: ids[kind] } } : {};
      constraints[asked[kind]] = plain ? true : { ...MEDIA[kind], ...id };
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(constraints);
    } catch (error) {
      if (plain || !/^(Overconstrained|ConstraintNotSatisfied)Error$/.test(error.name)) {
        throw error;
      }
      return this.#request(kinds, {}, true);
    }
    for (const track of stream.getTracks()) {
      this.tracks[track.kind === "video" ? "camera" : "microphone"] = track;
    }
    return undefined;
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
    const policy = document.featurePolicy ?? document.permissionsPolicy;
    return reason(error, {
      state: await this.permission(kind),
      allowed: policy?.allowsFeature(kind),
      listed: (await this.list(kind).catch(() => [])).length > 0,
      framed: window.top !== window.self,
    });
  }

  // "granted", "denied", "prompt", or "" where the browser does not say.
  async permission(kind) {
    try {
      return (await navigator.permissions.query({ name: kind })).state;
    } catch {
      return "";
    }
  }

  // Tells when something outside the page has changed; gives back how to stop listening.
  async watch(kinds, changed) {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    navigator.mediaDevices?.addEventListener("devicechange", changed, options);
    window.addEventListener("focus", changed, options);
    for (const kind of kinds) {
      try {
        const status = await navigator.permissions.query({ name: kind });
        status.addEventListener("change", changed, options);
      } catch {
        // Without it the focus tells that the person is back.
      }
    }
    return () => stop.abort();
  }
}
