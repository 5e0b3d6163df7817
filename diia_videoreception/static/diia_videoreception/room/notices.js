// What the person is told of a failure, where they are: a refusal, and that the conference does not answer.

export class Notices {
  #view;

  constructor(view) {
    this.#view = view;
  }

  // Stands in the part of the page that is shown now; what was said elsewhere is over.
  place() {
    this.clear();
    this.#view.find("notices-place", this.#view.current)?.append(this.#view.find("notices"));
  }

  // Who tries again by themselves is told the same words once; a press clears them first.
  refuse(words) {
    this.#view.write("refusal", words);
  }

  // The conference does not answer.
  down(words) {
    this.#view.write("down-text", words);
    if (this.#view.find("down").hidden) {
      this.#view.toggle("down", true);
      this.#view.announce(words);
    }
  }

  // It answers again.
  well() {
    this.#view.toggle("down", false);
  }

  clear() {
    this.refuse("");
    this.well();
  }
}
