// A room of Janus: the own picture and sound go to its server once, and one connection for each other
// person brings theirs. The server is told nothing but what the portal gave; who somebody is, the portal
// says: by the hash of the name under which they publish.

import { Line } from "./janus_line.js";
import { backoff } from "./signalling.js";

const [CHANNEL, ATTEMPTS] = ["JanusDataChannel", 2];
const [LOST_MS, AGAIN_MS, CONNECT_MS] = [5000, 6000, 15_000];
let failures = 0; // In a row, since sound and picture last went out.

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const hash = async (text) => hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

export class Janus {
  #server;
  #ice;
  #tracks;
  #hopeless;
  #well;
  #line = null;
  #pc = null;
  #channel = null;
  #senders = {};
  #private = 0;
  #feeds = new Map();
  #peers = new Map();
  #media = null;
  #timer = 0;
  #patience = 0;
  #isOver = false;

  // `hopeless(failures)` when nothing here mends it, `well()` when sound and picture go out.
  constructor({ server, ice, tracks, hopeless, well }) {
    this.#server = server;
    this.#ice = ice;
    this.#tracks = tracks;
    this.#hopeless = hopeless;
    this.#well = well;
    this.lacksEntry || this.#begin();
  }

  // Who waits has got nothing that opens the server.
  get lacksEntry() {
    return !this.#server.url;
  }

  get isOpen() {
    return this.#channel?.readyState === "open";
  }

  peer({ id, session, badge, changed, heard }) {
    const peer = new Subscription({
      id, session, changed, heard,
      open: (wanted) => this.#subscribe(wanted),
      closed: (gone) => this.#peers.get(badge) === gone && this.#peers.delete(badge),
      isSending: () => this.isOpen,
      publishes: () => this.#pc?.getStats(),
      say: (words) => this.say([], words),
      repeat: () => this.#media && this.#send(this.#media),
      hopeless: () => this.#giveUp(),
    });
    this.#peers.set(badge, peer);
    this.#feeds.has(badge) && peer.follow(this.#feeds.get(badge));
    return peer;
  }

  // Once for everybody: the server passes it on.
  say(_, words) {
    if (words.t === "media") {
      this.#media = words;
    }
    this.#send(words);
  }

  async replace(kind, track) {
    await this.#senders[kind]?.replaceTrack(track).catch(() => {});
  }

  async sendPicture({ active, fluent }) {
    const sender = this.#senders.video;
    const parameters = sender?.getParameters();
    if (parameters?.encodings?.length) {
      parameters.encodings[0].active = active;
      parameters.degradationPreference = fluent ? "maintain-framerate" : "balanced";
      await sender.setParameters(parameters).catch(() => {});
    }
  }

  close() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    [...this.#peers.values()].forEach((peer) => peer.close());
    this.#pc?.close();
    this.#line?.close();
  }

