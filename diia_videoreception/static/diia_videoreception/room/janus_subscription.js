// What one other person sends by a Janus room, as the page knows a connection (peer.js). Begun anew for
// itself, less and less often, whatever becomes of the others.

import { backoff } from "./signalling.js";
import { read } from "./words.js";

const CHANNEL = "JanusDataChannel";
const [LOST_MS, AGAIN_MS, PATIENT_ATTEMPTS] = [5000, 6000, 2];

export class Subscription {
  id;
  session;
  stream = new MediaStream();
  state = "connecting";
  #on;
  #feed = null;
  #pc = null;
  #attempt = null;
  #line = null;
  #handle = 0;
  #channel = null;
  #timer = 0;
  #attempts = 0;
  #hasMet = false;
  #isOver = false;

  // `open({feed, happened})` asks the server: {line, handle, jsep, ice}; `hopeless()` asks for the room
  // anew; the others as for a Peer.
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
    [this.#attempt, this.#pc, this.#handle, this.#channel] = [null, null, 0, null];
  }

  #become(state) {
    this.state = state;
    this.#isOver || this.#on.changed(this);
  }

  // One attempt at a time: what an earlier one is still given goes back.
  async #connect() {
    this.#drop();
    const [feed, attempt] = [this.#feed, (this.#attempt = {})];
    this.#attempts += 1;
    this.#attempts > PATIENT_ATTEMPTS && this.state !== "lost" && this.#become("lost");
    this.#later(AGAIN_MS);
    try {
      const happened = (said, jsep) => attempt === this.#attempt && this.#happened(said, jsep);
      const given = await this.#on.open({ feed: feed.id, happened });
      if (attempt !== this.#attempt) {
        given.line.detach(given.handle);
        return;
      }
      [this.#line, this.#handle] = [given.line, given.handle];
      this.#open(given, feed);
      await this.#answer(given.jsep);
    } catch (error) {
      console.warn("Janus", error.message); // The timer tries again.
    }
  }

  // Tries again after so long, and longer after each attempt that came to nothing.
  #later(ms) {
    clearTimeout(this.#timer);
    const pause = this.#attempts > 1 ? backoff(this.#attempts - 1) : 0;
    this.#timer = setTimeout(() => this.#connect(), ms + pause);
  }

  #open({ ice, line, handle }, { hasData }) {
    const pc = (this.#pc = new RTCPeerConnection(ice));
    this.stream = new MediaStream();
    pc.addEventListener("icecandidate", ({ candidate }) => line.trickle(handle, candidate?.toJSON()));
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
    const [pc, line, handle] = [this.#pc, this.#line, this.#handle];
    await pc.setRemoteDescription(offer);
    await pc.setLocalDescription();
    await line.message(handle, { request: "start" }, pc.localDescription.toJSON());
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
      this.#later(pc.connectionState === "failed" ? 0 : LOST_MS);
      this.#become("lost");
    }
  }

  #hear(data) {
    const words = read(data);
    if (words) {
      if (!this.#hasMet) {
        this.#hasMet = true;
        this.tell();
      }
      this.#on.heard(this, words);
    }
  }
}
