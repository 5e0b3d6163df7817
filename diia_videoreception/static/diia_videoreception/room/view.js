// What the person sees and hears of the room. All words stand in the page, translated by the server.

import { announcer } from "../../device_check/announcer.js";

export const fill = (text, values = {}) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const INSIDE = ["waiting", "call"];

export class View {
  root;
  phase = "before";
  #texts;
  announce;
  #title = document.title;

  constructor(root) {
    this.root = root;
    this.#texts = this.find("texts").content;
    this.announce = announcer(this.find("status"));
  }

  find(name, inside = this.root) {
    return inside.querySelector(`[data-part="${name}"]`);
  }

  all(name, inside = this.root) {
    return [...inside.querySelectorAll(`[data-part="${name}"]`)];
  }

  buttons(act) {
    return [...this.root.querySelectorAll(`[data-act="${act}"]`)];
  }

  has(name) {
    return this.#texts.querySelector(`[data-text="${name}"]`) !== null;
  }

  text(name, values) {
    return fill(this.#texts.querySelector(`[data-text="${name}"]`).textContent, values);
  }

  copy(name) {
    return this.#texts.querySelector(`[data-copy="${name}"]`).cloneNode(true);
  }

  // Writes words into every part of this name, and touches nothing that says them already.
  write(name, words) {
    for (const part of this.all(name)) {
      if (part.textContent !== words) {
        part.textContent = words;
      }
    }
  }

  toggle(name, shown) {
    this.all(name).forEach((part) => (part.hidden = !shown));
  }

  // Shows the part of the page for a phase; its heading is read, for the page is another one now.
  show(phase) {
    if (phase === this.phase) {
      return false;
    }
    this.phase = phase;
    for (const part of this.root.querySelectorAll("[data-phases]")) {
      part.hidden = part.dataset.phases !== phase;
    }
    scrollTo(0, 0);
    this.current.querySelector("h1").focus();
    return true;
  }

  // Whether the person has a seat in the room.
  get isInside() {
    return INSIDE.includes(this.phase);
  }

  get current() {
    return this.root.querySelector(`[data-phases="${this.phase}"]`);
  }

  // Marks the title of the tab with what waits elsewhere; "" takes the mark away.
  badge(words) {
    document.title = words ? `${words} — ${this.#title}` : this.#title;
  }

  size(bytes) {
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    return bytes < 1024 * 1024
      ? this.text("kilobytes", { size: number.format(Math.ceil(bytes / 1024)) })
      : this.text("megabytes", { size: number.format(bytes / 1024 / 1024) });
  }

  percent(share) {
    const language = document.documentElement.lang;
    const words = new Intl.NumberFormat(language, { style: "percent" }).format(share);
    // Ukrainian sets a space before the sign; the data of browsers does not know it.
    return words.replace(/\s*%/, language.startsWith("uk") ? "\u00a0%" : "%");
  }
}
