// Checks camera, microphone, speakers and connection, one after another. Everything is tried in
// this page; pictures and sound leave it only after the person has seen them and agreed.

import { Api, Refusal } from "./api.js";
import { Devices } from "./devices.js";
import { OF_BROWSER, OF_PERMISSION } from "./errors.js";
import { obstacle, platform } from "./platform.js";
import { wav } from "./sound.js";
import * as steps from "./steps.js";
import { Trouble } from "./trouble.js";
import { View } from "./view.js";

const ORDER = ["permission", "camera", "microphone", "speakers", "connection"];
const NEEDED = ORDER.slice(1);
const CHECKED = ["ok", "advice", "problem"];
const WORDS = { good: "ok", usable: "advice", bad: "problem" };

// The verdict of a run, as the server computes it.
export function overall(results) {
  const of = (step) => results[step]?.verdict;
  if (Object.keys(results).some((step) => step !== "clock" && of(step) === "problem")) {
    return "bad";
  }
  if (NEEDED.some((step) => !CHECKED.includes(of(step)))) {
    return "not_checked";
  }
  return Object.keys(results).every((step) => of(step) === "ok") ? "good" : "usable";
}

export class Check {
  results = {};
  turn = [];
  fps = 0;
  begun = Promise.resolve();
  #root;
  #trouble;
  #active = null;
  #driving = false;
  #finished = false;
  #telling = Promise.resolve();

  constructor(root) {
    this.#root = root;
    this.view = new View(root);
    this.devices = new Devices();
    this.api = new Api(root.dataset, root.querySelector("[name=csrfmiddlewaretoken]")?.value);
    this.#trouble = new Trouble(this.view, this.devices);
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("change", (event) => this.#change(event));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#relist());
    addEventListener("pagehide", () => this.devices.close("camera", "microphone"));
    for (const name of ["plain", "begin", "steps"]) {
      this.view.find(name).hidden = name === "plain";
    }
  }

  // --- The run ---

  #click({ target }) {
    const button = target.closest("[data-act]");
    const step = button?.closest("[data-step]")?.dataset.step;
    switch (button?.dataset.act) {
      case "begin":
      case "anew":
        this.#begin();
        break;
      case "skip":
        this.#active?.stop.abort("skip");
        break;
      case "again":
        this.again(step);
        break;
      case "other":
        this.#toggle(button);
        break;
      case "tone":
        // Answering later than the step lasted is no reason not to hear it again.
        if (this.#active?.step !== "speakers") {
          steps.sound(this);
        }
        break;
      case "save":
        this.#save(button);
        break;
    }
  }

