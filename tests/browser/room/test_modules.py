"""The parts of the room's script that decide without a person, each word of them."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.steps.in_room import run


def test_signalling__waits_longer_after_each_failure_and_asks_often_while_connecting(
    page: Page,
) -> None:
    waits = run(page, "signalling", "return [1, 2, 3, 4, 5, 6, 60].map(it.backoff);")
    paces = run(
        page,
        "signalling",
        """return [[false, false], [true, false], [false, true], [true, true]]
          .map(([connecting, batches]) => it.pace(10000, { connecting, batches }));""",
    )

    assert waits == [500, 1000, 2000, 4000, 8000, 10_000, 10_000]
    assert paces == [10_000, 500, 1000, 500]


OUTBOX = """
  const sent = [];
  const before = window.fetch;
  let failures = value;
  window.fetch = async (url, { body }) => {
    const { payload } = JSON.parse(body);
    sent.push(payload ?? "poll");
    const status = payload && failures.shift() || 200;
    if (status === "offline") throw new TypeError("offline");
    return new Response(JSON.stringify({ poll_ms: 10000, after: 0, messages_after: 0 }), { status });
  };
  const line = new it.Signalling("/room/", { value: "" },
    { told: () => ({}), hear: () => ({}), failed: () => {} });
  await line.enter();
  line.start();
  line.send("a", 1, "description", "first");
  await line.send("a", 1, "candidate", "second");
  line.stop();
  window.fetch = before;
  return sent.filter((one) => one !== "poll");
"""


@pytest.mark.parametrize(
    ("failures", "sent"),
    [
        ([], ["first", "second"]),
        (["offline", 503], ["first", "first", "first", "second"]),
        ([409], ["first", "second"]),
    ],
)
def test_signalling__sends_each_signal_in_its_order_until_it_has_arrived_or_is_refused(
    page: Page, failures: list[Any], sent: list[str]
) -> None:
    assert run(page, "signalling", OUTBOX, failures) == sent


SEVERAL = """
  const sent = [];
  const before = window.fetch;
  window.fetch = async (url, { body }) => {
    const { to, payload } = JSON.parse(body);
    if (to === "slow") await new Promise((again) => setTimeout(again, 300));
    payload && sent.push([to, payload.number]);
    return new Response(JSON.stringify({ poll_ms: 10000, after: 0, messages_after: 0 }));
  };
  const line = new it.Signalling("/room/", { value: "" },
    { told: () => ({}), hear: () => ({}), failed: () => {} });
  await line.enter();
  line.start();
  const all = [["slow", 1], ["slow", 2], ["quick", 1], ["quick", 2]].map(([to, number]) =>
    line.send(to, 1, "candidate", { number }));
  await Promise.all(all);
  line.stop();
  window.fetch = before;
  return sent;
"""


def test_signalling__signals_to_one_person_wait_for_nobody_elses(page: Page) -> None:
    assert run(page, "signalling", SEVERAL) == [
        ["quick", 1], ["quick", 2], ["slow", 1], ["slow", 2],
    ]  # fmt: skip


POLLED = """
  const polls = [];
  const before = window.fetch;
  window.fetch = async (url) => {
    if (url.endsWith("poll/")) polls.push(performance.now());
    const status = url.endsWith("poll/") && polls.length === value.refused ? 429 : 200;
    const headers = { "Retry-After": "2" };
    const body = { poll_ms: 10000, after: 0, messages_after: 0 };
    return new Response(JSON.stringify(body), { status, headers });
  };
  const line = new it.Signalling("/room/", { value: "" },
    { told: () => ({}), hear: () => ({}), failed: () => {} });
  await line.enter();
  line.start();
  while (polls.length < value.polls) {
    line[value.act]();
    await new Promise((again) => setTimeout(again, 5));
  }
  line.stop();
  window.fetch = before;
  return polls.slice(1).map((moment, number) => moment - polls[number]);
