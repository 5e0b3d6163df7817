// What the person sees and hears. All words stand in the page, translated by the server.

const ANNOUNCE_MS = 2000;

export class View {
  #root;
  #waiting = [];
  #announcing = false;
  #last = "";

  constructor(root) {
    this.#root = root;
  }

  find(name, inside = this.#root) {
    return inside.querySelector(`[data-dc="${name}"]`);
  }

  card(step) {
    return this.#root.querySelector(`[data-step="${step}"]`);
  }

  // A word or phrase of the page; {name} is replaced.
  text(name, values = {}) {
    const words = this.find("texts").content.querySelector(`[data-text="${name}"]`).textContent;
    return words.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }

  // What a code means and what to do: a paragraph that begins with its title.
  meaning(code) {
    const found = this.find("texts").content.querySelector(`[data-code="${code}"]`);
    return found.cloneNode(true);
  }

  title(code) {
    return this.meaning(code).querySelector("strong").textContent;
  }

  notice(kind, ...content) {
    const notice = this.find("texts").content.querySelector(`[data-notice="${kind}"]`).cloneNode(true);
    notice.lastElementChild.append(...content);
    return notice;
  }

  tag(step, verdict) {
    const card = this.card(step);
    const { content } = this.find("texts");
    const pattern = content.querySelector(`[data-tag="${verdict}"]`);
    const tag = (pattern ?? content.querySelector('[data-tag="rest"]')).cloneNode(true);
    tag.append(card.dataset[verdict] ?? this.text(verdict));
    this.find("tag", card).replaceChildren(tag);
    return tag.textContent.trim();
  }

  // Shows the parts of a card that belong to a moment of its step. Whoever had the focus on a part
  // that goes away is taken to the one that comes, never to a button that would act.
  moment(card, name) {
    const parts = [...card.querySelectorAll("[data-when]")];
    const inside = card.contains(document.activeElement);
    parts.forEach((part) => (part.hidden = !part.dataset.when.split(" ").includes(name)));
    if (inside && this.isLost()) {
      (parts.find((part) => !part.hidden && part.hasAttribute("tabindex")) ?? this.heading(card)).focus();
    }
  }

  isLost() {
    const focused = document.activeElement;
    return !focused || focused === document.body || !focused.getClientRects().length;
  }

  heading(card) {
    return card.querySelector("[tabindex]");
  }

  // A new step begins: the person follows, unless they are busy elsewhere.
  follow(card) {
    if (this.isLost()) {
      this.heading(card).focus();
    }
  }

  advice(step, verdict, problems) {
    const kind = verdict === "problem" ? "error" : "attention";
    const notices = problems.map((code) => this.notice(kind, this.meaning(code)));
    this.find("advice", this.card(step)).replaceChildren(...notices);
  }

  // Says each change once, and not more often than a person can listen.
  announce(words) {
    if (words === (this.#waiting.at(-1) ?? this.#last)) {
      return;
    }
    this.#waiting.push(words);
    if (!this.#announcing) {
      this.#say();
    }
  }

  #say() {
    this.#announcing = this.#waiting.length > 0;
    if (this.#announcing) {
      this.#last = this.#waiting.splice(0).join(" ");
      this.find("status").textContent = this.#last;
      setTimeout(() => this.#say(), ANNOUNCE_MS);
    }
  }

  options(select, devices, chosen) {
    select.replaceChildren(
      ...devices.map(({ deviceId, label }, number) => {
        const words = label || this.text("nameless", { number: number + 1 });
        return new Option(words, deviceId, false, deviceId === chosen);
      }),
    );
  }

  number(value, unit, digits = 0) {
    const style = unit ? { style: "unit", unit } : {};
    const language = document.documentElement.lang || undefined;
    return new Intl.NumberFormat(language, { ...style, maximumFractionDigits: digits }).format(value);
  }
}
