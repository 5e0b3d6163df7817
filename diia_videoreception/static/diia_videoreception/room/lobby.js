// What the official does for those who wait: hears that somebody comes, lets in, writes a note, ends.

import { play, tones } from "../../device_check/sound.js";

const ASK_MS = 15_000; // How long a knock that was answered is not shown again.

export class Lobby {
  #view;
  #line;
  #own;
  #waiting = new Set();
  #answered = new Map();

  constructor(view, line, own) {
    [this.#view, this.#line, this.#own] = [view, line, own];
    view.find("note-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = event.target.querySelector("input").value;
      line.post("note/", { text }).catch((error) => view.announce(error.message));
    });
    addEventListener("focus", () => view.badge(""));
  }

  // Shows who waits, each by name with the buttons; tells once of each who comes.
  show(participants) {
    const place = this.#view.find("knocking");
    if (!place) {
      return;
    }
    const isAnswered = (id) => performance.now() - (this.#answered.get(id) ?? -ASK_MS) < ASK_MS;
    const waiting = participants.filter(
      ({ id, state, is_here: isHere }) => state === "waiting" && isHere && !isAnswered(id),
    );
    const ids = new Set(waiting.map(({ id }) => id));
    for (const row of [...place.children]) {
      ids.has(row.dataset.participant) || row.remove();
    }
    waiting.filter(({ id }) => !this.#waiting.has(id)).forEach((one) => this.#knock(place, one));
    this.#waiting = ids;
    ids.size || this.#view.badge("");
  }

  #knock(place, { id, name: given, role, role_label: label }) {
    const name = role === "guest" ? `${given}, ${label}` : given;
    const row = this.#view.copy("knock");
    row.dataset.participant = id;
    const words = this.#view.text("waits", { name });
    this.#view.find("name", row).textContent = words;
    this.#view.all("whom", row).forEach((part) => (part.textContent = `: ${name}`));
    place.append(row);
    this.#view.announce(words);
    const audio = this.#own.media.wake();
    audio && play(audio, tones());
    document.hasFocus() || this.#view.badge(this.#view.text("knock_title", { count: place.children.length }));
  }

  async answer(act, button) {
    const row = button.closest("[data-participant]");
    const { participant } = row.dataset;
    button.disabled = true;
    try {
      await this.#line.post(`${act}/`, { participant });
      this.#answered.set(participant, performance.now());
      row.remove();
      this.#line.hurry();
    } catch (error) {
      button.disabled = false;
      this.#view.announce(error.message);
    }
  }

  end() {
    return this.#line.post("end/");
  }
}