"""
UNHURRIED_MS = 10_000


def test_signalling__asks_no_sooner_than_it_may_whatever_the_others_send(page: Page) -> None:
    """Each notice of the other side hurries the next question: hundreds of them in a second too."""

    def pauses(act: str, polls: int, refused: int = 0) -> list[float]:
        """How long it took from each question to the next, in ms."""
        wanted = {"act": act, "polls": polls, "refused": refused}
        measured: list[float] = run(page, "signalling", POLLED, wanted)
        assert max(measured) < UNHURRIED_MS
        return measured

    assert min(pauses("hurry", 4)) >= 449
    assert min(pauses("hurry", 2, refused=1)) >= 1999, "the server said when to come again"
    # The first notice hurries at once, after the first question; how late that goes on a busy machine
    # shortens the pause to the third question, not the time from the first.
    assert sum(pauses("nudge", 3)) >= 1999, "what others send hurries once in two seconds"


def test_clock__is_that_of_the_server(page: Page) -> None:
    script = """
      const clock = new it.Clock("2026-12-01T10:25:30+02:00");
      return [
        clock.minutes("2026-12-01T08:30:00+00:00"),
        clock.minutes("2026-12-01T10:25:00+02:00"),
        it.inMinutes(1, "uk"), it.inMinutes(5, "uk"), it.inMinutes(61, "uk"), it.inMinutes(0, "uk"),
        it.clockOf("2026-12-01T08:30:00+00:00", "Europe/Kyiv", "uk"),
      ];
    """

    assert run(page, "clock", script) == [
        5, 0, "1 хвилина", "5 хвилин", "1 година 1 хвилина", "0 хвилин", "10:30",
    ]  # fmt: skip


def test_clock__warns_once_five_minutes_before_the_end(page: Page) -> None:
    script = """
      const warn = it.warner();
      const first = [7, 6, 5, 4, 0].map((minutes) => warn(minutes, "11:00"));
      return [first, warn(5, "11:15"), it.warner()(2, "11:00")];
    """

    assert run(page, "clock", script) == [[False, False, True, False, False], True, True]


MEASURED = [
    ({"lost": 0, "received": 100}, {"lost": 0, "received": 300, "rtt": 0.05}, (50, 0, None)),
    ({"lost": 10, "received": 100}, {"lost": 60, "received": 150, "rtt": 0.3}, (300, 50, None)),
    ({"lost": 0, "received": 0}, {"lost": 0, "received": 0}, (0, 0, None)),
    (
        {"lost": 0, "received": 0},
        {"lost": 0, "received": 9, "fraction": 0.25, "limited": True, "estimate": 96_000},
        (0, 25, 96),
    ),
    (
        {"lost": 0, "received": 0},
        {"lost": 0, "received": 9, "limited": False, "estimate": 96_000},
        (0, 0, None),
    ),
]


def test_quality__is_measured_between_two_looks(page: Page) -> None:
    script = """return value.map(([before, now]) => {
      const { rtt_ms, loss_percent, kbit_per_s } = it.measures(before, now);
      return [rtt_ms, loss_percent, Number.isFinite(kbit_per_s) ? kbit_per_s : null];
    });"""

    assert run(page, "quality", script, [case[:2] for case in MEASURED]) == [
        list(wanted) for *_, wanted in MEASURED
    ]


def test_quality__the_picture_goes_when_the_line_stays_bad_and_comes_back_later(page: Page) -> None:
    script = """
      const look = it.follower();
      const good = { rtt_ms: 50, loss_percent: 0, kbit_per_s: Infinity };
      const bad = { rtt_ms: 50, loss_percent: 40, kbit_per_s: 30 };
      return [good, bad, good, bad, bad, good, good, good, good]
        .map(look).map(({ picture }) => picture);
    """

    assert run(page, "quality", script) == [
        True, True, True, True, False, False, False, False, True,
    ]  # fmt: skip
    assert run(page, "quality", "return it.best(['problem', 'advice']);") == "advice"


def test_budget__of_several_is_shared_and_who_does_not_speak_is_small(page: Page) -> None:
    fine, weak = {"estimate": 300_000, "isFine": True}, {"estimate": 200_000, "isFine": False}
    poor = {"estimate": 96_000, "isFine": False}
    one = {"height": 720, "speaks": True, "total": 1_000_000}
    cases = [
        one | {"lines": [weak]},
        one | {"lines": [fine, weak, poor]},
        one | {"lines": [fine, weak], "speaks": False},
        one | {"lines": [fine, fine], "othersSign": True},
        one | {"lines": [fine, poor], "signs": True, "othersSign": True},
        one | {"lines": [fine, fine], "speaks": False, "shows": True},
    ]
    free, large = {"bits": None, "scale": 1, "fps": None}, {"scale": 1, "fps": None}
    small = {"scale": 4, "fps": 10}

    assert run(page, "budget", "return value.map((one) => it.plan(one));", cases) == [
        [free],
        [large | {"bits": 193_333}, large | {"bits": 100_000}, large | {"bits": 30_000}],
        [small | {"bits": 150_000}, small | {"bits": 100_000}],
        [small | {"bits": 150_000}, small | {"bits": 150_000}],
        [free, free],
        [large | {"bits": 310_000}, large | {"bits": 310_000}],
    ]


def test_budget__follows_the_line_down_and_tries_more_while_all_is_well(page: Page) -> None:
    fine, weak = {"estimate": 300_000, "isFine": True}, {"estimate": 200_000, "isFine": False}
    cases = [
        [0, []], [1_000_000, [fine, fine]], [4_000_000, [fine, fine]],
        [1_000_000, [weak, weak]], [1_000_000, [fine, weak]],
    ]  # fmt: skip

    assert run(page, "budget", "return value.map((one) => it.guess(...one));", cases) == [
        1_250_000, 1_250_000, 4_000_000, 200_000, 1_250_000,
    ]  # fmt: skip


QUIET = """
  const [heard, tags] = [[], []];
  const before = window.fetch;
  window.fetch = async (url, { headers }) => {
    if (!url.endsWith("poll/")) return new Response("{}");
    tags.push(headers["If-None-Match"] ?? "");
    const known = { poll_ms: 1, after: 7, messages_after: 3, phase: "admitted", messages: ["так"], guests: [] };
    return tags.length === 1
      ? new Response(JSON.stringify(known), { headers: { ETag: '"one"' } })
      : new Response(null, { status: 204 });
  };
  const line = new it.Signalling("/room/", { value: "" },
    { told: () => ({}), hear: (answer) => { heard.push(answer); return {}; }, failed: () => {} });
  await line.enter();
  line.start();
  while (heard.length < 2) await new Promise((again) => setTimeout(again, 5));
  line.stop();
  window.fetch = before;
  return [tags.slice(0, 2), heard.slice(0, 2).map(({ phase, after, messages, guests }) => [phase, after, messages, guests])];
