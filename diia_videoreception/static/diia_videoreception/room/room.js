// The page of a room: before, waiting, in the call, after. The server says which; the page never asks
// the person to do what it can do itself.

import { obstacle } from "../../device_check/platform.js";
import { Awake } from "./awake.js";
import { Call } from "./call.js";
import { Clock, clockOf, inMinutes, warner } from "./clock.js";
import { Documents } from "./documents.js";
import { Entrance } from "./entrance.js";
import { Lobby } from "./lobby.js";
import { Notices } from "./notices.js";
import { Own } from "./own.js";
import { People } from "./people.js";
import { Signalling } from "./signalling.js";
import { Stage } from "./stage.js";
import { Text } from "./text.js";
import { View } from "./view.js";

const [TICK_MS, TELL_FAILURES, SHORTCUTS] = [1000, 3, "room-shortcuts"];
const KEYS = { KeyM: "microphone", KeyV: "camera", KeyT: "text" };

class Room {
  #root;
  #view;
  #clock;
  #own;
  #stage;
  #text;
  #documents;
  #call;
  #awake = new Awake();
  #lobby;
  #people;
  #line;
  #times;
  #warn = warner();
  #notices;
  #entrance;
  #isOffline = false;

  constructor(root) {
    this.#root = root;
    this.#view = new View(root);
    const { now, opens, starts, ends, url } = root.dataset;
    this.#clock = new Clock(now);
    this.#times = { opens, starts, ends };
    this.#own = new Own(this.#view, (kind) => this.#media(kind));
    this.#stage = new Stage(this.#view, (video) => this.#own.direct(video));
    this.#line = new Signalling(url, root.querySelector("[name=csrfmiddlewaretoken]"), {
      told: () => ({ media: this.#own.told, quality: this.#call.quality ?? undefined }),
      hear: (answer) => this.#hear(answer),
      failed: (error, failures) => this.#failed(error, failures),
      unreachable: this.#view.text("unreachable"),
    });
    this.#text = new Text(this.#view, {
      say: (words) => this.#call.say(words),
      batch: (text) => this.#call.batch(text),
      post: (line) => this.#write(line),
      changed: (captions) => this.#own.caption(captions),
    });
    const [view, own, stage, text, line] = [this.#view, this.#own, this.#stage, this.#text, this.#line];
    const notices = (this.#notices = new Notices(view));
    const call = (this.#call = new Call({
      view, own, stage, text, line, notices, begun: (failures) => this.#entrance.again(failures),
    }));
    this.#entrance = new Entrance({
      view, own, line, call, notices,
      conference: root.dataset.conference,
      entered: (answer) => this.#follow(answer),
      failed: (error) => this.#failed(error, 0),
    });
    if (view.find("files")) {
      this.#documents = new Documents(view, line, () => this.#call.say({ t: "said" }));
    }
    this.#lobby = new Lobby(view, line, own);
    this.#people = new People(view, line);
    this.#listen();
    this.#begin();
  }

  #listen() {
    this.#root.addEventListener("click", ({ target }) => this.#click(target.closest("[data-act]")));
    document.addEventListener("keydown", (event) => this.#key(event));
    const shortcuts = this.#view.find("shortcuts");
    shortcuts.checked = stored(localStorage, SHORTCUTS) !== "off";
    shortcuts.addEventListener("change", () => store(localStorage, SHORTCUTS, shortcuts.checked ? "on" : "off"));
    addEventListener("pagehide", () => {
      this.#call.say({ t: "bye" });
      this.#own.close();
    });
    // Brought back as it was left, the page would have neither devices nor connections.
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    document.addEventListener("visibilitychange", () => document.hidden || this.#line.hurry());
    document.addEventListener("vr:session", () => this.#line.hurry());
    setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  async #begin() {
    const problem = obstacle();
    if (problem) {
      const words = await fetch(this.#root.dataset.words).then((answer) => answer.text(), () => "");
      const page = new DOMParser().parseFromString(words, "text/html");
      this.#view.write("unable-text", page.querySelector(`[data-code="${problem}"]`)?.textContent ?? "");
      this.#view.show("unable");
      return;
    }
    this.#view.toggle("before-controls", true);
    this.#place("before");
    const wasInside = stored(sessionStorage, this.#root.dataset.url) === "inside";
    if (["ended", "closed", "moved"].includes(this.#root.dataset.phase)) {
      this.#show(this.#root.dataset.phase);
    } else if (wasInside) {
      await this.#entrance.enter(); // A reload: the person is where they were.
    } else if (await this.#mayOpen()) {
      await this.#own.open();
    } else {
      this.#view.buttons("try").forEach((button) => (button.hidden = false));
    }
  }

  // Whether the browser opens the devices without a question out of the blue.
  async #mayOpen() {
    const states = await Promise.all(
      ["camera", "microphone"].map((name) => navigator.permissions?.query({ name }).catch(() => null)),
    );
    return states.every((one) => one?.state === "granted");
  }

  // --- What the person does ---

  #click(button) {
    const { media } = this.#own;
    const acts = {
      enter: () => this.#entrance.press(),
      try: () => this.#try(button),
      microphone: () => this.#switch("microphone"),
      camera: () => this.#switch("camera"),
      reopen: () => media.reopen(button.closest("[data-kind]").dataset.kind),
      screen: () => media.share(),
      hand: () => media.sign(),
      spare: () => media.toggle("camera", false),
      keep: () => this.#call.keep(),
      devices: () => this.#devices(),
      tone: () => this.#own.tone(),
      hear: () => this.#stage.hear(),
      larger: () => this.#stage.larger(),
      picture: () => this.#stage.float(),
      bigger: () => this.#text.larger(button),
      mend: () => this.#call.mend(),
      leave: () => this.#leave(),
      admit: () => this.#lobby.answer("admit", button),
      refuse: () => this.#lobby.answer("refuse", button),
      withdraw: () => this.#people.answer("withdraw", button),
      object: () => this.#people.answer("object", button),
      ask: () => this.#documents.answer("ask", button),
      recall: () => this.#documents.answer("recall", button),
      decline: () => this.#documents.answer("decline", button),
      "copy-link": () => this.#people.copy(),
      "ask-end": () => this.#view.find("end").showModal(),
      "no-end": () => this.#view.find("end").close(),
      end: () => this.#end(),
      switch: () => this.#entrance.switchOver(button),
    };
    acts[button?.dataset.act]?.();
  }

  #key(event) {
    const act = KEYS[event.code];
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    const isPlain = !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat);
    if (!act || isTyping || !isPlain || this.#view.phase !== "call" || !this.#view.find("shortcuts").checked) {
      return;
    }
    event.preventDefault();
    act === "text" ? this.#text.focus() : this.#switch(act);
  }

  // A press means the opposite of what the button says.
  #switch(kind) {
    return this.#own.isLent || this.#own.media.toggle(kind, !this.#own.told[kind]);
  }

  async #try(button) {
    button.hidden = true;
    await this.#own.open();
  }

  #devices() {
    const panel = this.#view.find("devices");
    panel.hidden = !panel.hidden;
    if (!panel.hidden) {
      this.#own.lists();
      panel.focus();
    } else {
      this.#view.current.querySelector(".vr-control[data-act=devices]")?.focus();
    }
  }

  // The lists of devices stand where the person is; before the call they are open.
  #place(phase) {
    const panel = this.#view.find("devices");
    this.#view.find("devices-place", this.#view.current)?.append(panel);
    panel.hidden = phase !== "before";
    this.#view.toggle("close-devices", phase !== "before");
    this.#people.place(phase);
    this.#notices.place();
  }

  // --- In and out ---

  #leave() {
    this.#show("left");
    return this.#entrance.leave();
  }

  async #end() {
    this.#view.find("end").close();
    try {
      await this.#lobby.end();
      this.#show("ended");
    } catch (error) {
      this.#view.announce(error.message);
    }
  }

  // Shows a phase; outside of the room nothing of the person is open.
  #show(phase) {
    const isNews = this.#view.show(phase);
    const { isInside } = this.#view;
    store(sessionStorage, this.#root.dataset.url, isInside ? "inside" : "");
    this.#awake.keep(isInside);
    if (!isInside && phase !== "before") {
      this.#entrance.stop();
      this.#line.stop();
      this.#call.close();
      this.#own.close();
    }
    if (isNews) {
      this.#place(phase);
      phase === "call" && ["citizen", "guest"].includes(this.#root.dataset.role) && this.#view.announce(this.#view.text("admitted"));
    }
    this.#tick();
  }

  #follow({ phase, now, opens_at, starts_at, ends_at }) {
    now && this.#clock.set(now);
    const { opens, starts, ends } = this.#times;
    this.#times = { opens: opens_at ?? opens, starts: starts_at ?? starts, ends: ends_at ?? ends };
    this.#show({ early: "before", admitted: "call" }[phase] ?? phase);
  }

  // --- What the server tells ---

  async #hear(answer) {
    if (this.#isOffline) {
      this.#isOffline = false;
      this.#view.announce(this.#view.text("online"));
    }
    this.#follow(answer);
    if (this.#entrance.follow(answer.conference) || !this.#view.isInside) {
      return {};
    }
    const { participants = [], signals = [], messages = [], documents = [], note = "" } = answer;
    for (const { id, name } of participants) {
      this.#text.name(id, name);
      this.#documents?.name(id, name, id === this.#call.me);
    }
    this.#view.toggle("note", Boolean(note));
    this.#view.write("note-text", note);
    this.#lobby.show(participants);
    this.#people.hear(answer, this.#call.me);
    if (this.#view.phase === "call" && this.#call.lacksEntry) {
      this.#entrance.enter(); // Let in: now the page gets what opens the server.
    } else if (this.#view.phase === "call") {
      this.#call.follow(participants);
      this.#call.hear(signals);
      this.#text.add(messages, this.#call.me);
      this.#documents?.hear(documents);
    }
    return { connecting: this.#call.isConnecting, batches: !this.#call.isDirect };
  }

  #failed(error, failures) {
    if (error.status === 401 || error.code === "session_ended") {
      document.dispatchEvent(new Event("vr:session-lost"));
    } else if (error.code === "guest_ended") {
      this.#show("gone");
    } else if (error.code === "room_closed" && this.#root.dataset.role === "guest") {
      this.#show("ended");
    } else if (error.code === "superseded") {
      this.#show("superseded");
    } else if (error.code === "stale_session") {
      this.#line.hurry(); // They have come in anew: the next answer tells of it.
    }
    if (failures === TELL_FAILURES && !error.status && !this.#isOffline) {
      this.#isOffline = true;
      this.#view.announce(this.#view.text("offline"));
    }
  }

  async #write(line) {
    await this.#line.post("messages/", { window: this.#line.window, ...line });
    this.#line.hurry();
  }

  #media(kind) {
    if (["speaking", "hand", "captions"].includes(kind)) {
      this.#call.tell();
    } else if (kind === "speakers") {
      this.#stage.redirect();
    } else if (kind !== "list") {
      this.#call?.replace();
    }
  }

  // --- Time ---

  #tick() {
    const { opens, starts, ends } = this.#times;
    const zone = this.#root.dataset.zone;
    const clock = this.#clock;
    this.#view.write("now", this.#view.text("now", { time: clockOf(clock.now, zone) }));
    const untilOpen = clock.minutes(opens);
    if (untilOpen) {
      const words = { time: clockOf(opens, zone), left: inMinutes(untilOpen) };
      this.#view.write("countdown", this.#view.text("opens", words));
    }
    this.#view.toggle("countdown", untilOpen > 0);
    this.#view.toggle("open", untilOpen === 0);
    const entrance = this.#view.root.querySelector("[data-phases=before] [data-act=enter]");
    entrance.hidden = untilOpen > 0;
    const untilStart = clock.minutes(starts);
    const left = { left: inMinutes(untilStart) };
    this.#view.write("until-start", this.#view.text(untilStart ? "until_start" : "started", left));
    this.#tickEnd(clock.minutes(ends), ends);
  }

  #tickEnd(minutes, ends) {
    const words = { left: inMinutes(minutes) };
    this.#view.write("left", this.#view.text(minutes ? "left" : "over", words));
    if (this.#view.phase === "call" && this.#warn(minutes, ends)) {
      this.#view.announce(this.#view.text("ending", words));
      this.#view.toggle("ending", true);
    }
    this.#view.write("ending-text", this.#view.text(minutes ? "ending" : "over", words));
  }
}

function stored(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null; // Storage may be forbidden.
  }
}

function store(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    // Then it lasts as long as the page.
  }
}

for (const root of document.querySelectorAll("[data-room]")) {
  new Room(root);
}
