// A room of LiveKit, by its own library: the picture and sound of all come from its server. Who somebody
// is, the portal says, by the name that stands in their token; nobody else hears, sees or reads anything
// of this page, whoever else is at the server.

import { Patience } from "./patience.js";
import { Served } from "./served.js";
import { read } from "./words.js";

const [RETRIES, RETRY_MS, TOPIC] = [3, 1000, "room"];
const patience = new Patience(); // Since this page was last in the room.
let loading = null;

// Fetches the library, once, if it is the very file that the portal names.
function library({ script: src, integrity }) {
  loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, integrity, crossOrigin: "anonymous" });
    script.addEventListener("load", () => resolve(window.LivekitClient));
    script.addEventListener("error", () => reject(new Error("no library")));
    document.head.append(script);
  });
  loading.catch(() => (loading = null));
  return loading;
}

// What one other person sends, as the page knows a connection (peer.js).
class Person {
  id;
  session;
  identity;
  stream = new MediaStream();
  state = "connecting";
  #on;
  #tracks = new Map();
  #isHere = false;

  constructor({ id, session, badge, ...on }) {
    [this.id, this.session, this.identity, this.#on] = [id, session, badge, on];
  }

  get isHere() {
    return this.#isHere;
  }

  get isOpen() {
    return this.#isHere && this.#on.isOpen();
  }

  say(words) {
    this.#on.say([this], words);
    return this.isOpen;
  }

  replace() {}
  sendPicture() {}
  receive() {}

  come() {
    this.#isHere = true;
    this.become("connected");
    this.#on.repeat(this);
  }

  part() {
    this.#isHere = false;
    this.become("lost");
  }

  become(state) {
    this.state = state;
    this.#on.changed(this);
  }

  add(track) {
    this.#tracks.set(track.sid, track);
    this.stream.addTrack(track.mediaStreamTrack);
    this.#on.changed(this);
  }

  drop(track) {
    this.#tracks.delete(track.sid);
    this.stream.removeTrack(track.mediaStreamTrack);
    this.#on.changed(this);
  }

  hear(words) {
    this.#on.heard(this, words);
  }

  stats() {
    return this.#on.stats([...this.#tracks.values()]);
  }

  mend() {
    this.#on.hopeless();
  }

  close() {
    this.#on.closed(this);
  }
}

export class LiveKit extends Served {
  #lib = null;
  #room = null;
  #published = {};
  #publishing = Promise.resolve();

  constructor(shared) {
    super(shared, "LiveKit", patience);
    this.lacksEntry || this.begin(() => this.#come());
  }

  get isOpen() {
    return this.#room?.state === "connected";
  }

  peer({ id, session, badge, changed, heard }) {
    const person = new Person({
      id, session, badge, changed, heard,
      isOpen: () => this.isOpen,
      say: (people, words) => this.say(people, words),
      repeat: (one) => this.media && this.say([one], this.media),
      stats: (tracks) => this.#stats(tracks),
      hopeless: () => this.giveUp(),
      closed: (gone) => {
        this.unseat(badge, gone);
        this.#admit();
      },
    });
    this.seat(badge, person);
    this.#admit();
    const there = this.isOpen && this.#room.remoteParticipants.get(badge);
    there && queueMicrotask(() => this.#meet(there));
    return person;
  }

  // To those whom the portal has named, and nobody else: to name nobody would mean everybody.
  say(people, words) {
    this.note(words);
    const destinationIdentities = people.filter(({ isHere }) => isHere).map(({ identity }) => identity);
    if (this.isOpen && destinationIdentities.length) {
      const data = new TextEncoder().encode(JSON.stringify(words));
      const options = { reliable: true, destinationIdentities, topic: TOPIC };
      this.#room.localParticipant.publishData(data, options).catch((error) => this.complain(error));
    }
  }

  // One thing after another; each looks anew what goes out.
  replace() {
    this.#publishing = this.#publishing
      .then(() => this.#publish("audio"))
      .then(() => this.#publish("video"))
      .catch((error) => this.complain(error));
    return this.#publishing;
  }

  sendPicture(how) {
    return this.shape(this.#published.video?.track?.sender, how);
  }

  close() {
    super.close();
    this.#room?.disconnect(false);
  }

  async #come() {
    this.#lib = await library(this.server);
    this.#lib.setLogLevel("silent"); // It would tell the console of people and their room.
    if (!this.isOver) {
      this.#room = this.#prepare();
      await this.#room.connect(this.server.url, this.server.token, { autoSubscribe: true, maxRetries: 0 });
      this.#enter();
    }
  }

  #prepare() {
    const { Room, RoomEvent: on } = this.#lib;
    const room = new Room({
      stopLocalTrackOnUnpublish: false,
      publishDefaults: { simulcast: false, stopMicTrackOnMute: false, dtx: true, red: true },
      reconnectPolicy: { nextRetryDelayInMs: ({ retryCount }) => (retryCount < RETRIES ? RETRY_MS : null) },
    });
    const known = (participant) => this.people.get(participant?.identity);
    return room
      .on(on.ParticipantConnected, (participant) => this.#meet(participant))
      .on(on.ParticipantDisconnected, (participant) => known(participant)?.part())
      .on(on.TrackSubscribed, (track, _, participant) => known(participant)?.add(track))
      .on(on.TrackUnsubscribed, (track, _, participant) => known(participant)?.drop(track))
      .on(on.DataReceived, (data, participant) => this.#hear(data, known(participant)))
      .on(on.Reconnecting, () => this.people.forEach((person) => person.become("lost")))
      .on(on.Reconnected, () => this.#enter())
      .on(on.Disconnected, () => this.giveUp());
  }

  // In the room, or there again.
  #enter() {
    if (this.isOver) {
      return;
    }
    this.arrive();
    this.#admit();
    this.#room.remoteParticipants.forEach((participant) => this.#meet(participant));
    this.replace();
  }

  // Somebody is at the server: whom the portal has not named is nobody here.
  #meet(participant) {
    const person = this.people.get(participant.identity);
    if (person && !this.isOver) {
      for (const { track } of participant.trackPublications.values()) {
        track && person.add(track);
      }
      person.come();
    }
  }

  // The server passes sound and picture of this page on to these people only.
  #admit() {
    const allowed = [...this.people.keys()].map((participantIdentity) => ({ participantIdentity, allowAll: true }));
    this.isOpen && this.#room.localParticipant.setTrackSubscriptionPermissions(false, allowed);
  }

  async #publish(kind) {
    const [track, known, { Source }] = [this.tracks()[kind], this.#published[kind], this.#lib?.Track ?? {}];
    if (!this.isOpen || this.isOver || track === (known?.track?.mediaStreamTrack ?? null)) {
      return;
    }
    if (track && known) {
      await known.track.replaceTrack(track, true);
      known.track.isMuted && (await known.track.unmute());
    } else if (track) {
      const source = kind === "audio" ? Source.Microphone : Source.Camera;
      this.#published[kind] = await this.#room.localParticipant.publishTrack(track, { source });
    } else {
      this.#published[kind] = null;
      await this.#room.localParticipant.unpublishTrack(known.track, false);
    }
  }

  #hear(data, person) {
    const words = read(new TextDecoder().decode(data));
    words && person?.hear(words);
  }

  // How good it is in both directions.
  async #stats(theirs) {
    const own = Object.values(this.#published).map((publication) => publication?.track);
    const reports = await Promise.all([...theirs, ...own].map((track) => track?.getRTCStatsReport()));
    return { values: () => reports.flatMap((report) => (report ? [...report.values()] : [])) };
  }
}
