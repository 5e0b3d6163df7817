// The screen stays lit while somebody waits or talks: they touch nothing, and a phone that goes dark stops
// the camera. A browser takes it back whenever its page is hidden.

export class Awake {
  #lock = null;
  #isWanted = false;
  #isAsking = false;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#take());
  }

  async keep(isWanted) {
    this.#isWanted = isWanted;
    await (isWanted ? this.#take() : this.#release());
  }

  async #take() {
    const has = this.#isAsking || (this.#lock && !this.#lock.released);
    if (!this.#isWanted || has || document.visibilityState !== "visible") {
      return;
    }
    this.#isAsking = true;
    // Refused where the battery is low; then the screen does as it likes.
    this.#lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    this.#isAsking = false;
    this.#isWanted || (await this.#release());
  }

  async #release() {
    const lock = this.#lock;
    this.#lock = null;
    await lock?.release();
  }
}
