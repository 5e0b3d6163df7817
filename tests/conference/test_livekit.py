"""Rooms of LiveKit: tokens and calls as LiveKit's own library for Python judges them, and what its server tells.

Answers are those of livekit-server 1.13 (RoomService by Twirp, as JSON).
"""

import json
import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt as pyjwt
import pytest
from livekit.api import TokenVerifier, WebhookReceiver

from integrations.common.fetching import FetchedResponse, FetchFailed
from integrations.conference import servers
from integrations.conference.base import (
    ConferenceFailed,
    Entry,
    EventKind,
    EventRefused,
    Meeting,
)
from integrations.conference.livekit import LiveKitOptions, LiveKitRoom
from tests.harness.clock import NOW
from tests.steps.livekit import API
from tests.steps.livekit_service import (
    LIVEKIT_OPTIONS as OPTIONS,
)
from tests.steps.livekit_service import (
    UNAUTHENTICATED,
    UNTIL,
    LiveKitService,
    signed_by_livekit,
    told_by_livekit,
)

RECORDS = ("record", "egress", "agent", "ingress")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, time_machine: Any) -> LiveKitService:
    time_machine.move_to(NOW, tick=False)
    running = LiveKitService()
    monkeypatch.setattr(servers, "fetch_within", running)
    return running


@pytest.fixture
def room() -> LiveKitRoom:
    return LiveKitRoom(LiveKitOptions(**OPTIONS))


@pytest.fixture
def entry() -> Entry:
    start = NOW + timedelta(minutes=5)
    return Entry(Meeting(uuid.uuid4(), start, start + timedelta(minutes=30)), uuid.uuid4(), 1)


def test_join__gives_a_token_that_livekits_own_library_takes(
    server: LiveKitService, room: LiveKitRoom, entry: Entry
) -> None:
    given = room.join(entry, until=UNTIL).server

    claims = TokenVerifier(**API).verify(given["token"])
    assert claims.identity == room.badge(entry)
    assert claims.video.room_join
    assert list(server.rooms) == [claims.video.room]
    assert claims.video.can_publish_sources == ["camera", "microphone"]
    # Nobody's name, and nothing of the case.
    assert (claims.name, claims.metadata, claims.attributes) == ("", "", {})
    raw = pyjwt.decode(given["token"], options={"verify_signature": False})
    assert (raw["iss"], raw["exp"]) == (API["api_key"], int(UNTIL.timestamp()))
    assert given["script"] == OPTIONS["script_url"]
    assert given["integrity"] == OPTIONS["script_integrity"]


def test_token__ends_and_holds_for_nobody_elses_secret(
    server: LiveKitService, room: LiveKitRoom, entry: Entry, time_machine: Any
) -> None:
    token = room.join(entry, until=UNTIL).server["token"]
    with pytest.raises(pyjwt.InvalidSignatureError):
        TokenVerifier(API["api_key"], "x" * 40).verify(token)
    time_machine.move_to(UNTIL + timedelta(minutes=2), tick=False)
    with pytest.raises(pyjwt.ExpiredSignatureError):
        TokenVerifier(**API).verify(token)