  #send(words) {
    this.isOpen && this.#channel.send(JSON.stringify(words));
  }

  // Nothing here mends it: the portal is asked for the room anew, and says what is wrong with it. The
  // first time at once, then less and less often.
  #giveUp() {
    if (this.#isOver || this.#timer) {
      return;
    }
    const pause = failures && backoff(failures);
    failures += 1;
    [...this.#peers.values()].forEach((peer) => peer.part());
    this.#timer = setTimeout(() => {
      this.close();
      this.#hopeless(failures);
    }, pause);
  }

  async #begin() {
    try {
      this.#line = new Line(this.#server, () => this.#giveUp());
      await this.#line.begin();
      const { room, pin, ticket, feed } = this.#server;
      const handle = await this.#line.attach((said) => this.#happened(said));
      const join = { request: "join", ptype: "publisher", room, pin, token: ticket, id: feed };
      const { private_id: own, publishers } = await this.#line.message(handle, join);
      this.#private = own;
      await this.#publish(handle);
      await this.#meet(publishers);
    } catch (error) {
      console.warn("Janus", error.message);
      this.#giveUp();
    }
  }

  async #publish(handle) {
    const pc = (this.#pc = new RTCPeerConnection(this.#ice));
    this.#channel = pc.createDataChannel(CHANNEL);
    this.#channel.addEventListener("open", () => this.#peers.forEach((peer) => peer.tell()));
    pc.addEventListener("icecandidate", ({ candidate }) => this.#line.trickle(handle, candidate?.toJSON()));
    pc.addEventListener("connectionstatechange", () => {
      clearTimeout(this.#patience);
      if (pc.connectionState === "connected") {
        failures = 0;
        this.#well();
      } else if (["failed", "disconnected"].includes(pc.connectionState)) {
        this.#patience = setTimeout(() => this.#giveUp(), pc.connectionState === "failed" ? 0 : LOST_MS);
      }
    });
    this.#patience = setTimeout(() => this.#giveUp(), CONNECT_MS);
    for (const [kind, track] of Object.entries(this.#tracks())) {
      this.#senders[kind] = pc.addTransceiver(kind, { direction: "sendonly" }).sender;
      this.replace(kind, track);
    }
    await pc.setLocalDescription();
    const { jsep } = await this.#line.message(handle, { request: "publish" }, pc.localDescription.toJSON());
    await pc.setRemoteDescription(jsep);
    // What was changed meanwhile.
    Object.entries(this.#tracks()).forEach(([kind, track]) => this.replace(kind, track));
  }

  #happened({ kind, publishers, unpublished, leaving }) {
    if (leaving === "ok" || kind === "detached") {
      this.#giveUp(); // Put out: the portal says why.
    } else {
      publishers && this.#meet(publishers);
      const gone = unpublished ?? leaving;
      typeof gone === "string" && this.#part(gone);
    }
  }

  async #meet(publishers = []) {
    for (const { id, streams } of publishers) {
      const badge = await hash(id);
      this.#feeds.set(badge, { id, hasData: streams?.some(({ type }) => type === "data") });
      this.#peers.get(badge)?.follow(this.#feeds.get(badge));
    }
  }

  async #part(id) {
    const badge = await hash(id);
    this.#feeds.delete(badge);
    this.#peers.get(badge)?.part();
  }

  // Asks for what somebody publishes: {line, handle, jsep, ice}.
  async #subscribe({ feed, happened }) {
    const handle = await this.#line.attach(happened);
    const { room, pin } = this.#server;
    const join = { request: "join", ptype: "subscriber", room, pin, private_id: this.#private, streams: [{ feed }] };
    const { jsep } = await this.#line.message(handle, join);
    return { line: this.#line, handle, jsep, ice: this.#ice };
  }
}

// One other person, as the page knows a connection (peer.js).
class Subscription {
  id;
  session;
  stream = new MediaStream();
  state = "connecting";
  #on;
  #feed = null;
  #pc = null;
  #line = null;
  #handle = 0;
  #channel = null;
  #timer = 0;
  #attempts = 0;
  #hasMet = false;
  #isOver = false;

  constructor({ id, session, ...on }) {
    this.id = id;
    this.session = session;
    this.#on = on;
  }

  // Text goes out over our own connection, which everybody hears.
  get isOpen() {
    return this.#channel?.readyState === "open" && this.#on.isSending();
  }

  say(words) {
    this.#on.say(words);
    return this.isOpen;
  }

  // Their page has just come: what it missed is said again.
  tell() {
    this.#on.repeat();
    this.#on.changed(this);
  }

  // How good it is in both directions.
  async stats() {
    const reports = await Promise.all([this.#pc?.getStats(), this.#on.publishes()]);
    return { values: () => reports.flatMap((report) => (report ? [...report.values()] : [])) };
  }

  replace() {}
  sendPicture() {}
  receive() {}

  // They publish: connect to it.
  follow(feed) {
    if (this.#feed?.id !== feed.id) {
      this.#feed = feed;
      this.#attempts = 0;
      this.#connect();
    }
  }

  // They have gone, perhaps to come back at once.
  part() {
    this.#feed = null;
    this.#drop();
    this.#become("lost");
  }

  mend() {
    this.#attempts = 0;
    this.#feed ? this.#connect() : this.#on.hopeless();
  }

  close() {
    this.#isOver = true;
    this.#drop();
    this.#on.closed(this);
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#pc?.close();
    this.#handle && this.#line.detach(this.#handle);
    [this.#pc, this.#handle, this.#channel] = [null, 0, null];
  }

  #become(state) {
    this.state = state;
    this.#isOver || this.#on.changed(this);
  }

  async #connect() {
    this.#drop();
    const feed = this.#feed;
    this.#attempts += 1;
    if (this.#attempts > ATTEMPTS) {
      this.#on.hopeless();
      return;
    }
    this.#timer = setTimeout(() => this.#connect(), AGAIN_MS);
    try {
      const given = await this.#on.open({ feed: feed.id, happened: (said, jsep) => this.#happened(said, jsep) });
      if (this.#isOver || feed !== this.#feed) {
        given.line.detach(given.handle);
        return;
      }
      [this.#line, this.#handle] = [given.line, given.handle];
      this.#open(given.ice, feed);
      await this.#answer(given.jsep);
    } catch (error) {
      console.warn("Janus", error.message); // The timer tries again.
    }
  }

  #open(ice, { hasData }) {
    const pc = (this.#pc = new RTCPeerConnection(ice));
    this.stream = new MediaStream();
    pc.addEventListener("icecandidate", ({ candidate }) => this.#line.trickle(this.#handle, candidate?.toJSON()));
    pc.addEventListener("track", ({ track }) => {
      this.stream.addTrack(track);
      this.#on.changed(this);
    });
    pc.addEventListener("connectionstatechange", () => this.#follow(pc));
    if (hasData) {
      this.#listen(pc.createDataChannel(CHANNEL));
      pc.addEventListener("datachannel", ({ channel }) => this.#listen(channel));
    }
  }

  #listen(channel) {
    this.#channel ??= channel;
    channel.addEventListener("open", () => this.#on.changed(this));
    channel.addEventListener("close", () => this.#on.changed(this));
    channel.addEventListener("message", ({ data }) => this.#hear(data));
  }

  async #answer(offer) {
    await this.#pc.setRemoteDescription(offer);
    await this.#pc.setLocalDescription();
    await this.#line.message(this.#handle, { request: "start" }, this.#pc.localDescription.toJSON());
  }

  // What they publish has changed.
  #happened({ kind }, jsep) {
    if (jsep && this.#pc) {
      this.#answer(jsep).catch((error) => console.warn("Janus", error.message));
    } else if (kind === "detached") {
      this.part();
    }
  }

  #follow(pc) {
    if (pc !== this.#pc) {
      return;
    }
    if (pc.connectionState === "connected") {
      clearTimeout(this.#timer);
      this.#attempts = 0;
      this.#become("connected");
    } else if (["failed", "disconnected"].includes(pc.connectionState)) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#connect(), pc.connectionState === "failed" ? 0 : LOST_MS);
      this.#become("lost");
    }
  }

  #hear(data) {
    let words;
    try {
      words = JSON.parse(data);
    } catch {
      return; // Not from a page of ours.
    }
    if (words && typeof words === "object") {
      if (!this.#hasMet) {
        this.#hasMet = true;
        this.tell();
      }
      this.#on.heard(this, words);
    }
  }
}
