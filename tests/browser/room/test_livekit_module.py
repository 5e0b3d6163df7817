"""The script of a LiveKit room against a library that the test plays: who is reached, what goes out, what comes."""

from typing import Any

from playwright.sync_api import Page

from tests.steps.in_room import run

# A room in which nothing happens by itself; `room` is the last one made.
STAGE = """
const log = [];
let room, failing = "";
const told = { session: 1, changed() {}, heard: (_, words) => log.push(`heard ${words.t}`) };
const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
const events = ["ParticipantConnected", "ParticipantDisconnected", "TrackSubscribed", "TrackUnsubscribed",
  "DataReceived", "Reconnecting", "Reconnected", "Disconnected"];
const publication = (name) => ({ track: {
  mediaStreamTrack: name, isMuted: false,
  async replaceTrack(other) { this.mediaStreamTrack = other; log.push(`replaced by ${other}`); },
} });
class Room {
  state = "disconnected";
  remoteParticipants = new Map();
  handlers = {};
  localParticipant = {
    publishData: async (data, { destinationIdentities }) =>
      log.push(`${JSON.parse(new TextDecoder().decode(data)).t} to ${destinationIdentities}`),
    setTrackSubscriptionPermissions: (everybody, some) =>
      log.push(`heard by ${everybody || some.map((one) => one.participantIdentity)}`),
    publishTrack: async (track, { source }) => { log.push(`published ${track} as ${source}`); return publication(track); },
    unpublishTrack: async (track) => log.push(`unpublished ${track.mediaStreamTrack}`),
  };
  constructor() { room = this; }
  on(name, act) { this.handlers[name] = act; return this; }
  async connect() { if (failing) throw new Error(failing); this.state = "connected"; }
  async disconnect(stop) { log.push(`disconnected ${stop}`); }
}
window.LivekitClient = {
  setLogLevel() {}, Room, RoomEvent: Object.fromEntries(events.map((name) => [name, name])),
  Track: { Source: { Microphone: "microphone", Camera: "camera" } },
};
const append = document.head.append;
document.head.append = (script) => { log.push(`loads ${script.integrity}`); setTimeout(() => script.dispatchEvent(new Event("load"))); };
const sent = { audio: "voice", video: null };
const begin = (server = { url: "wss://media", token: "t", script: "/x.js", integrity: "sha384-x" }) => new it.LiveKit({
  server, tracks: () => sent, hopeless: (failures) => log.push(`hopeless ${failures}`), well: () => log.push("well"),
});
const somebody = (identity) => ({ identity, trackPublications: new Map() });
"""


def play(page: Page, script: str) -> Any:
    return run(page, "livekit", STAGE + script)


def test_people__whom_the_portal_does_not_name_hear_and_read_nothing(page: Page) -> None:
    assert play(
        page,
        """
        const engine = begin();
        await soon();
        const official = engine.peer({ ...told, id: "1", badge: "official" });
        room.handlers.ParticipantConnected(somebody("stranger"));
        official.say({ t: "live" });                       // Not there yet: nobody is to be reached.
        room.handlers.ParticipantConnected(somebody("official"));
        engine.say([official], { t: "live" });
        const data = new TextEncoder().encode('{"t": "said"}');
        room.handlers.DataReceived(data, somebody("stranger"));
        room.handlers.DataReceived(new Uint8Array([255]), somebody("official"));
        room.handlers.DataReceived(data, somebody("official"));
        room.handlers.DataReceived(data, undefined);
        const open = official.isOpen;
        room.handlers.ParticipantDisconnected(somebody("official"));
        engine.say([official], { t: "live" });
        official.close();
        return [open, official.state, ...log];
        """,
    ) == [
        True, "lost", "loads sha384-x", "well", "heard by ", "published voice as microphone",
        "heard by official", "live to official", "heard said", "heard by ",
    ]  # fmt: skip


def test_own_tracks__go_out_one_after_another_and_are_never_stopped_by_the_library(
    page: Page,
) -> None:
    assert play(
        page,
        """
        const engine = begin();
        await soon();
        sent.video = "face";
        engine.replace();
        sent.video = "screen";
        await engine.replace();
        sent.video = "other face";
        await engine.replace();
        sent.video = null;
        await engine.replace();
        engine.close();
        await engine.replace();
        return log.filter((line) => !line.startsWith("heard"));
        """,
    ) == [
        "loads sha384-x", "well", "published voice as microphone", "published screen as camera",
        "replaced by other face", "unpublished other face", "disconnected false",
    ]  # fmt: skip


def test_server_that_fails__is_told_and_asked_for_anew_and_the_library_loaded_once(
    page: Page,
) -> None:
    assert play(
        page,
        """
        begin({});                                         // Who waits has got nothing.
        failing = "refused";
        begin();
        await soon();
        failing = "";
        const engine = begin();
        await soon();
        const official = engine.peer({ ...told, id: "1", badge: "official" });
        room.handlers.ParticipantConnected(somebody("official"));
        room.handlers.Reconnecting();
        const between = official.state;
        room.remoteParticipants.set("official", somebody("official"));
        room.handlers.Reconnected();
        const after = official.state;
        room.handlers.Disconnected();
        await soon();
        return [between, after, ...log.filter((line) => !/heard|published/.test(line))];
        """,
    ) == [
        "lost", "connected", "loads sha384-x", "disconnected false", "hopeless 1", "well", "well",
        "disconnected false", "hopeless 1",
    ]  # fmt: skip
