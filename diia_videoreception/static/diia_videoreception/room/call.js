// The call: a connection to each person who is let in, what is told of them, and how good the lines are.

import { guess, plan } from "./budget.js";
import { engineOf } from "./engines.js";
import { best, counters, follower, measures } from "./quality.js";

const [LOOK_MS, SPEAKS_MS] = [3000, 5000];
// Of others, worth saying: what it means when it begins, and when it ends.
const NEWS = {
  microphone: ["unmuted", "muted"],
  screen: ["shares", ""],
  hand: ["signs", ""],
  captions: ["captions", ""],
};

export class Call {
  me = "";
  #view;
  #own;
  #stage;
  #text;
  #line;
  #engine = null;
  #people = new Map();
  #timer = 0;
  #quality = null;
  #spared = false;
  #spoke = -Infinity;
  #total = 0;
  #kept = false;
  #isPoor = false;
  #verdict = "";
  #begun;
  #notices;
  #attempt = null;

  // `begun(failures)` asks for the whole room anew, when nothing mends a connection.
  constructor({ view, own, stage, text, line, notices, begun }) {
    [this.#view, this.#own, this.#stage, this.#text] = [view, own, stage, text];
    [this.#line, this.#notices, this.#begun] = [line, notices, begun];
  }

  // What the server said on entering. Closed while the engine is fetched, nothing begins.
  async enter(entered) {
    const attempt = (this.#attempt = {});
    this.me = entered.participant;
    const engine = await engineOf(entered, {
      tracks: () => this.#own.media.sent,
      hopeless: (failures) => this.#begun(failures),
      well: () => this.#notices.well(),
      view: this.#view,
    });
    if (attempt !== this.#attempt) {
      engine.close();
      return;
    }
    this.#engine = engine;
    await this.#own.lend(Boolean(engine.lendsDevices));
    if (attempt !== this.#attempt) {
      return;
    }
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  // Whether this page, which has been let in, has to come in anew before it is connected.
  get lacksEntry() {
    return Boolean(this.#engine?.lacksEntry);
  }

  // Whether somebody who is here is not connected yet, and whether text has no direct way to somebody.
  get isConnecting() {
    return this.#peers.some(({ peer, isHere }) => isHere && peer.state !== "connected");
  }

  get isDirect() {
    return this.#peers.every(({ peer, isHere }) => !isHere || peer.isOpen);
  }

  get quality() {
    return this.#quality;
  }

  get #peers() {
    return [...this.#people.values()];
  }

  // Follows who is in the room, as the server tells.
  follow(participants) {
    if (!this.#engine) {
      return; // An answer from before the page comes in anew.
    }
    const here = participants.filter(({ id, state }) => id !== this.me && state === "admitted");
    for (const { id, name, session, is_here: isHere, media, badge } of here) {
      const known = this.#people.get(id);
      if (!known && isHere) {
        this.#join({ id, name, session, media, badge });
      } else if (known) {
        known.isHere = isHere;
        this.#renew(known, session, badge);
        known.peer.isOpen || this.#tellMedia(known, media);
      }
    }
    const ids = new Set(here.map(({ id }) => id));
    [...this.#people.keys()].filter((id) => !ids.has(id)).forEach((id) => this.#leave(id));
  }

  hear(signals) {
    for (const { from, session, kind, payload } of signals) {
      if (kind === "text") {
        this.#text.live(from, payload.text);
      } else if (this.#people.has(from)) {
        this.#renew(this.#people.get(from), session);
        this.#hearFrom(this.#people.get(from), { session, kind, payload });
      }
    }
  }

  // What an earlier page of theirs has sent is for nobody, nor what belongs to an earlier attempt of
  // these two; with a later one both begin anew.
  #hearFrom(person, { session, ...signal }) {
    const { epoch = 0 } = signal.payload;
    if (session !== person.peer.session || epoch < person.epoch) {
      return;
    }
    epoch > person.epoch && this.#anew(person, epoch);
    person.peer.receive(signal);
  }

  // Says something to everybody over the channels; answers whether everybody has one.
  say(words) {
    this.#engine?.say(this.#peers.map(({ peer }) => peer), words);
    return this.isDirect;
  }

  // Sends what is being written to those who have no channel, by the server.
  batch(text) {
    for (const { id, peer, isHere } of this.#peers) {
      if (isHere && !peer.isOpen) {
        this.#line.post("signals/", {
          window: this.#line.window, to: id, session: peer.session, kind: "text", payload: { text },
        }).catch(() => {});
      }
    }
  }

  // What goes out has changed: the same connections carry it.
  async replace() {
    const { audio, video } = this.#own.media.sent;
    this.say({ t: "media", ...this.#own.told });
    await Promise.all([
      this.#engine?.replace("audio", audio),
      this.#engine?.replace("video", video),
      ...this.#peers.flatMap(({ peer }) => [peer.replace("audio", audio), peer.replace("video", video)]),
    ]);
  }

  tell() {
    this.say({ t: "media", ...this.#own.told });
    this.shape();
  }

  // Sends the picture as each line and the person's hands want it; several share one budget.
  shape() {
    this.#engine?.sendPicture({ active: !this.#spared, fluent: this.#own.media.on.hand });
    const { on, speaking } = this.#own.media;
    const { hand: signs, screen: shows } = on;
    const people = this.#peers;
    this.#spoke = speaking ? performance.now() : this.#spoke;
    const plans = plan({
      total: this.#total,
      lines: people.map(lineOf),
      height: this.#own.media.sent.video?.getSettings?.().height,
      speaks: performance.now() - this.#spoke < SPEAKS_MS,
      signs,
      shows,
      othersSign: people.some(({ media }) => media.hand),
    });
    people.forEach(({ peer, spared }, number) => {
      peer.sendPicture({ active: !spared, fluent: signs, ...plans[number] });
    });
  }

  mend() {
    this.#peers.filter(({ peer }) => peer.state !== "connected").forEach(({ peer }) => peer.mend());
  }

  close() {
    this.#attempt = null;
    clearInterval(this.#timer);
    [...this.#people.keys()].forEach((id) => this.#drop(id));
    this.#engine?.close();
    this.#engine = null;
    this.#stage.clear();
  }

  // The person wants to be seen although the line is weak.
  keep() {
    this.#kept = true;
    this.#view.toggle("poor", false);
  }

  // --- People ---

  #join({ id, name, session, media, badge }) {
    const person = { id, name, isHere: true, media: {}, told: "" };
    this.#people.set(id, person);
    this.#connect(person, session, badge);
    this.#text.name(id, name);
    this.#tellMedia(person, media);
    this.#view.announce(this.#view.text("joined", { name }));
  }

  // Nothing has mended a connection. With a single other the whole room is asked for anew, and with it
  // fresh relays; among several only these two begin anew, and the others' lines stay as they are.
  #hopeless(person) {
    if (person.isHere) {
      this.#engine.isByPair && this.#people.size > 1 ? this.#anew(person, person.epoch + 1) : this.#begun();
    }
  }

  #anew(person, epoch) {
    const { session } = person.peer;
    person.peer.close();
    this.#connect(person, session, person.badge, epoch);
  }

  #connect(person, session, badge, epoch = 0) {
    Object.assign(person, { follow: follower(), before: null, greeted: false, spared: false, isFine: true, badge, epoch });
    person.peer = this.#engine.peer({
      me: this.me,
      id: person.id,
      session,
      badge,
      tracks: this.#own.media.sent,
      send: (peer, kind, payload) => this.#line.send(peer.id, peer.session, kind, { ...payload, epoch }),
      changed: (peer) => peer === person.peer && this.#changed(person),
      heard: (_, words) => this.#heard(person, words),
      hopeless: () => this.#hopeless(person),
    });
    this.#changed(person);
  }

  // Who has come in anew has a new page, which knows nothing of the earlier connection.
  #renew(person, session, badge) {
    if (session > person.peer.session) {
      person.peer.close();
      this.#connect(person, session, badge);
    }
  }

  #leave(id) {
    this.#view.announce(this.#view.text("gone", { name: this.#people.get(id).name }));
    this.#drop(id);
  }

  #drop(id) {
    this.#people.get(id).peer.close();
    this.#people.delete(id);
    this.#text.forget(id);
    this.#stage.remove(id);
    this.#tag();
  }

