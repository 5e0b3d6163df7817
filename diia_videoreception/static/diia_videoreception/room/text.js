// What is written in the room. Each letter goes over the channel at once; a finished line goes to the
// server, which gives it to everybody, and is read out by assistive software as a whole.

import { clockOf } from "./clock.js";

const [BATCH_MS, LONGEST, CAPTION] = [1000, 4000, 160];
const LARGER = "vr-rtt--large";

export class Text {
  #view;
  #zone;
  #say;
  #batch;
  #post;
  #own;
  #names = new Map();
  #shown = new Set();
  #lines = new Map();
  #unsent = "";
  #timer = 0;
  #sending = null;
  #captioned = "";

  // `say(words)` goes over the channels and answers whether everybody has one; `batch(text)` reaches the
  // others by the server; `post(line)` keeps a finished line; `changed(captions)` when what one writes
  // are captions for all, or no longer.
  constructor(view, { say, batch, post, changed }) {
    this.#view = view;
    this.#zone = view.root.dataset.zone;
    this.#say = say;
    this.#batch = batch;
    this.#post = post;
    this.#own = view.find("write").querySelector("textarea");
    view.find("write").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#finish();
    });
    this.#own.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#finish();
      }
    });
    this.#own.addEventListener("input", () => this.#typed());
    view.find("whole-lines").addEventListener("change", () => {
      this.#tell("");
      this.explain(true);
    });
    view.find("as-captions")?.addEventListener("change", ({ target }) => changed(target.checked));
    this.explain(true);
  }

  get #isWhole() {
    return this.#view.find("whole-lines").checked;
  }

  // Says which way the letters go.
  explain(isDirect) {
    this.#view.write("text-hint", this.#view.text(this.#isWhole ? "whole" : isDirect ? "letters" : "batches"));
  }

  name(id, name) {
    this.#names.set(id, name);
  }

  focus() {
    this.#own.focus();
  }

  larger(button) {
    const isLarge = document.getElementById("text").classList.toggle(LARGER);
    button.setAttribute("aria-pressed", isLarge);
  }

  // Finished lines, each once, in the order of the server.
  add(messages, me) {
    const log = this.#view.find("log");
    for (const { sequence, from, text, at, name } of messages) {
      if (!this.#shown.has(sequence)) {
        this.#shown.add(sequence);
        const isOwn = from === me;
        const line = this.#line(isOwn ? this.#view.text("you") : (name ?? this.#names.get(from) ?? ""), text, at);
        line.classList.toggle("is-own", isOwn);
        log.append(line);
        log.scrollTop = log.scrollHeight;
        this.live(from, "");
        this.#caption(from, text);
      }
    }
  }

  // What somebody is writing at this moment; for the eyes, for nobody wants each letter read out.
  live(from, text) {
    const known = this.#lines.get(from);
    if (typeof text !== "string" || !text) {
      known?.remove();
      this.#lines.delete(from);
      return;
    }
    const line = known ?? this.#view.copy("line");
    if (!known) {
      line.classList.add("is-live");
      line.dataset.from = from;
      this.#view.find("who", line).textContent = this.#view.text("live", { name: this.#names.get(from) ?? "" });
      this.#view.find("live").append(line);
      this.#lines.set(from, line);
    }
    this.#view.find("words", line).textContent = text.slice(0, LONGEST);
    this.#caption(from, text);
  }

  // Whether somebody writes captions: what they write also stands below the pictures, its end at least.
  captions(from, on) {
    if (on || this.#captioned === from) {
      this.#captioned = on ? from : "";
      this.#view.toggle("captions", on);
      on || this.#view.write("captions-text", "");
    }
  }

  #caption(from, text) {
    if (from === this.#captioned) {
      const words = text.slice(-CAPTION);
      const start = text.length > CAPTION ? words.indexOf(" ") + 1 : 0;
      this.#view.write("captions-text", words.slice(start));
    }
  }

  forget(from) {
    this.live(from, "");
    this.captions(from, false);
  }

  #line(name, text, at) {
    const line = this.#view.copy("line");
    const time = clockOf(at, this.#zone);
    this.#view.find("who", line).textContent = this.#view.text("who", { name, time });
    this.#view.find("words", line).textContent = text;
    return line;
  }

  #typed() {
    this.#view.write("text-error", "");
    this.#isWhole || this.#tell(this.#own.value);
  }

  #tell(text) {
    const isDirect = this.#say({ t: "live", text });
    this.explain(isDirect);
    if (!isDirect) {
      this.#unsent = text;
      this.#timer ||= setTimeout(() => {
        this.#timer = 0;
        this.#batch(this.#unsent);
      }, BATCH_MS);
    }
  }

  async #finish() {
    const text = this.#own.value.trim();
    if (!text || this.#sending) {
      return;
    }
    const key = crypto.randomUUID();
    this.#sending = this.#post({ text, key });
    try {
      await this.#sending;
      // Who went on writing meanwhile keeps what came later.
      this.#own.value = this.#own.value.trim() === text ? "" : this.#own.value.replace(text, "").trimStart();
      this.#say({ t: "said" });
      this.#isWhole || this.#tell(this.#own.value);
    } catch (error) {
      this.#view.write("text-error", error.message && error.status ? error.message : this.#view.text("not_sent"));
    }
    this.#sending = null;
  }
}
