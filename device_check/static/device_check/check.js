// Checks camera, microphone, speakers and connection, one after another. Everything is tried in
// this page; pictures and sound leave it only after the person has seen them and agreed.

import { Api, Refusal } from "./api.js";
import { Devices } from "./devices.js";
import { inApp, obstacle } from "./platform.js";
import * as steps from "./steps.js";
import { View } from "./view.js";

const ORDER = ["permission", "camera", "microphone", "speakers", "connection"];
const NEEDED = ORDER.slice(1);
const MEDIA = ["camera", "microphone"];
const CHECKED = ["ok", "advice", "problem"];
const WORDS = { good: "ok", usable: "advice", bad: "problem" };
const LACKING = ["no_device", "busy", "ended", "overconstrained"]; // Of devices, not of permission.
const OF_BROWSER = ["unsupported", "insecure_page", "in_app_browser"];

// The verdict of a run, as the server computes it.
export function overall(results) {
  const pairs = Object.entries(results).map(([step, { verdict }]) => [step, verdict]);
  if (pairs.some(([step, verdict]) => step !== "clock" && verdict === "problem")) {
    return "bad";
  }
  if (NEEDED.some((step) => !CHECKED.includes(results[step]?.verdict))) {
    return "not_checked";
  }
  return pairs.some(([, verdict]) => CHECKED.indexOf(verdict) > 0) ? "usable" : "good";
}

export class Check {
  view;
  devices = new Devices();
  api;
  turn = [];
  fps = 0;
  #begun;
  #root;
  #results = {};
  #lost = {};
  #active = null;
  #driving = false;
  #saved = false;
  #reporting = Promise.resolve();

  constructor(root) {
    this.#root = root;
    this.view = new View(root);
    this.api = new Api(root.dataset, root.querySelector("[name=csrfmiddlewaretoken]"));
    root.addEventListener("click", ({ target }) => this.#click(target.closest("[data-act]")));
    root.addEventListener("change", ({ target }) => this.#change(target));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#relist());
    addEventListener("pagehide", () => this.devices.close(...MEDIA));
    // Brought back as it was left, the page would have no devices.
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    this.view.find("plain").hidden = true;
    this.view.find("begin").hidden = this.view.find("steps").hidden = false;
    ORDER.forEach((step) => this.view.tag(step, "ahead"));
  }

  // --- What the person does ---

  #click(button) {
    const step = button?.closest("[data-step]")?.dataset.step;
    const acts = {
      begin: () => this.#begin(),
      anew: () => this.#begin(),
      skip: () => this.settle(this.#active, { verdict: "skipped" }),
      again: () => this.#again(step),
      tone: () => steps.sound(this),
      save: () => this.#save(button),
      other: () => {
        const choice = this.view.find("choice", this.view.card(step));
        choice.hidden = !choice.hidden;
        button.setAttribute("aria-expanded", !choice.hidden);
      },
    };
    acts[button?.dataset.act]?.();
  }

  #change(field) {
    const step = field.closest("[data-step]")?.dataset.step;
    if (this.#saved) {
      return;
    }
    if (field.name === "hear") {
      this.settle(step, steps.heard(field.value === "yes"));
    } else if (field.matches("select")) {
      this.devices.choose(step, field.value);
      this.devices.close(step);
      MEDIA.includes(step) && this.#again(step);
    }
  }

  #begin() {
    // Sound must be asked for while the person presses, or the browser keeps it asleep.
    this.audio ??= window.AudioContext && new AudioContext();
    this.audio?.resume();
    this.#saved = false;
    this.#results = {};
    this.view.find("begin").hidden = this.view.find("anew").hidden = true;
    this.api.run = "";
    this.#begun = this.#register();
    this.#again(...ORDER);
  }

  async #register() {
    this.turn = [];
    try {
      this.turn = await this.api.begin(this.#root.dataset.context);
    } catch {
      // The person still learns what works, and the portal may answer later.
    }
  }