  #changed(person) {
    const { peer, id, name, media } = person;
    this.#stage.show(id, { name, media, stream: peer.stream, state: peer.state });
    if (peer.isOpen && !person.greeted) {
      peer.say({ t: "media", ...this.#own.told });
    }
    peer.state === "connected" && this.shape();
    person.greeted = peer.isOpen;
    const words = { lost: "lost", connected: person.told === "lost" ? "restored" : "" }[peer.state];
    if (words && words !== person.told) {
      this.#view.announce(this.#view.text(words, { name }));
    }
    person.told = peer.state === "lost" ? "lost" : peer.state === "connected" ? "" : person.told;
    if (peer.state === "lost") {
      this.#line.hurry();
    }
    this.#tag();
    this.#text.explain(this.isDirect);
  }

  #tellMedia(person, media = {}) {
    const before = person.media;
    person.media = { ...before, ...media };
    for (const [kind, [begins, ends]] of Object.entries(NEWS)) {
      const [was, is] = [before[kind], person.media[kind]];
      if (was !== undefined && is !== undefined && was !== is) {
        const words = is ? begins : ends;
        words && this.#view.announce(this.#view.text(words, { name: person.name }));
      }
    }
    before.hand !== person.media.hand && this.shape();
    this.#text.captions(person.id, Boolean(person.media.captions));
    this.#stage.show(person.id, { ...person, stream: person.peer.stream, state: person.peer.state });
  }

