// What the person sees and hears. All words stand in the page, translated by the server.

import { announcer } from "./announcer.js";
import { wait } from "./pressing.js";

const LONGEST_FETCH_MS = 5000;

export class View {
  #root;
  announce;

  constructor(root) {
    this.#root = root;
    this.announce = announcer(this.find("status"));
    const ways = this.part("data-text", "ways");
    for (const card of root.querySelectorAll("[data-step]")) {
      card.append(...ways.cloneNode(true).childNodes);
      for (const button of card.querySelectorAll(".dc-ways button")) {
        button.ariaLabel = `${button.textContent}: ${this.name(card.dataset.step)}`;
      }
    }
  }

  find(name, inside = this.#root) {
    return inside.querySelector(`[data-dc="${name}"]`);
  }

  card(step) {
    return this.#root.querySelector(`[data-step="${step}"]`);
  }

  heading(inside) {
    return inside.querySelector("[tabindex]");
  }

  // What a step is called: its heading without the number.
  name(step) {
    const card = this.card(step);
    return card ? this.heading(card).textContent.replace(/^\d+\. /, "") : this.text(step);
  }

  // A copy of a prepared part of the page.
  part(attribute, name) {
    const { content } = this.find("texts");
    return content.querySelector(`[${attribute}="${name}"]`)?.cloneNode(true);
  }

  text(name) {
    return this.part("data-text", name).textContent;
  }

  // Fetches the words that most people never need, when one of `codes` needs them.
  async learn(codes = [""]) {
    const { content } = this.find("texts");
    if (!this.part("data-trouble", "busy") && codes.some((code) => !this.part("data-code", code))) {
      const page = fetch(this.#root.dataset.words).then((answer) => (answer.ok ? answer.text() : ""));
      const words = (await Promise.race([page, wait(LONGEST_FETCH_MS)]).catch(() => "")) ?? "";
      content.append(...new DOMParser().parseFromString(words, "text/html").body.childNodes);
    }
  }

  // What a code means and what to do; its title alone.
  meaning(code) {
    return this.part("data-code", code) ?? this.part("data-code", "other");
  }

  title(code) {
    return this.meaning(code).firstElementChild.textContent;
  }

  notice(kind, ...content) {
    const notice = this.part("data-notice", kind);
    notice.lastElementChild.append(...content);
    return notice;
  }

  tag(step, verdict) {
    const card = this.card(step);
    const tag = this.part("data-tag", verdict) ?? this.part("data-tag", "rest");
    tag.append(card.dataset[verdict] ?? this.text(verdict));
    this.find("tag", card).replaceChildren(tag);
    return tag.textContent;
  }

  advice(step, verdict, problems) {
    const kind = verdict === "problem" ? "problem" : "advice";
    const notices = problems.map((code) => this.notice(kind, this.meaning(code)));
    this.find("advice", this.card(step)).replaceChildren(...notices);
  }

  // Which ways out a card offers now: "skip", "again" or none.
  way(step, name = "") {
    for (const way of ["skip", "again"]) {
      this.find(way, this.card(step)).hidden = way !== name;
    }
  }

  // Shows the parts of a card that belong to a moment of its step. Whoever had the focus on a part
  // that goes away is taken to the one that comes, never to a button that would act.
  moment(step, name) {
    const card = this.card(step);
    const parts = [...card.querySelectorAll("[data-when]")];
    const inside = card.contains(document.activeElement);
    parts.forEach((part) => (part.hidden = !part.dataset.when.split(" ").includes(name)));
    // Not to send is the way on: one button for it is enough.
    const refusable = parts.some((part) => !part.hidden && part.querySelector("[data-act=refuse]"));
    card.querySelector("[data-act=skip]").hidden = refusable;
    if (inside) {
      const next = parts.find((part) => !part.hidden && part.matches("[tabindex]"));
      this.follow(next ?? this.heading(card));
    }
    if (name && name !== "done") {
      card.scrollIntoView({ block: "nearest" });
    }
  }

  // Takes the focus along, unless the person is busy elsewhere.
  follow(element) {
    const focused = document.activeElement;
    if (focused === document.body || !focused?.getClientRects().length) {
      element.focus();
    }
  }

  options(step, devices, chosen) {
    const options = devices.map(({ deviceId, label }, number) => {
      const words = label || `${this.name(step)} ${number + 1}`;
      return new Option(words, deviceId, false, deviceId === chosen);
    });
    this.card(step).querySelector("select").replaceChildren(...options);
  }

  number(value, digits = 0) {
    const options = { maximumFractionDigits: digits };
    return new Intl.NumberFormat(document.documentElement.lang, options).format(value);
  }
}