  #again(...wanted) {
    if (this.#saved) {
      return;
    }
    if (wanted.includes("permission")) {
      this.devices.close(...MEDIA);
      wanted.push(...MEDIA.filter((kind) => this.#results[kind]?.lost));
    }
    wanted.forEach((step) => this.#reset(step));
    this.view.find("result").replaceChildren();
    this.#stop?.("later");
    this.#drive();
  }

  #reset(step) {
    delete this.#results[step];
    this.view.moment(step, "");
    this.view.advice(step, "", []);
    this.view.way(step);
    this.view.tag(step, "ahead");
  }

  // --- One step after another ---

  async #drive() {
    if (this.#driving) {
      return;
    }
    this.#driving = true;
    for (let step; (step = ORDER.find((one) => !this.#results[one])); ) {
      await this.#perform(step);
    }
    this.#driving = false;
    this.#conclude();
    this.view.heading(this.view.find("result")).focus();
  }

  #stop = null;

  async #perform(step) {
    const { view } = this;
    const stop = new AbortController();
    this.#active = step;
    view.moment(step, "running");
    view.tag(step, "running");
    view.way(step, "skip");
    view.follow(view.heading(view.card(step)));
    const ended = new Promise((resolve) => (this.#stop = resolve));
    const result = await Promise.race([steps[step](this, stop.signal).catch(failed), ended]);
    stop.abort();
    this.#active = this.#stop = null;
    if (result === "later" && !this.#results[step]) {
      this.#reset(step);
    }
    if (result?.verdict) {
      await view.learn([...(result.problems ?? []), result.hint || "other"]);
      this.settle(step, result);
    }
  }

  // Keeps and shows the result of a step, and tells the server.
  settle(step, { verdict, problems = [], measures = {}, stored = false, hint = "", lost = false }) {
    const { view } = this;
    const shown = hint ? [...problems, hint] : problems;
    const seen = hint && verdict === "ok" ? "advice" : verdict;
    const result = { verdict: seen, problems: shown, lost, reports: stored ? [] : [{ verdict, problems, measures }] };
    hint && result.reports.push({ verdict: "advice", problems: [hint], measures: {} });
    this.#results[step] = result;
    this.#report(step);
    const card = view.card(step);
    if (card) {
      CHECKED.includes(verdict) && !lost || view.moment(step, "");
      const titles = shown.map((code) => view.title(code));
      view.announce([`${view.name(step)}: ${view.tag(step, seen)}.`, ...titles].join(" "));
      view.advice(step, seen, shown);
      view.way(step, "again");
    }
    this.#active === step ? this.#stop("settled") : this.#conclude();
  }

  #report(step) {
    const { reports } = this.#results[step];
    this.#reporting = this.#reporting.then(async () => {
      await this.#begun;
      while (this.api.run && reports.length) {
        // What only the page knows of an unchecked step stays here.
        const [{ verdict, problems, measures }] = reports;
        const codes = verdict === "advice" || verdict === "problem" ? problems : [];
        await this.api.report(step, { verdict, problems: codes, measures });
        reports.shift();
      }
    }).catch(() => {}); // Tried again when the result is saved.
  }

  // --- What steps use ---

  isRefusal = (code) => !LACKING.includes(code);
  isOfBrowser = (code) => OF_BROWSER.includes(code);

  // How a step shows its moments, as long as nobody has skipped it.
  moments(step, signal) {
    return (name) => signal.aborted || this.view.moment(step, name);
  }

  // Opens devices, explaining and trying again until they are open or the person goes on without:
  // {kind: code} of those that are missing.
  async obtain(kinds) {
    for (;;) {
      const lost = await this.#open(kinds);
      let act = "";
      for (const code of new Set(Object.values(lost))) {
        const { explain } = await import("./trouble.js");
        act = await explain(this, code, kinds.filter((kind) => lost[kind] === code));
        if (act === "retry") {
          break;
        }
      }
      if (act !== "retry") {
        this.#lost = lost;
        return lost;
      }
    }
  }

  async #open(kinds) {
    const code = obstacle();
    const problems = code ? [code] : inApp() ? ["in_app_browser"] : [];
    this.settle("browser", { verdict: code ? "problem" : problems.length ? "advice" : "ok", problems });
    const lost = code ? Object.fromEntries(kinds.map((kind) => [kind, code])) : await this.devices.open(kinds);
    for (const kind of kinds) {
      this.devices.tracks[kind]?.addEventListener("ended", () => this.#ended(kind));
      lost[kind] || delete lost[kind];
    }
    return lost;
  }