  #heard(person, { t: kind, text, ...rest }) {
    if (kind === "media") {
      this.#tellMedia(person, rest);
    } else if (kind === "live") {
      this.#text.live(person.id, text);
    } else if (kind === "said") {
      this.#line.nudge();
    } else if (kind === "bye") {
      person.peer.part();
    }
  }

  // --- The lines ---

  async #look() {
    const [verdicts, attempt] = [[], this.#attempt];
    for (const person of this.#peers.filter(({ peer }) => peer.state === "connected")) {
      const { peer } = person;
      const reports = await peer.stats();
      if (attempt !== this.#attempt) {
        return; // Closed meanwhile.
      }
      if (!reports || peer !== person.peer || this.#people.get(person.id) !== person) {
        continue; // They have gone, or begun anew.
      }
      const now = counters(reports);
      if (person.before) {
        const numbers = measures(person.before, now);
        const { verdict, picture } = person.follow(numbers);
        verdicts.push(verdict);
        [person.spared, person.isFine] = [!picture, verdict === "ok"];
        this.#quality = report(numbers, now.frames - person.before.frames);
      }
      person.before = now;
    }
    this.#total = guess(this.#total, this.#peers.map(lineOf));
    this.shape();
    this.#judge(best(verdicts));
  }

  // Shows how good the lines are; where none has room for the picture the sound goes on alone.
  #judge(verdict) {
    this.#verdict = verdict;
    const isSpared = this.#peers.length > 0 && this.#peers.every(({ spared }) => spared);
    isSpared && !this.#spared && this.#view.announce(this.#view.text("spared"));
    this.#spared = isSpared;
    const sendsPicture = this.#own.media.on.camera;
    const isPoor = this.#spared || (verdict === "problem" && sendsPicture);
    if (isPoor && !this.#isPoor && !this.#spared) {
      this.#view.announce(this.#view.text("weak"));
    }
    this.#isPoor = isPoor;
    this.#view.write("poor-text", this.#view.text(this.#spared ? "spared" : "weak"));
    this.#view.toggle("poor", isPoor && !this.#kept && sendsPicture);
    this.#kept &&= isPoor;
    this.#tag();
  }

  #tag() {
    const isLost = this.#peers.some(({ peer }) => peer.state === "lost");
    const code = isLost ? "lost" : this.#peers.length ? this.#verdict : "";
    const place = this.#view.find("quality");
    this.#view.toggle("broken", isLost);
    if ((place.dataset.code ?? "") !== code) {
      place.dataset.code = code;
      place.hidden = !code;
      place.className = "";
      place.replaceChildren(...(code ? [this.#view.copy(code)] : []));
    }
  }
}

const lineOf = ({ before, isFine }) => ({ estimate: before?.estimate, isFine });

const report = ({ rtt_ms, loss_percent, kbit_per_s }, frames) => ({
  rtt_ms,
  loss_percent,
  ...(Number.isFinite(kbit_per_s) && { kbit_per_s }),
  frames_per_s: Math.round((1000 * frames) / LOOK_MS),
});
