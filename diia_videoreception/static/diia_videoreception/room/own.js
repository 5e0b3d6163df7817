// The person's own devices on the page: buttons with their state, the picture, the meter, the lists, and
// what is wrong in one sentence with its button.

import { play, tones } from "../../device_check/sound.js";
import { KINDS, Media } from "./media.js";

const SPOKEN = { nothing: "nothing", quiet: "quiet", good: "good", loud: "loud" };
const CAN_CHOOSE_SPEAKERS = "setSinkId" in HTMLMediaElement.prototype;
const CAN_SHARE = Boolean(navigator.mediaDevices?.getDisplayMedia);

export class Own {
  media;
  isLent = false;
  #view;
  #changed;
  #words = null;
  #said = {};
  #captions = false;

  // `changed(kind)` when what goes out has changed.
  constructor(view, changed) {
    this.#view = view;
    this.#changed = changed;
    this.media = new Media({ changed: (kind) => this.#follow(kind), leveled: (level) => this.#meter(level) });
    view.root.addEventListener("change", ({ target }) => {
      target.dataset.device && this.#choose(target.dataset.device, target.value);
    });
    view.toggle("speakers", CAN_CHOOSE_SPEAKERS);
    view.buttons("screen").forEach((button) => (button.hidden = !CAN_SHARE));
    this.show();
  }

  // Opens what is on and shows it.
  async open() {
    this.isLent = false;
    this.media.wake();
    await this.media.open();
    await this.lists();
  }

  close() {
    this.media.close();
    this.show();
  }

  // Leaves the devices to the page of a conference, or takes them back.
  async lend(isLent) {
    if (isLent) {
      this.isLent = true;
      this.close();
    } else if (this.isLent) {
      await this.open();
    }
  }

  async tone() {
    const audio = this.media.wake();
    if (audio) {
      await audio.setSinkId?.(this.media.speakers).catch(() => {});
      await play(audio, tones());
    }
  }

  // Where the sound of the others comes from.
  direct(video) {
    if (CAN_CHOOSE_SPEAKERS && this.media.speakers) {
      video.setSinkId(this.media.speakers).catch(() => {});
    }
  }

  // What the person writes are captions for all, or no longer.
  caption(on) {
    this.#captions = on;
    this.#changed("captions");
  }

  // What the others are told of the devices.
  get told() {
    const { on, speaking } = this.media;
    const works = (kind) => on[kind] && this.media.track(kind)?.readyState === "live";
    return {
      microphone: Boolean(works("microphone")),
      camera: Boolean(works("camera")),
      screen: on.screen,
      hand: on.hand,
      captions: this.#captions,
      speaking,
    };
  }

  show() {
    const { picture } = this.media;
    for (const kind of [...KINDS, "screen", "hand"]) {
      const is = this.told[kind];
      for (const button of this.#view.buttons(kind)) {
        const state = button.querySelector("[data-state]");
        state.textContent = is ? state.dataset.on : state.dataset.off;
        button.classList.toggle("is-off", !is);
      }
    }
    for (const own of this.#view.all("own")) {
      const video = own.querySelector("video");
      const known = video.srcObject?.getVideoTracks()[0];
      if (known !== picture?.getVideoTracks()[0]) {
        video.srcObject = picture;
      }
      this.#view.find("dark", own).hidden = picture !== null;
    }
    KINDS.forEach((kind) => this.#trouble(kind));
  }

  async lists() {
    for (const select of this.#view.root.querySelectorAll("[data-device]")) {
      const kind = select.dataset.device;
      const devices = await this.media.list(kind);
      const chosen = kind === "speakers" ? this.media.speakers : this.media.chosen(kind);
      const options = devices.map(({ deviceId, label }, number) => {
        const name = this.#view.root.querySelector(`label[for="${select.id}"]`).textContent;
        return new Option(label || `${name} ${number + 1}`, deviceId, false, deviceId === chosen);
      });
      select.replaceChildren(...options);
    }
  }

  async #choose(kind, id) {
    await this.media.choose(kind, id);
    this.#changed(kind);
  }

  #follow(kind) {
    kind === "list" ? this.lists() : this.show();
    this.#changed(kind);
  }

  #meter({ parts, word }) {
    const words = this.#view.text(SPOKEN[word]);
    const meter = this.#view.root.querySelector("[role=meter]");
    [...meter.children].forEach((part, number) => part.classList.toggle("is-on", number < parts));
    meter.setAttribute("aria-valuenow", parts);
    if (meter.getAttribute("aria-valuetext") !== words) {
      meter.setAttribute("aria-valuetext", words);
      this.#view.write("loudness", words);
    }
  }

  async #trouble(kind) {
    const code = this.media.trouble(kind);
    if (this.#said[kind] === code) {
      return;
    }
    this.#said[kind] = code;
    const words = code && (await this.#sentence(kind, code));
    if (this.#said[kind] !== code) {
      return; // Something else has happened meanwhile.
    }
    for (const place of this.#view.all("troubles")) {
      place.querySelector(`[data-kind="${kind}"]`)?.remove();
      if (code) {
        const notice = this.#view.copy("trouble");
        notice.dataset.kind = kind;
        this.#view.find("words", notice).textContent = words;
        notice.querySelector("button").textContent = this.#view.text(`again_${kind}`);
        place.append(notice);
      }
    }
    code && this.#view.announce(words);
  }

  // Our own sentence, or that of the device check, which knows why browsers refuse.
  async #sentence(kind, code) {
    if (this.#view.has(`${code}_${kind}`)) {
      return this.#view.text(`${code}_${kind}`);
    }
    this.#words ??= fetch(this.#view.root.dataset.words).then((answer) => answer.text());
    const html = await this.#words.catch(() => "");
    const page = new DOMParser().parseFromString(html, "text/html");
    const words = page.querySelector(`[data-code="${code}"]`)?.textContent ?? "";
    return `${this.#view.text(kind)}. ${words}`;
  }
}