  // Makes sure that a device is open and its list filled; answers the result of a step that cannot be.
  async need(kind) {
    let code = this.#lost[kind];
    if (!code && this.devices.tracks[kind]?.readyState !== "live") {
      code = (await this.obtain([kind]))[kind];
    }
    delete this.#lost[kind];
    if (!code) {
      await this.choices(kind);
      return null;
    }
    return this.isRefusal(code)
      ? { verdict: "skipped", lost: true }
      : { verdict: "problem", problems: [code], lost: true };
  }

  // Fills the list of devices of a step; answers how many there are.
  async choices(kind) {
    const devices = await this.devices.list(kind);
    const current = this.devices.tracks[kind]?.getSettings().deviceId ?? this.devices.chosen(kind);
    this.view.options(kind, devices, current);
    return devices.length;
  }

  // Makes sure that the portal knows of the check, if it answers.
  async known() {
    await this.#begun;
    if (!this.api.run) {
      await (this.#begun = this.#register());
    }
  }

  // Sends what the person has agreed to send, and answers the result of the step.
  async consent(act, files, moment) {
    if (act !== "send") {
      return { verdict: "not_checked" };
    }
    moment("sending");
    await this.known();
    try {
      const { verdict, problems } = await this.api.analyse(await files());
      moment("done");
      return { verdict: WORDS[verdict] ?? verdict, problems, stored: true };
    } catch {
      return { verdict: "not_checked", problems: ["analysis_failed"] };
    }
  }

  // --- What happens meanwhile ---

  async #ended(kind) {
    await this.view.learn();
    // A step that is still to come opens its device again.
    if (this.#results[kind] || this.#active === kind) {
      this.settle(kind, { verdict: "problem", problems: ["ended"], lost: true });
    }
  }

  #relist() {
    ORDER.filter((step) => this.#results[step] && this.view.card(step).querySelector("select"))
      .forEach((step) => this.choices(step));
  }

  // --- The result ---

  #conclude() {
    if (!this.#driving && ORDER.every((step) => this.#results[step])) {
      this.devices.close("microphone");
      this.#show(overall(this.#results), this.#root.dataset.context ? "save" : "alone");
    }
  }

  // Shows a verdict with what was found, and below it what can be done.
  #show(verdict, action) {
    const { view } = this;
    const found = Object.entries(this.#results)
      .filter(([, { verdict }]) => verdict !== "ok")
      // Of the others only what is wrong; what is wrong with the browser shows at the devices.
      .filter(([step, { problems }]) => NEEDED.includes(step) || (problems.length && step !== "browser"))
      .map(([step, { verdict, problems }]) => {
        const item = document.createElement("li");
        const words = problems.map((code) => view.title(code)).join(" ") || `${view.text(verdict)}.`;
        item.textContent = `${view.name(step)}. ${words}`;
        return item;
      });
    const title = view.part("data-verdict", verdict);
    const list = document.createElement("ul");
    list.append(...found);
    const parts = [title, ...(found.length ? [list] : []), ...view.part("data-after", action).children];
    const notice = view.notice(title.dataset.kind, ...parts);
    notice.setAttribute("role", "status");
    view.find("result").replaceChildren(notice);
    view.find("anew").hidden = false;
  }

  async #save(button) {
    button.disabled = true;
    await this.known();
    Object.keys(this.#results).forEach((step) => this.#report(step));
    await this.#reporting;
    try {
      const { verdict, next } = await this.api.finish(this.#root.dataset.next);
      this.#saved = true;
      this.devices.close(...MEDIA);
      ORDER.forEach((step) => this.view.way(step));
      [...MEDIA, "speakers"].forEach((step) => this.view.moment(step, ""));
      this.#show(verdict, "saved");
      this.view.heading(this.view.find("result")).focus();
      next && location.assign(next);
    } catch (error) {
      const words = (error instanceof Refusal && error.message) || this.view.text("not_saved");
      this.view.find("refusal").textContent = words;
      this.view.announce(words);
      button.disabled = false;
    }
  }
}

function failed(error) {
  console.error(error);
  return { verdict: "not_checked" };
}

for (const root of document.querySelectorAll("[data-device-check]")) {
  new Check(root);
}