def test_recording__is_asked_for_by_no_call_and_allowed_by_no_token(
    server: LiveKitService, room: LiveKitRoom, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: list[str] = []
    sign = LiveKitRoom._signed

    def note(self: LiveKitRoom, claims: Any) -> str:
        tokens.append(sign(self, claims))
        return tokens[-1]

    monkeypatch.setattr(LiveKitRoom, "_signed", note)
    server.come(room, entry)
    room.dismiss(entry, others=list)
    room.close(entry.meeting)
    room.outages()
    assert {name for name, _ in server.asked} == {
        "CreateRoom",
        "ListParticipants",
        "RemoveParticipant",
        "DeleteRoom",
        "ListRooms",
    }
    allowed = [pyjwt.decode(one, options={"verify_signature": False}) for one in tokens]
    assert len(allowed) == len(server.asked) + 1
    told = json.dumps([server.asked, allowed]).lower()
    assert not [word for word in RECORDS if word in told]


def test_dismissed__is_put_out_with_whoever_has_no_seat(
    server: LiveKitService, room: LiveKitRoom, entry: Entry
) -> None:
    other, stranger = (Entry(entry.meeting, uuid.uuid4(), 1) for _ in range(2))
    for one in (entry, other, stranger):
        server.come(room, one)

    room.dismiss(entry, others=lambda: [other])

    assert list(server.rooms.values()) == [[room.badge(other)]]


def test_dismissed__who_comes_in_anew_at_the_same_time_stays(
    server: LiveKitService, room: LiveKitRoom, entry: Entry
) -> None:
    """Whoever may stay is asked for once LiveKit has told who is there."""
    again = Entry(entry.meeting, entry.participant, 2)
    server.come(room, entry)

    def others() -> list[Entry]:
        server.come(room, again)
        return []

    room.dismiss(entry, others=others)
    assert list(server.rooms.values()) == [[room.badge(again)]]


def test_coming_in_anew__ends_the_earlier_entry(
    server: LiveKitService, room: LiveKitRoom, entry: Entry
) -> None:
    server.come(room, entry)
    again = Entry(entry.meeting, entry.participant, 2)
    server.come(room, again)
    assert list(server.rooms.values()) == [[room.badge(again)]]


def test_close__takes_the_room_down_and_may_be_called_again(
    server: LiveKitService, room: LiveKitRoom, entry: Entry
) -> None:
    server.come(room, entry)
    room.close(entry.meeting)
    room.close(entry.meeting)
    room.dismiss(entry, others=list)
    assert server.rooms == {}


def test_moved_reception__has_another_room_and_other_names(
    room: LiveKitRoom, entry: Entry, server: LiveKitService
) -> None:
    later = Meeting(entry.meeting.room, NOW + timedelta(days=1), NOW + timedelta(days=1))
    moved = Entry(later, entry.participant, entry.session)
    server.come(room, entry)
    server.come(room, moved)
    assert len(server.rooms) == 2
    assert room.badge(entry) != room.badge(moved)


# What the server tells.


@pytest.fixture
def name(server: LiveKitService, room: LiveKitRoom, entry: Entry) -> str:
    room.ensure_room(entry.meeting)
    return next(iter(server.rooms))


def test_event__that_livekit_has_signed_is_read(room: LiveKitRoom, entry: Entry, name: str) -> None:
    body = told_by_livekit("participant_joined", name, "somebody")
    headers = signed_by_livekit(body)
    WebhookReceiver(TokenVerifier(**API)).receive(body.decode(), headers["Authorization"])

    found = room.read_events(body, headers, now=NOW)

    assert found.event is not None
    assert (found.event.kind, found.event.badge) == (EventKind.JOINED, "somebody")
    assert (found.event.meeting.room, found.event.meeting.start) == (
        entry.meeting.room,
        entry.meeting.start,
    )
    assert found.expires_at > NOW
    again = room.read_events(body, signed_by_livekit(body, nbf=1), now=NOW)
    assert again.signature == found.signature, "the same words are known again by any signature"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: (body + b" ", signed_by_livekit(body)),
        lambda body: (body, signed_by_livekit(body, secret="s" * 40)),
        lambda body: (body, signed_by_livekit(body, iss="APIother")),
        lambda body: (body, signed_by_livekit(body, exp=int(NOW.timestamp()) - 120)),
        lambda body: (body, signed_by_livekit(body, exp=10**18)),
        lambda body: (body, signed_by_livekit(body, exp=None)),
        lambda body: (body, signed_by_livekit(body, sha256=None)),
        lambda body: (body, signed_by_livekit(body, sha256="ґ")),
        lambda body: (body, {}),
        lambda body: (body, {"Authorization": "a.b.c"}),
        lambda body: (b"[" * 50_000, signed_by_livekit(b"[" * 50_000)),
        lambda body: (b"[]", signed_by_livekit(b"[]")),
    ],
)
def test_event__that_is_not_genuine_is_refused(
    room: LiveKitRoom, name: str, spoil: Callable[[bytes], tuple[bytes, dict[str, str]]]
) -> None:
    body, headers = spoil(told_by_livekit("participant_joined", name, "somebody"))
    with pytest.raises(EventRefused):
        room.read_events(body, headers, now=NOW)


@pytest.mark.parametrize(
    "body",
    [
        told_by_livekit("track_published", "NAME"),
        told_by_livekit("participant_joined", "of somebody else"),
        told_by_livekit("participant_joined", f"{'0' * 32}-{'9' * 12}-{'0' * 40}"),
        told_by_livekit("participant_joined", f"{'0' * 32}-{'1' * 9}-{'0' * 40}"),
        b'{"event": "participant_joined", "room": [], "participant": 1}',
        b'{"event": {"a": 1}, "room": {"name": 1}}',
        b"{}",
    ],
)
def test_event__of_nothing_that_the_portal_wants_to_know_tells_nothing(
    room: LiveKitRoom, name: str, body: bytes
) -> None:
    body = body.replace(b"NAME", name.encode())
    assert room.read_events(body, signed_by_livekit(body), now=NOW).event is None


