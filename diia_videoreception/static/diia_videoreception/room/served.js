// A conference that a server carries, as far as it is the same whichever server that is: who is in it, what
// was told last of the own devices, how the own picture goes out, and giving up. Its engine says what goes
// over the line.

export class Served {
  server;
  tracks;
  people = new Map(); // By the badge that the portal gave them.
  isOver = false;
  #name;
  #patience;
  #hopeless;
  #well;
  #media = null;
  #timer = 0;

  // `name` for the console, `patience` since this page was last in such a conference; `hopeless(failures)`
  // when nothing here mends it, `well()` when this page is in it.
  constructor({ server, tracks, hopeless, well }, name, patience) {
    [this.server, this.tracks, this.#hopeless, this.#well] = [server, tracks, hopeless, well];
    [this.#name, this.#patience] = [name, patience];
  }

  // Who waits has got nothing that opens the server.
  get lacksEntry() {
    return !this.server.url;
  }

  // What one person sends, by their badge, until they are closed.
  seat(badge, person) {
    this.people.set(badge, person);
    return person;
  }

  unseat(badge, person) {
    this.people.get(badge) === person && this.people.delete(badge);
  }

  // Remembers what is told of the own devices: who comes later is told it too.
  note(words) {
    if (words.t === "media") {
      this.#media = words;
    }
  }

  get media() {
    return this.#media;
  }

  // Comes in; what fails on the way is told to nobody but the console.
  async begin(come) {
    try {
      await come();
    } catch (error) {
      this.complain(error);
      this.giveUp();
    }
  }

  complain(error) {
    console.warn(this.#name, error.message);
  }

  // This page is in the conference, or there again.
  arrive() {
    this.#patience.renew();
    this.#well();
  }

  // How the own picture goes out; `sender` is its RTCRtpSender, if it goes out.
  async shape(sender, { active, fluent }) {
    const parameters = sender?.getParameters();
    if (parameters?.encodings?.length) {
      parameters.encodings[0].active = active;
      parameters.degradationPreference = fluent ? "maintain-framerate" : "balanced";
      await sender.setParameters(parameters).catch(() => {});
    }
  }

  // Nothing here mends it: the portal is asked for the room anew, and says what is wrong with it. The
  // first time at once, then less and less often.
  giveUp() {
    if (this.isOver || this.#timer) {
      return;
    }
    this.people.forEach((person) => person.part());
    this.#timer = this.#patience.fail((failures) => {
      this.close();
      this.#hopeless(failures);
    });
  }

  close() {
    this.isOver = true;
    clearTimeout(this.#timer);
    [...this.people.values()].forEach((person) => person.close());
  }
}
