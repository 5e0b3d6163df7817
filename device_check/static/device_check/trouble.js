// The page that explains why a camera or a microphone did not open, and what to do.

import { obstacle, platform } from "./platform.js";
import { pressed } from "./pressing.js";

export class Trouble {
  #view;
  #devices;

  constructor(view, devices) {
    this.#view = view;
    this.#devices = devices;
  }

  // Shows the page for a code and the kinds concerned, until the person, or the browser on its own
  // having changed its mind, decides: "retry" or "without".
  async show(code, kinds) {
    const view = this.#view;
    const [page, main] = [view.find("trouble"), view.find("main")];
    this.#fill(page, code, kinds);
    main.hidden = true;
    page.hidden = false;
    page.querySelector("[tabindex]").focus();
    const stop = new AbortController();
    const changed = new Promise((resolve) => this.#watch(code, kinds, resolve, stop.signal));
    const act = await Promise.race([pressed(page, ["retry", "without"], stop.signal), changed]);
    stop.abort();
    page.hidden = true;
    main.hidden = false;
    return act;
  }

  #fill(page, code, kinds) {
    const view = this.#view;
    const key = kinds.length > 1 ? "both" : kinds[0];
    const device = view.text(key);
    const pattern = view.find("troubles").content.querySelector(`[data-code="${code}"]`);
    const content = pattern.cloneNode(true);
    const [title, lead, ...lists] = content.children;
    const { advice, system, family } = platform();
    const list =
      lists.find((one) => one.dataset.for?.split(" ").some((name) => name === advice || name === system)) ??
      lists.at(-1);
    view.find("title", page).textContent = title.textContent.replace("{device}", device);
    view.find("lead", page).replaceChildren(lead);
    view.find("todo", page).replaceChildren(list);
    view.find("without", page).textContent = view.text(`without_${key}`);
    const now = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
      dateStyle: "short",
      timeStyle: "short",
    }).format();
    const facts = [code, kinds.join(", "), `${family}, ${system}`, now];
    view.find("details", page).textContent = facts.join(" · ");
  }

  // The person has allowed the device, or plugged it in: go on by itself.
  async #watch(code, kinds, resolve, signal) {
    if (obstacle()) {
      return;
    }
    const before = await this.#state(kinds);
    const stop = await this.#devices.watch(kinds, async () => {
      const now = await this.#state(kinds);
      const better = code === "no_device" ? now.listed > before.listed : now.granted > before.granted;
      if (better && !signal.aborted) {
        resolve("retry");
      }
    });
    signal.addEventListener("abort", stop);
  }

  async #state(kinds) {
    const state = { granted: 0, listed: 0 };
    for (const kind of kinds) {
      state.granted += (await this.#devices.permission(kind)) === "granted";
      state.listed += (await this.#devices.list(kind)).length;
    }
    return state;
  }
}
