// The own camera, microphone and screen: what is on, what goes out, and what has gone wrong with it.

import { Devices } from "../../device_check/devices.js";
import { listen } from "../../device_check/sound.js";

const SILENT_TICKS = 50; // Five seconds of the meter with nothing but zeros.
const SPEAKING_PARTS = 4; // Of the twelve of the meter.
const QUIET_TICKS = 8;

export const KINDS = ["camera", "microphone"];
const SENT = { camera: "video", microphone: "audio", screen: "video" };

// Whether somebody speaks, from levels ten times a second: at once, and until a pause.
export function speech() {
  let quiet = QUIET_TICKS;
  return (parts) => {
    quiet = parts >= SPEAKING_PARTS ? 0 : quiet + 1;
    return quiet < QUIET_TICKS;
  };
}

// What is wrong with a track that should be on: "" when nothing is.
export function trouble(track, { silent = false } = {}) {
  if (!track) {
    return "";
  }
  return track.readyState === "ended" ? "ended" : track.muted ? "taken" : silent ? "silent" : "";
}

export class Media {
  on = { camera: true, microphone: true, screen: false, hand: false };
  lost = {};
  speaking = false;
  #devices = new Devices({ microphone: {} });
  #screen = null;
  #changed;
  #leveled;
  #silent = false;
  #meter = new AbortController();
  #audio = null;

  // `changed(kind)` when something is on, off or wrong; `leveled(level)` for the meter.
  constructor({ changed, leveled }) {
    this.#changed = changed;
    this.#leveled = leveled;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#relook());
  }

  // The audio graph, which only wakes while a person presses something.
  wake() {
    this.#audio ??= window.AudioContext && new AudioContext();
    this.#audio?.resume();
    return this.#audio;
  }

  track(kind) {
    return kind === "screen" ? this.#screen : (this.#devices.tracks[kind] ?? null);
  }

  // What goes out as "audio" and "video".
  get sent() {
    return { audio: this.track("microphone"), video: this.#screen ?? this.track("camera") };
  }

  // The picture of oneself.
  get picture() {
    const track = this.track("camera");
    return track && new MediaStream([track]);
  }

  list(kind) {
    return this.#devices.list(kind);
  }

  chosen(kind) {
    return this.track(kind)?.getSettings?.().deviceId ?? this.#devices.chosen(kind);
  }

  // Why a device is not heard or seen though it is on: a code of the device check, "ended", "taken",
  // "silent", or "".
  trouble(kind) {
    const silent = kind === "microphone" && this.#silent;
    return this.on[kind] ? this.lost[kind] || trouble(this.track(kind), { silent }) : "";
  }

  // Opens what is on; together where possible, so that the browser asks once.
  async open(kinds = KINDS) {
    const wanted = kinds.filter((kind) => this.on[kind]);
    if (!wanted.length) {
      return;
    }
    const lost = await this.#devices.open(wanted);
    for (const kind of wanted) {
      this.lost[kind] = lost[kind];
      this.#follow(kind);
    }
    if (wanted.includes("microphone")) {
      this.#listen();
    }
    wanted.forEach((kind) => this.#changed(kind));
  }

  async toggle(kind, on = !this.on[kind]) {
    this.on[kind] = on;
    if (kind === "microphone" && this.track(kind)?.readyState === "live") {
      // Kept open: who speaks again must not lose the first word.
      this.track(kind).enabled = on;
    } else if (on) {
      await this.open([kind]);
    } else {
      // The light beside the lens goes out.
      this.#devices.close(kind);
      this.lost[kind] = "";
    }
    this.#changed(kind);
  }

  // Opens a device anew, whatever has become of it.
  async reopen(kind) {
    this.on[kind] = true;
    await this.open([kind]);
  }

  async choose(kind, id) {
    this.#devices.choose(kind, id);
    if (kind !== "speakers") {
      await this.open([kind]);
    }
  }

  get speakers() {
    return this.#devices.chosen("speakers");
  }

  // Shows the screen, or stops; answers whether it is shown. Refusing to choose one is no error.
  async share(on = !this.on.screen) {
    this.#screen?.stop();
    this.#screen = null;
    if (on) {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true }).catch(() => null);
      this.#screen = stream?.getVideoTracks()[0] ?? null;
      if (this.#screen) {
        this.#screen.contentHint = "detail";
        this.#screen.addEventListener("ended", () => this.share(false));
      }
    }
    this.on.screen = this.#screen !== null;
    this.#changed("screen");
    return this.on.screen;
  }

  // Says that the person signs: then hands that move count for more than sharp edges.
  sign(on = !this.on.hand) {
    this.on.hand = on;
    this.#hint();
    this.#changed("hand");
  }

  #hint() {
    const track = this.track("camera");
    if (track) {
      track.contentHint = this.on.hand ? "motion" : "";
    }
  }

  close() {
    this.#meter.abort();
    this.#screen?.stop();
    this.#screen = null;
    this.on.screen = false;
    this.#devices.close(...KINDS);
  }

  // --- What happens meanwhile ---

  #follow(kind) {
    const track = this.track(kind);
    this.#hint();
    if (track) {
      track.enabled = true;
      ["ended", "mute", "unmute"].forEach((name) =>
        track.addEventListener(name, () => this.#happened(kind, track)),
      );
    }
  }

  async #happened(kind, track) {
    if (track !== this.track(kind)) {
      return; // Of a device that has been let go.
    }
    if (track.readyState === "ended" && this.on[kind]) {
      // An unplugged headset: another microphone takes over.
      await this.open([kind]);
    }
    this.#changed(kind);
  }

  async #relook() {
    for (const kind of KINDS) {
      const isMissing = this.lost[kind] || this.track(kind)?.readyState === "ended";
      if (this.on[kind] && isMissing && (await this.list(kind)).length) {
        await this.open([kind]);
      }
    }
    this.#changed("list");
  }

  #listen() {
    this.#meter.abort();
    this.#meter = new AbortController();
    const track = this.track("microphone");
    const isSpeech = speech();
    let zeros = 0;
    if (!track || !this.#audio) {
      return;
    }
    const show = (level) => {
      const { enabled } = track;
      zeros = enabled && level.word === "nothing" ? zeros + 1 : 0;
      const silent = zeros >= SILENT_TICKS;
      const speaking = enabled && isSpeech(level.parts);
      const isNews = silent !== this.#silent || speaking !== this.speaking;
      [this.#silent, this.speaking] = [silent, speaking];
      this.#leveled(level);
      isNews && this.#changed(silent ? "microphone" : "speaking");
    };
    listen(this.#audio, track, show, this.#meter.signal);
  }
}

export const sentAs = (kind) => SENT[kind];