# Failures.


@pytest.mark.parametrize(
    "answer",
    [
        FetchedResponse(200, b"["), FetchedResponse(200, b"[]"), FetchedResponse(200, b"[" * 50_000),
        FetchedResponse(500, b""), FetchedResponse(302, b"{}"), UNAUTHENTICATED,
        FetchedResponse(404, b"not_found"), FetchedResponse(404, b'{"code": "bad_route"}'),
    ],
)  # fmt: skip
def test_answers__that_livekit_does_not_give_are_a_failure_of_the_conference(
    server: LiveKitService, room: LiveKitRoom, entry: Entry, answer: FetchedResponse
) -> None:
    server.answer = answer
    for ask in (room.ensure_room, room.close):
        with pytest.raises(ConferenceFailed):
            ask(entry.meeting)


@pytest.mark.parametrize("people", [None, "x", [1, {}, {"identity": "a"}]])
def test_people__who_are_told_in_no_shape_of_livekits_are_nobody_or_put_out(
    server: LiveKitService, room: LiveKitRoom, entry: Entry, people: Any
) -> None:
    body = json.dumps({"participants": people}).encode()
    server.answer = FetchedResponse(200, body)
    room.sweep(entry.meeting, others=list)


def test_outages__say_what_is_wrong(
    server: LiveKitService, room: LiveKitRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.outages() == []
    other = LiveKitRoom(LiveKitOptions(**OPTIONS | {"script_integrity": f"sha256-{'A' * 43}="}))
    assert other.outages() == ["The script of LiveKit is not the file that the settings name."]
    server.answer = UNAUTHENTICATED
    assert room.outages() == [
        "LiveKit does not accept the key and the secret.",
        "The script of LiveKit cannot be fetched.",
    ]

    def fail(*args: Any, **kwargs: Any) -> FetchedResponse:
        raise FetchFailed("ConnectTimeout")

    monkeypatch.setattr(servers, "fetch_within", fail)
    assert room.outages()[0] == "LiveKit does not answer."


def test_secrets__stand_in_no_log_and_no_traceback(
    server: LiveKitService, room: LiveKitRoom, entry: Entry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    joining = room.join(entry, until=UNTIL)
    server.answer = UNAUTHENTICATED
    with pytest.raises(ConferenceFailed) as failure:
        room.ensure_room(entry.meeting)
    for secret in (API["api_secret"], joining.server["token"]):
        for told_ in (caplog.text, repr(LiveKitOptions(**OPTIONS)), repr(joining), str(failure)):
            assert secret not in told_


def test_page__may_speak_with_livekit_and_load_its_library_and_nothing_else(
    room: LiveKitRoom,
) -> None:
    assert room.page_sources == {
        "connect-src": ("wss://livekit.example.gov.ua", "https://livekit.example.gov.ua"),
        "script-src": ("https://static.example.gov.ua",),
    }


@pytest.mark.parametrize(
    ("options", "is_abroad"),
    [
        ({}, False),
        ({"country": "UA", "url": "wss://media.example.com"}, False),
        ({"country": "DE"}, True),
        ({"url": "wss://portal.livekit.cloud"}, True),
        ({"url": "wss://livekit.example.gov.ua.example.com"}, True),
    ],
)
def test_server_abroad__is_told(options: dict[str, Any], is_abroad: bool) -> None:
    assert bool(LiveKitRoom(LiveKitOptions(**OPTIONS | options)).check()) == is_abroad


@pytest.mark.parametrize(
    "options",
    [
        {"url": "ws://livekit.example.gov.ua"},
        {"url": None},
        {"api_url": "http://livekit.example.gov.ua"},
        {"api_key": ""},
        {"api_secret": "short"},
        {"script_url": "/static/livekit.js"},
        {"script_integrity": "sha384-"},
        {"script_integrity": f"md5-{'A' * 64}"},
        {"country": "Ukraine"},
        {"country": "ua"},
        {"max_people": 1},
    ],
)
def test_options__that_cannot_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        LiveKitOptions(**OPTIONS | options)