"""


def test_signalling__nothing_new_is_as_it_was_and_delivers_nothing_again(page: Page) -> None:
    tags, heard = run(page, "signalling", QUIET)
    assert tags == ["", '"one"']
    assert heard == [["admitted", 7, ["так"], []], ["admitted", 7, [], None]]


LEFT = """
  const before = window.fetch;
  const answers = [];
  window.fetch = (url) => url.endsWith("poll/")
    ? new Promise((answer) => answers.push(answer))
    : Promise.resolve(new Response("{}"));
  const until = async (wanted) => {
    while (!wanted()) await new Promise((again) => setTimeout(again, 5));
  };
  const heard = [];
  const line = new it.Signalling("/room/", { value: "" },
    { told: () => ({}), hear: (answer) => heard.push(answer), failed: () => heard.push("failed") });
  await line.enter();
  line.start();
  await until(() => answers.length);
  await line.leave();
  const late = new Response(JSON.stringify({ phase: "admitted" }), { status: value });
  const read = late.json.bind(late);
  let isRead = false;
  late.json = () => read().finally(() => (isRead = true));
  answers[0](late);
  await until(() => isRead);
  await new Promise((again) => setTimeout(again, 5));
  window.fetch = before;
  return [answers.length, heard];
"""


@pytest.mark.parametrize("status", [200, 500])
def test_signalling__an_answer_that_comes_after_leaving_leads_nobody_back(
    page: Page, status: int
) -> None:
    assert run(page, "signalling", LEFT, status) == [1, []]


def test_media__tells_speech_and_what_is_wrong(page: Page) -> None:
    script = """
      const is = it.speech();
      return [0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].map((parts) => is(parts));
    """
    tracks = [
        (None, {}),
        ({"readyState": "live", "muted": False}, {}),
        ({"readyState": "ended", "muted": True}, {}),
        ({"readyState": "live", "muted": True}, {"silent": True}),
        ({"readyState": "live", "muted": False}, {"silent": True}),
    ]

    assert run(page, "media", script) == [False] + [True] * 8 + [False] * 3
    assert run(page, "media", "return value.map((one) => it.trouble(...one));", tracks) == [
        "", "", "ended", "taken", "silent",
    ]  # fmt: skip


GLARE = """
  const peers = {};
  let [underway, answers] = [0, 0];
  const post = (to) => (peer, kind, payload) => {
    underway += 1;
    setTimeout(async () => {
      await peers[to].receive({ kind, payload });
      underway -= 1;
      answers += payload.type === "answer";
    }, 20 * Math.random());
  };
  const nothing = () => {};
  const make = (me, id) => new it.Peer({
    me, id, session: 1, ice: {}, tracks: {}, send: post(id), changed: nothing,
    heard: (peer, words) => (peers.heard = words), hopeless: nothing,
  });
  const states = () => [peers.a.state, peers.b.state].join();
  const settle = async (wanted) => {
    for (let look = 0; look < 200 && !wanted(); look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  peers.a = make("a", "b");
  peers.b = make("b", "a");
  await settle(() => peers.a.isOpen && peers.b.isOpen);
  const met = [states(), peers.a.stream.getTracks().length, peers.b.stream.getTracks().length];
  // Both look for another way at once.
  const before = answers;
  peers.a.mend();
  peers.b.mend();
  await settle(() => answers > before && !underway);
  peers.a.say({ t: "live", text: "ї" });
  await settle(() => peers.heard && states() === "connected,connected");
  const after = [states(), peers.heard];
  peers.a.close();
  peers.b.close();
  return [met, after];
"""


def test_peer__meets_and_survives_two_proposals_at_once(page: Page) -> None:
    met, after = run(page, "peer", GLARE)

    assert met == ["connected,connected", 2, 2]
    assert after == ["connected,connected", {"t": "live", "text": "ї"}]


EARLY = """
  const sent = [];
  const taken = [];
  const take = RTCPeerConnection.prototype.addIceCandidate;
  RTCPeerConnection.prototype.addIceCandidate = async function (candidate) {
    await take.call(this, candidate);
    taken.push(candidate.candidate);
  };
  const peer = new it.Peer({
    me: "b", id: "a", session: 1, ice: {}, tracks: {}, send: (one, kind) => sent.push(kind),
    changed: () => {}, heard: () => {}, hopeless: () => {},
  });
  const other = new RTCPeerConnection();
  other.createDataChannel("room", { negotiated: true, id: 1 });
  ["audio", "video"].forEach((kind) => other.addTransceiver(kind));
  const candidates = [];
  const all = new Promise((resolve) => other.addEventListener("icecandidate", ({ candidate }) =>
    candidate ? candidate.candidate && candidates.push(candidate.toJSON()) : resolve()));
  await other.setLocalDescription();
  await all;
  for (const payload of candidates) await peer.receive({ kind: "candidate", payload });
  await peer.receive({ kind: "candidate", payload: { candidate: "candidate:nonsense", sdpMid: "0" } });
  await peer.receive({ kind: "description", payload: { type: "answer", sdp: "v=0" } });
  await peer.receive({ kind: "description", payload: other.localDescription.toJSON() });
  peer.close();
  other.close();
  RTCPeerConnection.prototype.addIceCandidate = take;
  const answers = sent.filter((kind) => kind === "description").length;
  return [candidates.map(({ candidate }) => candidate), taken, answers];
"""


def test_peer__keeps_early_candidates_and_is_not_held_up_by_nonsense(page: Page) -> None:
    told, taken, answers = run(page, "peer", EARLY)

    assert told
    assert taken == told
    assert answers == 1


CLOSED = """
  const Plain = window.RTCPeerConnection;
  const every = window.setInterval;
  const [made, stats, ticks, written] = [[], [], [], []];
  window.setInterval = (act) => ticks.push(act);
  window.RTCPeerConnection = class extends EventTarget {
    constructor() {
      super();
      made.push(this);
    }
    createDataChannel = () => Object.assign(new EventTarget(), { readyState: "connecting" });
    getStats = () => new Promise((resolve) => stats.push(resolve));
    close() {}
  };
  const place = document.createElement("p");
  const mute = new Proxy({}, { get: () => () => place });
  const view = new Proxy({}, { get: (_, name) => () => written.push(name) && place });
  const media = { sent: {}, on: {}, speaking: false };
  const call = new it.Call({ view, own: { media, told: {}, lend() {} }, stage: mute, text: mute, line: mute, notices: mute });
  const entered = { participant: "b", engine: "own", ice_servers: [], ice_transport_policy: "all" };
  const people = [{ id: "a", name: "a", session: 1, state: "admitted", is_here: true, media: {} }];

  const entering = call.enter(entered);
  call.close();
  await entering;
  call.follow(people);
  const connections = made.length;

  await call.enter(entered);
  call.follow(people);
  made[0].connectionState = "connected";
  made[0].dispatchEvent(new Event("connectionstatechange"));
  const looking = ticks.at(-1)();
  call.close();
  written.length = 0;
  stats[0](new Map());
  await looking;
  [window.RTCPeerConnection, window.setInterval] = [Plain, every];
  return [connections, stats.length, written];
"""


def test_call__closed_while_it_begins_or_looks_at_its_lines_does_nothing_more(page: Page) -> None:
    assert run(page, "call", CLOSED) == [0, 1, []]


def test_peer__closed_has_no_numbers(page: Page) -> None:
    script = """
      const nothing = () => {};
      const peer = new it.Peer({ me: "b", id: "a", session: 1, ice: {}, tracks: {}, send: nothing,
        changed: nothing, heard: nothing, hopeless: nothing });
      peer.close();
      return (await peer.stats()) === undefined;
    """

    assert run(page, "peer", script) is True


def test_people__who_was_let_in_and_does_not_answer_is_listed(page: Page) -> None:
    people = [
        {"id": "me", "name": "Я", "state": "admitted", "is_here": True, "guest": None},
        {"id": "a", "name": "Коваленко", "state": "admitted", "is_here": False, "guest": None},
        {"id": "b", "name": "Руденко", "state": "admitted", "is_here": False, "guest": "g"},
        {"id": "c", "name": "Хтось", "state": "waiting", "is_here": False, "guest": None},
        {"id": "d", "name": "Пішла", "state": "left", "is_here": False, "guest": None},
    ]
    guests = [{"id": "g", "name": "Руденко", "end": "", "tried": False}]
    script = "return it.rows(...value, 'me').map(({ name, words }) => [name, words]);"

    assert run(page, "people", script, [people, guests]) == [
        ["Я", "role_you"], ["Коваленко", "away"], ["Руденко", "away"],
    ]  # fmt: skip


PAIRS = """
  const made = [];
  const sent = [];
  const Plain = RTCPeerConnection;
  window.RTCPeerConnection = class extends Plain {
    constructor(configuration) {
      super(configuration);
      made.push(this);
    }
  };
  const place = document.createElement("p");
  const mute = new Proxy({}, { get: () => () => place });
  const media = { sent: {}, on: {}, speaking: false };
  const line = new Proxy({ send: (to, session, kind, { epoch }) => sent.push([to, kind, epoch]) },
    { get: (known, name) => known[name] ?? (() => {}) });
  const call = new it.Call({ view: mute, own: { media, told: {}, lend() {} }, stage: mute, text: mute, line,
    notices: mute, begun: () => sent.push(["begun"]) });
  await call.enter({ participant: "b", engine: "own", ice_servers: [], ice_transport_policy: "all" });
  const people = ["a", "c"].map((id) => (
    { id, name: id, session: 1, state: "admitted", is_here: true, media: {} }));
  call.follow(people);
  const other = new Plain();
  other.createDataChannel("room", { negotiated: true, id: 1 });
  ["audio", "video"].forEach((kind) => other.addTransceiver(kind));
  const { type, sdp } = await other.createOffer();
  const hear = (epoch) =>
    call.hear([{ from: "a", session: 1, kind: "description", payload: { type, sdp, epoch } }]);
  hear(1);
  hear(undefined);
  const open = () => made.map(({ signalingState }) => signalingState !== "closed");
  const answers = () => sent.filter(([to, kind]) => to === "a" && kind === "description");
  while (!answers().length) await new Promise((resolve) => setTimeout(resolve, 20));
  // What answers both would answer the second soon.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const answered = answers();
  const after = open();
  for (let attempt = 0; attempt < 3; attempt += 1) call.mend();
  const hopeless = open();
  call.follow([people[0]]);
  for (let attempt = 0; attempt < 3; attempt += 1) call.mend();
  call.close();
  other.close();
  window.RTCPeerConnection = Plain;
  return [after, answered, hopeless, sent.filter(([kind]) => kind === "begun").length];
"""


def test_call__two_of_several_begin_anew_and_the_others_lines_stay(page: Page) -> None:
    after, answered, hopeless, begun = run(page, "call", PAIRS)

    assert after == [False, True, True], "the line to the third stays"
    assert answered == [["a", "description", 1]], "and what an earlier attempt sends is for nobody"
    assert hopeless == [False, False, False, True, True]
    assert begun == 1, "with a single other the whole room is asked for"
