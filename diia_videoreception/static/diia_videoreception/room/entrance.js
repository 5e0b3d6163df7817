// The way into the room and out of it. There is one coming-in at a time; it is tried again by itself while
// the person is inside; whoever has left is not led back by what was under way.

import { Refusal } from "./signalling.js";

const [AGAIN_MS, MANY_FAILURES] = [2000, 3];

export class Entrance {
  #view;
  #own;
  #line;
  #call;
  #notices;
  #entered;
  #failed;
  #present;
  #joined = "";
  #wish = 0;
  #coming = null;
  #timer = 0;
  #isSwitching = false;

  // `entered(answer)` shows where the person is then; `failed(error)` hears of each refusal;
  // `conference` is that of the reception when the page was made.
  constructor({ view, own, line, call, notices, conference, entered, failed }) {
    [this.#view, this.#own, this.#line, this.#call] = [view, own, line, call];
    [this.#notices, this.#entered, this.#failed] = [notices, entered, failed];
    this.#present = conference;
  }

  // Comes in; whoever is coming in already is waited for.
  enter() {
    this.#own.media.wake(); // As long as a press counts.
    clearTimeout(this.#timer);
    const wish = this.#wish;
    if (this.#coming?.wish !== wish) {
      this.#after(wish, () => wish === this.#wish && this.#come(wish));
    }
    return this.#coming.done;
  }

  // A press: what was refused before is said again.
  press() {
    this.#notices.clear();
    return this.enter();
  }

  // The connection is beyond mending: the room is asked for anew. What goes on failing is told.
  again(failures = 0) {
    failures >= MANY_FAILURES && this.#notices.down(this.#view.text("down"));
    return this.enter();
  }

  // The person is outside: what is under way and what was to be tried again leads nowhere.
  stop() {
    this.#wish += 1;
    clearTimeout(this.#timer);
  }

  // Gives up the seat, once the server has answered what was asked before.
  leave() {
    this.stop();
    this.#after(NaN, () => this.#line.leave());
    return this.#coming.done;
  }

  // Hears in which conference the reception is held; who is inside comes into that one: answers whether.
  follow(conference) {
    this.#present = conference;
    if (!this.#view.isInside || conference === this.#joined) {
      return false;
    }
    // Who has switched it knows; who waits has nothing to be connected to.
    const words = this.#view.phase === "waiting" ? "switched_waiting" : "switched";
    this.#isSwitching || this.#view.announce(this.#view.text(words));
    this.enter();
    return true;
  }

  // The agency's other conference takes over; the pages of the others follow when they hear of it.
  async switchOver(button) {
    button.disabled = this.#isSwitching = true;
    this.#notices.clear();
    try {
      const { conference } = await this.#line.post("switch/", { from: this.#present });
      this.#present = conference;
      if (!this.#view.isInside || conference !== this.#joined) {
        await this.enter();
      }
    } catch (error) {
      this.#notices.down(error.message);
    }
    button.disabled = this.#isSwitching = false;
  }

  // One thing after another.
  #after(wish, act) {
    const coming = { wish };
    coming.done = Promise.resolve(this.#coming?.done).then(act).finally(() => {
      this.#coming = this.#coming === coming ? null : this.#coming;
    });
    this.#coming = coming;
  }

  async #come(wish) {
    const isOver = () => wish !== this.#wish;
    this.#line.stop();
    this.#call.close();
    try {
      this.#view.isInside || (await this.#own.open());
      const entered = isOver() ? null : await this.#line.enter();
      if (!isOver()) {
        this.#present = this.#joined = entered.conference;
        await this.#call.enter(entered);
      }
      if (!isOver()) {
        this.#notices.refuse("");
        this.#entered(entered);
        this.#view.isInside && this.#line.start();
      }
    } catch (error) {
      isOver() || this.#tell(error, isOver);
    }
    if (isOver()) {
      this.#call.close();
      this.#own.close();
    }
  }

  #tell(error, isOver) {
    this.#failed(error);
    if (isOver()) {
      return; // What has happened says it by itself.
    }
    const { isInside } = this.#view;
    const words = error instanceof Refusal ? error.message : this.#view.text("no_entry");
    if (error.code === "conference_down") {
      this.#notices.down(isInside ? this.#view.text("down") : words);
    } else if (error.status !== 401) {
      this.#notices.refuse(isInside && !error.status ? this.#view.text("offline") : words);
    }
    if (isInside) {
      // Who was inside comes back as soon as it is possible.
      this.#timer = setTimeout(() => this.enter(), Math.max(AGAIN_MS, error.wait ?? 0));
    } else if (this.#view.phase !== "before") {
      this.#own.close();
    }
  }
}