  #toggle(button) {
    const choice = this.view.find("choice", button.closest("[data-step]"));
    choice.hidden = !choice.hidden;
    button.ariaExpanded = !choice.hidden;
  }

  #change({ target }) {
    const step = target.closest("[data-step]")?.dataset.step;
    if (target.matches("select")) {
      this.devices.choose(step, target.value);
      if (step !== "speakers") {
        this.devices.close(step);
        this.again(step);
      }
    } else if (target.name === "hear" && this.results.speakers) {
      const { speakers } = this.results.speakers.measures;
      this.settle(step, steps.heard(this.view.card(step), speakers));
      this.#conclude();
    }
  }

  #begin() {
    // Sound must be asked for while the person presses, or the browser keeps it asleep.
    this.audio ??= window.AudioContext && new AudioContext();
    this.audio?.resume();
    this.results = {};
    this.#finished = false;
    this.view.find("begin").hidden = true;
    this.view.find("result").replaceChildren();
    for (const step of ORDER) {
      this.#reset(step);
    }
    this.begun = this.#register();
    if (this.#driving) {
      this.#active?.stop.abort("later");
    } else {
      this.#drive();
    }
  }

  async #register() {
    this.api.run = "";
    this.turn = [];
    try {
      this.turn = await this.api.begin(this.#root.dataset.context);
    } catch (error) {
      // The person still learns what works; only nobody else does.
      this.unsaved = error instanceof Refusal ? error.message : "";
    }
  }

  #reset(step) {
    delete this.results[step];
    const card = this.view.card(step);
    this.view.moment(card, "");
    this.view.find("advice", card)?.replaceChildren();
    this.view.find("again", card).hidden = true;
    this.view.find("skip", card).hidden = true;
    this.view.tag(step, "ahead");
  }

  again(step) {
    if (this.#finished) {
      return;
    }
    this.#reset(step);
    if (step === "permission") {
      this.devices.close("camera", "microphone");
      NEEDED.filter((other) => this.results[other]?.lost).forEach((other) => this.#reset(other));
    }
    this.view.find("result").replaceChildren();
    if (this.#driving) {
      this.#active?.stop.abort("later");
    } else {
      this.#drive();
    }
  }

  async #drive() {
    this.#driving = true;
    for (let step; (step = ORDER.find((one) => !this.results[one])); ) {
      await this.#perform(step);
    }
    this.#driving = false;
    this.#conclude(true);
  }

  async #perform(step) {
    const { view } = this;
    const card = view.card(step);
    const stop = new AbortController();
    this.#active = { step, stop };
    view.moment(card, "running");
    view.tag(step, "running");
    view.find("skip", card).hidden = false;
    view.follow(card);
    const ended = new Promise((resolve) => {
      stop.signal.addEventListener("abort", () => resolve(stop.signal.reason));
    });
    const failed = (error) => {
      console.error(error);
      return { verdict: "not_checked" };
    };
    const result = await Promise.race([steps[step](this, stop.signal).catch(failed), ended]);
    stop.abort("done");
    this.#active = null;
    if (result === "skip") {
      view.moment(card, "");
      this.settle(step, { verdict: "skipped" });
    } else if (typeof result === "object") {
      this.settle(step, result);
    } else {
      view.find("skip", card).hidden = true;
    }
  }

  // --- What steps use ---

  isOfPermission = (code) => OF_PERMISSION.includes(code);
  isRefusal = (code) => OF_PERMISSION.includes(code) || OF_BROWSER.includes(code);

  // Opens devices, explaining and trying again until they are open or the person goes on without:
  // {kind: code} of those that are missing.
  async obtain(kinds) {
    for (;;) {
      const lost = await this.#open(kinds);
      const groups = Map.groupBy?.(Object.keys(lost), (kind) => lost[kind]) ?? grouped(lost);
      let act = "without";
      for (const [code, which] of groups) {
        act = await this.#trouble.show(code, which);
        if (act === "retry") {
          break;
        }
      }
      if (act === "without") {
        this.lost = { ...this.lost, ...lost };
        return lost;
      }
    }
  }

  async #open(kinds) {
    const code = obstacle();
    const asks = kinds.length > 1;
    if (asks) {
      const inApp = platform().inApp;
      const verdict = code ? "problem" : inApp ? "advice" : "ok";
      this.settle("browser", { verdict, problems: code ? [code] : inApp ? ["in_app_browser"] : [] });
    }
    this.lost = {};
    const outcome = code
      ? Object.fromEntries(kinds.map((kind) => [kind, code]))
      : await this.devices.open(kinds);
    for (const kind of kinds) {
      this.devices.tracks[kind]?.addEventListener("ended", () => this.#ended(kind));
    }
    return Object.fromEntries(Object.entries(outcome).filter(([, why]) => why));
  }

  // Makes sure that a device is open; answers the result of its step if it cannot be.
  async need(kind) {
    let code = this.lost[kind];
    if (!code && this.devices.tracks[kind]?.readyState !== "live") {
      code = (await this.obtain([kind]))[kind];
    }
    delete this.lost[kind];
    if (!code) {
      return null;
    }
    this.view.moment(this.view.card(kind), "");
    return this.isRefusal(code)
      ? { verdict: "skipped", lost: true }
      : { verdict: "problem", problems: [code], lost: true };
  }

  // Fills the list of devices of a step.
  async choices(kind) {
    const devices = await this.devices.list(kind).catch(() => []);
    const card = this.view.card(kind);
    const current = this.devices.tracks[kind]?.getSettings().deviceId ?? this.devices.chosen(kind);
    this.view.options(card.querySelector("select"), devices, current);
  }

  async analyse(step, { images, samples }) {
    await this.begun;
    try {
      const answer = await this.api.analyse({ images, audio: samples && wav(samples) });
      const verdict = answer.status === "analysed" ? WORDS[answer.verdict] : "not_checked";
      return { verdict, problems: answer.problems, told: true };
    } catch {
      return { verdict: "not_checked", problems: ["analysis_failed"] };
    }
  }

  // Keeps and shows the result of a step, and tells the server.
  settle(step, { verdict, problems = [], measures = {}, told = false, hint = "", lost = false }) {
    const shown = hint ? [...problems, hint] : problems;
    const seen = hint && verdict === "ok" ? "advice" : verdict;
    this.results[step] = { verdict: seen, problems: shown, measures, lost, told };
    const card = this.view.card(step);
    if (card) {
      const word = this.view.tag(step, seen);
      this.view.advice(step, seen, shown);
      this.view.find("skip", card).hidden = true;
      this.view.find("again", card).hidden = false;
      const titles = shown.map((code) => this.view.title(code));
      this.view.announce([`${card.querySelector("h2, h3").textContent}: ${word}.`, ...titles].join(" "));
    } else if (verdict !== "ok" && step === "clock") {
      this.results.clock = { ...this.results.clock };
    }
    const own = ["skipped", "not_checked"].includes(verdict) ? [] : problems;
    if (!told) {
      this.#tell(step, { verdict, problems: own, measures });
    }
    if (hint) {
      this.#tell(step, { verdict: "advice", problems: [hint], measures: {} });
    }
  }

  #tell(step, result) {
    const kept = this.results[step];
    this.#telling = this.#telling
      .then(() => this.begun)
      .then(() => this.api.run && this.api.tell(step, result))
      .then(() => (kept.told = true))
      .catch(() => {}); // Tried again when the result is saved.
  }

  // --- What happens meanwhile ---

  #ended(kind) {
    if (!this.results[kind] && this.#active?.step !== kind) {
      return; // Its step is still to come and will open it again.
    }
    this.settle(kind, { verdict: "problem", problems: ["ended"] });
    this.view.moment(this.view.card(kind), "");
    this.#active?.step === kind ? this.#active.stop.abort("settled") : this.#conclude();
  }

  #relist() {
    for (const kind of ["camera", "microphone", "speakers"]) {
      this.results[kind] && this.choices(kind);
    }
  }

  // --- The result ---

  #conclude(moves = false) {
    if (this.#driving || !ORDER.every((step) => this.results[step])) {
      return;
    }
    this.devices.close("microphone");
    const verdict = overall(this.results);
    this.#show(verdict, verdict, this.api.run ? "save" : "unsaved");
    if (moves) {
      this.view.find("result").querySelector("h2, h3").focus();
    }
  }

  // Shows a verdict with what was found, and below it what can be done.
  #show(verdict, words, action) {
    const { view } = this;
    const pattern = view.find("results").content.querySelector(`[data-verdict="${words}"]`);
    const notice = pattern.cloneNode(true);
    const list = view.find("found", notice);
    list.replaceChildren(...this.#found());
    list.hidden = !list.children.length;
    const after = view.find("results").content.querySelector(`[data-after="${action}"]`).cloneNode(true);
    notice.querySelector(".vr-stack").append(...after.childNodes);
    view.find("result").replaceChildren(notice);
    view.find("anew").hidden = false;
  }

  #found() {
    const { view, results } = this;
    return Object.entries(results)
      .filter(([step, { verdict }]) => verdict !== "ok" && (view.card(step) || step === "clock"))
      .map(([step, { verdict, problems }]) => {
        const item = document.createElement("li");
        const name = view.card(step)?.dataset.name ?? view.text(step);
        const words = problems.map((code) => view.title(code)).join(" ") || `${view.text(verdict)}.`;
        item.textContent = `${name}: ${words}`;
        return item;
      });
  }

  async #save(button) {
    button.disabled = true;
    for (const [step, { verdict, problems, measures, told }] of Object.entries(this.results)) {
      if (!told) {
        const own = ["skipped", "not_checked"].includes(verdict) ? [] : problems;
        this.#tell(step, { verdict, problems: own, measures });
      }
    }
    await this.#telling;
    try {
      const { verdict, next } = await this.api.finish();
      this.#finished = true;
      this.devices.close("camera", "microphone");
      if (next) {
        location.assign(next);
        return;
      }
      this.#root.querySelectorAll('[data-act="again"]').forEach((one) => (one.hidden = true));
      this.#show(verdict, verdict, "saved");
    } catch (error) {
      const words = (error instanceof Refusal && error.message) || this.view.text("not_saved");
      this.view.find("refusal").textContent = words;
      this.view.announce(words);
      button.disabled = false;
    }
  }
}

function grouped(lost) {
  const groups = new Map();
  for (const [kind, code] of Object.entries(lost)) {
    groups.set(code, [...(groups.get(code) ?? []), kind]);
  }
  return groups;
}

for (const root of document.querySelectorAll("[data-device-check]")) {
  new Check(root);
}
