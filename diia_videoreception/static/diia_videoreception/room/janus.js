// A room of Janus: the own picture and sound go to its server once, and one connection for each other
// person brings theirs. The server is told nothing but what the portal gave; who somebody is, the portal
// says: by the hash of the name under which they publish. Each coming-in has a name of its own, so one
// that is gone never returns.

import { Line } from "./janus_line.js";
import { Subscription } from "./janus_subscription.js";
import { Patience } from "./patience.js";
import { Served } from "./served.js";

const CHANNEL = "JanusDataChannel";
const [LOST_MS, CONNECT_MS] = [5000, 15_000];
const patience = new Patience(); // Since sound and picture last went out.

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const hash = async (text) => hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

export class Janus extends Served {
  #ice;
  #line = null;
  #pc = null;
  #channel = null;
  #senders = {};
  #private = 0;
  #feeds = new Map();
  #gone = new Set();
  #unconnected = 0;

  constructor({ ice, ...shared }) {
    super(shared, "Janus", patience);
    this.#ice = ice;
    this.lacksEntry || this.begin(() => this.#come());
  }

  get isOpen() {
    return this.#channel?.readyState === "open";
  }

  peer({ id, session, badge, changed, heard }) {
    const peer = new Subscription({
      id, session, changed, heard,
      open: (wanted) => this.#subscribe(wanted),
      closed: (gone) => this.unseat(badge, gone),
      isSending: () => this.isOpen,
      publishes: () => this.#pc?.getStats(),
      say: (words) => this.say([], words),
      repeat: () => this.media && this.#send(this.media),
      hopeless: () => this.giveUp(),
    });
    this.seat(badge, peer);
    this.#feeds.has(badge) && peer.follow(this.#feeds.get(badge));
    return peer;
  }

  // Once for everybody: the server passes it on.
  say(_, words) {
    this.note(words);
    this.#send(words);
  }

  async replace(kind, track) {
    await this.#senders[kind]?.replaceTrack(track).catch(() => {});
  }

  sendPicture(how) {
    return this.shape(this.#senders.video, how);
  }

  close() {
    clearTimeout(this.#unconnected);
    super.close();
    this.#pc?.close();
    this.#line?.close();
  }

  #send(words) {
    this.isOpen && this.#channel.send(JSON.stringify(words));
  }

  async #come() {
    this.#line = new Line(this.server, () => this.giveUp());
    await this.#line.begin();
    const { room, pin, ticket, feed } = this.server;
    const handle = await this.#line.attach((said) => this.#happened(said));
    const join = { request: "join", ptype: "publisher", room, pin, token: ticket, id: feed };
    const { private_id: own, publishers } = await this.#line.message(handle, join);
    this.#private = own;
    await this.#publish(handle);
    await this.#meet(publishers);
  }

  async #publish(handle) {
    if (this.isOver) {
      throw new Error("closed");
    }
    const pc = (this.#pc = new RTCPeerConnection(this.#ice));
    this.#channel = pc.createDataChannel(CHANNEL);
    this.#channel.addEventListener("open", () => this.people.forEach((peer) => peer.tell()));
    pc.addEventListener("icecandidate", ({ candidate }) => this.#line.trickle(handle, candidate?.toJSON()));
    pc.addEventListener("connectionstatechange", () => {
      clearTimeout(this.#unconnected);
      if (pc.connectionState === "connected") {
        this.arrive();
      } else if (["failed", "disconnected"].includes(pc.connectionState)) {
        this.#unconnected = setTimeout(() => this.giveUp(), pc.connectionState === "failed" ? 0 : LOST_MS);
      }
    });
    this.#unconnected = setTimeout(() => this.giveUp(), CONNECT_MS);
    for (const [kind, track] of Object.entries(this.tracks())) {
      this.#senders[kind] = pc.addTransceiver(kind, { direction: "sendonly" }).sender;
      this.replace(kind, track);
    }
    await pc.setLocalDescription();
    const { jsep } = await this.#line.message(handle, { request: "publish" }, pc.localDescription.toJSON());
    await pc.setRemoteDescription(jsep);
    // What was changed meanwhile.
    Object.entries(this.tracks()).forEach(([kind, track]) => this.replace(kind, track));
  }

  #happened({ kind, publishers, unpublished, leaving }) {
    if (leaving === "ok" || kind === "detached") {
      this.giveUp(); // Put out: the portal says why.
    } else {
      publishers && this.#meet(publishers);
      const gone = unpublished ?? leaving;
      typeof gone === "string" && this.#part(gone);
    }
  }

  async #meet(publishers = []) {
    for (const { id, streams } of publishers) {
      const badge = await hash(id);
      if (this.#gone.has(id)) {
        continue; // While the hash was computed.
      }
      this.#feeds.set(badge, { id, hasData: streams?.some(({ type }) => type === "data") });
      this.people.get(badge)?.follow(this.#feeds.get(badge));
    }
  }

  async #part(id) {
    this.#gone.add(id);
    const badge = await hash(id);
    this.#feeds.delete(badge);
    this.people.get(badge)?.part();
  }

  // Asks for what somebody publishes: {line, handle, jsep, ice}.
  async #subscribe({ feed, happened }) {
    const [line, { room, pin }] = [this.#line, this.server];
    const handle = await line.attach(happened);
    const join = { request: "join", ptype: "subscriber", room, pin, private_id: this.#private, streams: [{ feed }] };
    try {
      const { jsep } = await line.message(handle, join);
      return { line, handle, jsep, ice: this.#ice };
    } catch (error) {
      line.detach(handle);
      throw error;
    }
  }
}
