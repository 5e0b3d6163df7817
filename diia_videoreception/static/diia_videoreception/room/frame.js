// A conference on its own page: in a frame of ours, or in another tab. Its page opens the devices and
// shows everybody, so ours lets go of them; everything else stays: who waits, text, documents, the end.

const ALLOWED = "camera; microphone; display-capture; autoplay; fullscreen; speaker-selection";
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads";

// Another person, as the page knows a connection (peer.js): nothing of theirs comes this way.
class Somebody {
  stream = null;
  state = "connected";
  isOpen = false;

  constructor({ id, session }) {
    [this.id, this.session] = [id, session];
  }

  say() {}
  replace() {}
  sendPicture() {}
  receive() {}
  part() {}
  mend() {}
  close() {}

  async stats() {
    return null;
  }
}

export class Frame {
  #server;
  #view;
  #link;

  constructor({ server, view, well }) {
    [this.#server, this.#view] = [server, view];
    if (!this.lacksEntry) {
      this.#show();
      well();
    }
  }

  // Who waits has got nothing that opens the conference.
  get lacksEntry() {
    return !this.#server.url;
  }

  // The page opens no devices as long as the conference has them.
  get lendsDevices() {
    return !this.lacksEntry;
  }

  peer(options) {
    return new Somebody(options);
  }

  say() {}
  replace() {}
  sendPicture() {}

  close() {
    this.#view.find("framed").hidden = true;
    this.#view.find("frame").replaceChildren();
    this.#link?.removeAttribute("href");
    this.#view.find("room").classList.remove("is-framed");
  }

  #show() {
    const { url, embed } = this.#server;
    const framed = this.#view.find("framed");
    this.#link = framed.querySelector("a");
    this.#link.href = url;
    this.#link.classList.toggle("vr-button--secondary", Boolean(embed));
    // Nobody is in it twice.
    this.#link.onclick = () => this.#leaveFrame();
    this.#view.find("frame").replaceChildren(...(embed ? [this.#frame(url)] : []));
    this.#view.toggle("framed-tab", !embed);
    this.#view.find("room").classList.add("is-framed");
    framed.hidden = false;
  }

  #leaveFrame() {
    this.#view.find("frame").replaceChildren();
    this.#view.toggle("framed-tab", true);
  }

  #frame(src) {
    const frame = document.createElement("iframe");
    Object.assign(frame, { allow: ALLOWED, referrerPolicy: "no-referrer", title: this.#view.text("framed") });
    frame.setAttribute("sandbox", SANDBOX);
    frame.className = "vr-frame";
    frame.src = src;
    return frame;
  }
}
