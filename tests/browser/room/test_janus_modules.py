"""The script of a Janus room against a server that the test plays: nothing is left open, nobody dead returns."""

from typing import Any

from playwright.sync_api import Page

from tests.steps.in_room import run

# Connections that never connect, and a Janus that answers each question as `play` says.
STAGE = """
const [log, opened, sockets] = [[], [], []];
const real = [window.RTCPeerConnection, window.WebSocket];
window.RTCPeerConnection = class extends EventTarget {
  localDescription = { toJSON: () => ({ type: "offer", sdp: "" }) };
  constructor() {
    super();
    opened.push(this);
  }
  createDataChannel = () => Object.assign(new EventTarget(), { readyState: "connecting" });
  addTransceiver = () => ({ sender: { replaceTrack: async () => {} } });
  async setLocalDescription() {}
  async setRemoteDescription() {}
  close() {
    opened.splice(opened.indexOf(this), 1);
  }
};
let [numbers, answer] = [0, () => ({})];
window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  readyState = 1;
  constructor() {
    super();
    sockets.push(this);
    queueMicrotask(() => this.dispatchEvent(new Event("open")));
  }
  send(data) {
    const { janus, transaction, handle_id: handle, body = {} } = JSON.parse(data);
    const name = body.ptype ?? body.request ?? janus;
    log.push(handle && name === "detach" ? `detach ${handle}` : name);
    const given = ["create", "attach"].includes(name) ? { data: { id: (numbers += 1) } } : answer(name, body);
    given && this.say({ janus: "success", transaction, ...given });
  }
  say(words) {
    queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(words) })));
  }
  close() {
    this.readyState = 3;
    queueMicrotask(() => this.dispatchEvent(new Event("close")));
  }
};
const data = (values) => ({ plugindata: { data: values } });
const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
const badge = async (id) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id)))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");
const begin = () => new it.Janus({
  server: { url: "wss://media" }, ice: {}, tracks: () => ({}), hopeless: () => log.push("hopeless"), well() {},
});
const told = { session: 1, changed() {}, heard() {} };
const done = async (value) => {
  await soon();
  [window.RTCPeerConnection, window.WebSocket] = real;
  return value;
};
"""


def play(page: Page, script: str) -> Any:
    return run(page, "janus", f"{STAGE} {script}")


def test_feed__that_went_while_it_was_announced_is_not_asked_for(page: Page) -> None:
    """Two come, and one goes again before the page has computed who they are."""
    script = """
      answer = (name) => name === "publisher" ? data({ private_id: 1 }) : data({});
      const janus = begin();
      janus.peer({ id: "a", badge: await badge("dead"), ...told });
      await soon();
      const [socket] = sockets;
      const event = (values) => socket.say({ janus: "event", sender: 2, ...data(values) });
      event({ publishers: [{ id: "other" }, { id: "dead" }] });
      event({ leaving: "dead" });
      await soon();
      const asked = log.includes("subscriber");
      janus.close();
      return done(asked);
    """

    assert play(page, script) is False


def test_subscription__that_the_server_refuses_gives_its_handle_back(page: Page) -> None:
    script = """
      answer = (name) =>
        name === "publisher" ? data({ private_id: 1, publishers: [{ id: "feed" }] })
          : data(name === "subscriber" ? { error_code: 428 } : {});
      const janus = begin();
      janus.peer({ id: "a", badge: await badge("feed"), ...told });
      await soon();
      const seen = log.slice(log.indexOf("subscriber"));
      janus.close();
      return done(seen);
    """

    assert play(page, script) == ["subscriber", "detach 3"]


def test_closed__while_it_begins_leaves_no_connection(page: Page) -> None:
    script = """
      let janus;
      answer = (name) => {
        name === "publisher" && queueMicrotask(() => queueMicrotask(() => janus.close()));
        return data({ private_id: 1 });
      };
      janus = begin();
      await soon();
      return done([opened.length, log.includes("hopeless")]);
    """

    assert play(page, script) == [0, False]


SUBSCRIPTION = """
  const [later, calls, given, log] = [[], [], [], []];
  const [setTimeout, Plain] = [window.setTimeout, window.RTCPeerConnection];
  window.setTimeout = (act, ms) => later.push([act, ms]);
  window.RTCPeerConnection = class extends EventTarget {
    localDescription = { toJSON: () => ({}) };
    async setLocalDescription() {}
    async setRemoteDescription() {}
    close() {}
  };
  const soon = () => new Promise((resolve) => setTimeout.call(window, resolve, 20));
  const one = new it.Subscription({
    id: "a", session: 1,
    open: () => new Promise((resolve, reject) => calls.push({ resolve, reject })),
    changed: ({ state }) => log.push(state),
    hopeless: () => log.push("hopeless"),
    closed() {},
  });
  const line = { detach: (handle) => given.push(handle), message: async () => ({}) };
  const again = () => later.at(-1)[0]();
  one.follow({ id: "feed" });
  const done = async (value) => {
    await soon();
    one.close();
    [window.setTimeout, window.RTCPeerConnection] = [setTimeout, Plain];
    return value;
  };
"""


def test_subscription__is_begun_anew_for_itself_and_less_and_less_often(page: Page) -> None:
    script = """
      for (let attempt = 0; attempt < 7; attempt += 1) {
        calls.at(-1).reject(new Error("refused"));
        await soon();
        again();
      }
      return done([calls.length, later.map(([, ms]) => ms), log]);
    """
    attempts, waits, log = run(page, "janus_subscription", SUBSCRIPTION + script)

    assert attempts == 8
    assert waits == [6000, 6500, 7000, 8000, 10_000, 14_000, 16_000, 16_000]
    assert log == ["lost"], "said once, and the others' lines stay"


def test_subscription__an_attempt_that_is_late_gives_its_handle_back(page: Page) -> None:
    script = """
      again();
      calls[1].resolve({ line, handle: 2, ice: {} });
      await soon();
      calls[0].resolve({ line, handle: 1, ice: {} });
      await soon();
      const late = [...given];
      one.close();
      return done([late, given]);
    """

    assert run(page, "janus_subscription", SUBSCRIPTION + script) == [[1], [1, 2]]
