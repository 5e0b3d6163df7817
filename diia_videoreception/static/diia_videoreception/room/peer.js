// One other person: the connection to them, made and mended by perfect negotiation. Whose id is higher
// is polite: when both propose at once, that one steps back.

import { encoded } from "./budget.js";
import { read } from "./words.js";

const [PATIENCE_MS, DISCONNECTED_MS, AGAIN_MS, RESTARTS] = [1200, 5000, 6000, 2];
const CHANNEL = { negotiated: true, id: 1 };
const KINDS = ["audio", "video"];

export class Peer {
  id;
  stream = new MediaStream();
  state = "connecting";
  session;
  #ice;
  #send;
  #changed;
  #heard;
  #hopeless;
  #tracks;
  #isPolite;
  #pc;
  #channel;
  #senders = {};
  #shape = "";
  #shaped = null;
  #early = [];
  #isOffering = false;
  #isIgnoring = false;
  #begun = false;
  #patience = 0;
  #mending = 0;
  #restarts = 0;
  #chain = Promise.resolve();
  #bound = new AbortController();

  // `session` counts how often they have come in, and a peer is for one time. `send(peer, kind, payload)`;
  // `changed(peer)` when the state or the stream changes; `heard(peer, words)` when something comes over
  // the channel; `hopeless(peer)` when nothing mends it.
  constructor({ me, id, session, ice, tracks, send, changed, heard, hopeless }) {
    this.id = id;
    this.session = session;
    this.#isPolite = me > id;
    this.#ice = ice;
    this.#tracks = { ...tracks };
    this.#send = (kind, payload) => send(this, kind, payload);
    this.#hopeless = hopeless;
    this.#changed = changed;
    this.#heard = heard;
    this.#open();
  }

  get isOpen() {
    return this.#channel?.readyState === "open";
  }

  // Says something over the channel, if there is one; answers whether it went.
  say(words) {
    this.isOpen && this.#channel.send(JSON.stringify(words));
    return this.isOpen;
  }

  async replace(kind, track) {
    this.#tracks[kind] = track;
    await this.#senders[kind]?.replaceTrack(track).catch(() => {});
  }

