// What a live region says.

import { wait } from "./pressing.js";

const PAUSE_MS = 2000;

export class Announcer {
  #region;
  #waiting = [];
  #said = "";
  #speaking = null;

  constructor(region) {
    this.#region = region;
  }

  // Says each change once, and not more often than a person can listen.
  say(words) {
    if (words !== (this.#waiting.at(-1) ?? this.#said)) {
      this.#waiting.push(words);
      this.#speaking ??= this.#speak();
    }
  }

  async #speak() {
    while (this.#waiting.length) {
      this.#said = this.#waiting.splice(0).join(" ");
      this.#region.textContent = this.#said;
      await wait(PAUSE_MS);
    }
    this.#speaking = null;
  }
}
