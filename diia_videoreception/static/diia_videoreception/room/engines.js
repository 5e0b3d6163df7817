// What connects the people in a room: browser to browser, or by a server, whose script is only loaded
// where it is chosen.

import { Peer } from "./peer.js";

// From browser to browser.
class Peers {
  #ice;

  constructor({ ice, well }) {
    this.#ice = ice;
    well();
  }

  // Whether people who are let in have to come in anew before they are connected.
  get lacksEntry() {
    return false;
  }

  // Whether the conference's own page has the devices.
  get lendsDevices() {
    return false;
  }

  // Whether two people can connect anew while the others' lines stay.
  get isByPair() {
    return true;
  }

  peer(options) {
    return new Peer({ ...options, ice: this.#ice });
  }

  say(peers, words) {
    peers.forEach((peer) => peer.say(words));
  }

  // What goes out, each person's connection has of its own.
  replace() {}
  sendPicture() {}

  close() {}
}

// `entered` is the server's answer; `tracks()` tells what goes out, `hopeless(failures)` asks for the room
// anew, `well()` is told that what it takes is there, `view` is where a page of its own is shown.
export async function engineOf({ engine, server = {}, ice_servers: iceServers, ice_transport_policy: policy }, more) {
  // One way for everything: fewer addresses to try and to tell of.
  const ice = { iceServers, iceTransportPolicy: policy, bundlePolicy: "max-bundle" };
  if (engine === "janus") {
    const { Janus } = await import("./janus.js");
    return new Janus({ ...more, ice, server });
  }
  if (engine === "livekit") {
    const { LiveKit } = await import("./livekit.js");
    return new LiveKit({ ...more, server });
  }
  if (engine === "frame") {
    const { Frame } = await import("./frame.js");
    return new Frame({ ...more, server });
  }
  return new Peers({ ...more, ice });
}