  // How the picture goes out: {active, bits, scale, fps}; what is spared is left to the sound. With
  // `fluent`, for hands that sign, it loses sharpness before it loses pictures.
  async sendPicture({ fluent, ...shape }) {
    const sender = this.#senders.video;
    const parameters = sender?.getParameters();
    const key = JSON.stringify([fluent, shape]);
    if (parameters?.encodings?.length && (key !== this.#shape || sender !== this.#shaped)) {
      [this.#shape, this.#shaped] = [key, sender];
      parameters.encodings[0] = encoded(parameters.encodings[0], shape);
      parameters.degradationPreference = fluent ? "maintain-framerate" : "balanced";
      await sender.setParameters(parameters).catch(() => (this.#shape = ""));
    }
  }

  // How good it is; nothing once it is closed.
  stats() {
    return this.#pc?.getStats();
  }

  close() {
    clearTimeout(this.#patience);
    clearTimeout(this.#mending);
    this.#bound.abort();
    this.#pc?.close();
    this.#pc = null;
  }

  // Signals one after another: a description takes its time.
  receive({ kind, payload }) {
    this.#chain = this.#chain.then(() => this.#take(kind, payload)).catch((error) => {
      // A description of a call that is over by now; the next attempt replaces it.
      console.warn(error);
    });
    return this.#chain;
  }

  // --- The connection ---

  #open() {
    const { signal } = this.#bound;
    const pc = (this.#pc = new RTCPeerConnection(this.#ice));
    this.#channel = pc.createDataChannel("room", CHANNEL);
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(pc, "negotiationneeded", () => this.#begun && !this.#isOffering && this.#offer());
    on(pc, "icecandidate", ({ candidate }) => candidate && this.#send("candidate", candidate.toJSON()));
    on(pc, "track", ({ track }) => {
      this.stream.addTrack(track);
      this.#changed(this);
    });
    on(pc, "connectionstatechange", () => this.#follow(pc.connectionState));
    on(this.#channel, "open", () => this.#changed(this));
    on(this.#channel, "close", () => this.#changed(this));
    on(this.#channel, "message", ({ data }) => this.#hear(data));
    // Two proposals at once cost time: the polite one waits a little for the other's.
    this.#patience = setTimeout(() => this.#begin(), this.#isPolite ? PATIENCE_MS : 0);
    this.#mendLater(AGAIN_MS);
  }

  #begin() {
    if (!this.#begun) {
      this.#begun = true;
      for (const kind of KINDS) {
        const { sender } = this.#pc.addTransceiver(kind);
        this.#senders[kind] = sender;
        this.#prepare(kind, sender);
      }
      // The browser has asked for it already, when the channel was made.
      this.#offer();
    }
  }

  #prepare(kind, sender) {
    sender.replaceTrack(this.#tracks[kind] ?? null).catch(() => {});
    if (kind === "audio") {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings ?? []) {
        Object.assign(encoding, { priority: "high", networkPriority: "high" });
      }
      sender.setParameters(parameters).catch(() => {});
    }
  }

  async #offer() {
    const pc = this.#pc;
    try {
      this.#isOffering = true;
      await pc.setLocalDescription();
      this.#pc && this.#send("description", pc.localDescription.toJSON());
    } finally {
      this.#isOffering = false;
    }
  }

  // The lines of the other's offer carry what we send; those of our own that gave way are dropped.
  #adopt() {
    for (const transceiver of this.#pc.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      if (transceiver.mid === null) {
        transceiver.stop();
      } else if (this.#senders[kind] !== transceiver.sender) {
        transceiver.direction = "sendrecv";
        this.#senders[kind] = transceiver.sender;
        this.#prepare(kind, transceiver.sender);
      }
    }
  }

  async #take(kind, payload) {
    if (this.#pc) {
      await (kind === "candidate" ? this.#takeCandidate(payload) : this.#describe(payload));
    }
  }

  async #takeCandidate(candidate) {
    if (!this.#pc.remoteDescription) {
      this.#early.push(candidate);
      return;
    }
    try {
      await this.#pc.addIceCandidate(candidate);
    } catch (error) {
      // One of a proposal that was not taken; or of a kind that this browser does not know.
      this.#isIgnoring || console.info("a candidate was not taken", error.name);
    }
  }

  async #describe(description) {
    const pc = this.#pc;
    const isOffer = description.type === "offer";
    this.#isIgnoring =
      isOffer && !this.#isPolite && (this.#isOffering || pc.signalingState !== "stable");
    if (this.#isIgnoring) {
      return;
    }
    clearTimeout(this.#patience);
    this.#begun = true;
    await pc.setRemoteDescription(description);
    for (const candidate of this.#early.splice(0)) {
      await this.#takeCandidate(candidate);
    }
    if (isOffer) {
      this.#adopt();
      await pc.setLocalDescription();
      this.#send("description", pc.localDescription.toJSON());
    }
  }

  // --- When the line is lost ---

  #follow(state) {
    const now = { connected: "connected", disconnected: "lost", failed: "lost" }[state];
    if (!now) {
      return;
    }
    clearTimeout(this.#mending);
    if (now === "connected") {
      this.#restarts = 0;
    } else {
      this.#mendLater(state === "failed" ? 0 : DISCONNECTED_MS);
    }
    this.state = now;
    this.#changed(this);
  }

  // They have gone, perhaps to come back at once: nothing needs to be waited for.
  part() {
    this.state = "lost";
    this.#changed(this);
  }

  #mendLater(ms) {
    clearTimeout(this.#mending);
    this.#mending = setTimeout(() => this.#miss(), ms);
  }

  // There is no line yet. One that was mended in vain is lost, also if it never was: no browser says so where
  // the relay does not answer.
  #miss() {
    if (this.state === "connecting" && this.#restarts > 0) {
      this.part();
    }
    this.mend();
  }

  // Looks for another way; what some attempts have not mended has to begin anew.
  mend() {
    if (!this.#pc) {
      return;
    }
    this.#restarts += 1;
    if (this.#restarts > RESTARTS) {
      this.#restarts = 0;
      this.#mendLater(AGAIN_MS);
      this.#hopeless(this);
      return;
    }
    this.#pc.restartIce();
    this.#mendLater(AGAIN_MS);
  }

  #hear(data) {
    const words = read(data);
    words && this.#heard(this, words);
  }
}
