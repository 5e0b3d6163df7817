"""What the server of a conference tells: who has no seat is put out, each call counts once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.errors import ConferenceDown
from diia_videoreception.models import Participant
from diia_videoreception.services.rooms import entering
from diia_videoreception.services.rooms.events import take_event
from integrations.common.fetching import FetchedResponse
from integrations.conference import servers
from integrations.conference.base import (
    ConferenceFailed,
    Entry,
    EventKind,
    Meeting,
    ServerEvent,
    SignedEvent,
)
from integrations.conference.livekit import LiveKitOptions, LiveKitRoom
from tests.harness.clock import NOW
from tests.steps import rooms
from tests.steps.livekit_service import LIVEKIT_OPTIONS as OPTIONS
from tests.steps.livekit_service import LiveKitService, signed_by_livekit, told_by_livekit

pytestmark = pytest.mark.any_database

LIVEKIT = "integrations.conference.livekit.LiveKitRoom"
EVENTS = "/videoreception/conference/default/events/"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, time_machine: Any) -> LiveKitService:
    time_machine.move_to(NOW, tick=False)
    running = LiveKitService()
    monkeypatch.setattr(servers, "fetch_within", running)
    return running


@pytest.fixture
def meeting(transactional_db: None, settings: Any, server: LiveKitService) -> rooms.Meeting:
    """Begins five minutes from NOW, in a room of LiveKit."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": {"default": {"BACKEND": LIVEKIT, "OPTIONS": OPTIONS}}
    }
    return rooms.make_meeting()


@pytest.fixture
def room() -> LiveKitRoom:
    return LiveKitRoom(LiveKitOptions(**OPTIONS | {"name": "default"}))


def place(meeting: rooms.Meeting) -> Meeting:
    return Meeting(meeting.public_id, meeting.application.start, meeting.application.end)


def entry(meeting: rooms.Meeting, seat: Participant) -> Entry:
    return Entry(place(meeting), seat.public_id, seat.session)


def joined(at: Meeting, badge: str, signature: str = "first") -> SignedEvent:
    event = ServerEvent(EventKind.JOINED, at, badge)
    return SignedEvent(event, signature, NOW + timedelta(minutes=5))


def test_newcomer__with_a_seat_stays_and_one_without_is_put_out(
    meeting: rooms.Meeting, server: LiveKitService, room: LiveKitRoom
) -> None:
    citizen, official = meeting.meet()
    seated = [room.badge(entry(meeting, one)) for one in (citizen, official)]
    [people] = server.rooms.values()
    people[:] = [*seated, "stranger"]

    assert take_event("default", joined(place(meeting), seated[0]), now=NOW)
    assert people == [*seated, "stranger"], "who has a seat costs no call"
    assert take_event("default", joined(place(meeting), "stranger", "second"), now=NOW)
    assert people == seated


def test_who_has_left__and_comes_back_by_the_old_token_is_put_out(
    meeting: rooms.Meeting, server: LiveKitService, room: LiveKitRoom
) -> None:
    citizen, official = meeting.meet()
    entering.leave(visitor=meeting.citizen, public_id=meeting.public_id, window="w1", now=NOW)
    [people] = server.rooms.values()
    people[:] = [room.badge(entry(meeting, one)) for one in (citizen, official)]
    take_event("default", joined(place(meeting), people[0]), now=NOW)
    assert people == [room.badge(entry(meeting, official))]


@pytest.mark.parametrize("how", ["another time", "over", "another conference", "no application"])
def test_room__in_which_nobody_may_be_any_more_is_taken_down(
    meeting: rooms.Meeting, server: LiveKitService, room: LiveKitRoom, how: str
) -> None:
    meeting.meet()
    at, now = place(meeting), NOW
    if how == "another time":
        at = Meeting(at.room, at.start + timedelta(days=1), at.end)
    elif how == "no application":
        at = Meeting(uuid.uuid4(), at.start, at.end)
    elif how == "over":
        now = at.end + timedelta(hours=2)
    else:
        meeting.application.reception.conference = "other"
        meeting.application.reception.save(update_fields=["conference"])
    room.ensure_room(at)
    before = len(server.rooms)
    take_event("default", joined(at, "somebody"), now=now)
    assert len(server.rooms) == before - 1


def test_call__that_comes_again_changes_nothing(
    meeting: rooms.Meeting, server: LiveKitService
) -> None:
    meeting.meet()
    event = joined(place(meeting), "stranger")
    assert take_event("default", event, now=NOW)
    server.asked.clear()
    assert not take_event("default", event, now=NOW)
    assert server.asked == []


def test_server_that_fails_meanwhile__may_tell_it_again(
    meeting: rooms.Meeting, server: LiveKitService, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting.meet()
    [people] = server.rooms.values()
    people.append("stranger")
    event = joined(place(meeting), "stranger")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise ConferenceFailed("down")

    with monkeypatch.context() as down:
        down.setattr(LiveKitRoom, "sweep", fail)
        with pytest.raises(ConferenceDown):
            take_event("default", event, now=NOW)
    assert "stranger" in people

    assert take_event("default", event, now=NOW)
    assert "stranger" not in people
    assert not take_event("default", event, now=NOW)


@pytest.fixture
def body(meeting: rooms.Meeting, server: LiveKitService) -> bytes:
    meeting.meet()
    [name] = server.rooms
    server.rooms[name] = ["stranger"]
    return told_by_livekit("participant_joined", name, "stranger")


def call(body: bytes, headers: dict[str, str], url: str = EVENTS) -> int:
    client = Client(enforce_csrf_checks=True)
    kind = "application/webhook+json"
    return client.post(url, body, content_type=kind, headers=headers).status_code


def test_call__that_livekit_has_signed_is_taken_and_any_other_refused(
    body: bytes, server: LiveKitService
) -> None:
    assert reverse("diia_videoreception:conference_events", args=["default"]) == EVENTS
    assert call(body, {}) == 403
    assert call(body + b" ", signed_by_livekit(body)) == 403
    assert list(server.rooms.values()) == [["stranger"]]
    assert call(body, signed_by_livekit(body)) == 204
    assert list(server.rooms.values()) == [[]]
    server.asked.clear()
    assert call(body, signed_by_livekit(body)) == 204
    assert server.asked == []


def test_call__of_an_engine_that_tells_nothing_or_too_much_is_refused(
    body: bytes, settings: Any
) -> None:
    large = body + b" " * 70_000
    assert call(large, signed_by_livekit(large)) == 403
    assert call(body, signed_by_livekit(body), EVENTS.replace("default", "other")) == 404
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": rooms.own_room()}
    assert call(body, signed_by_livekit(body)) == 404


def test_call__that_failed_here_is_answered_so_that_livekit_repeats_it(
    body: bytes, server: LiveKitService
) -> None:
    server.answer = FetchedResponse(500, b"{}")
    assert call(body, signed_by_livekit(body)) == 503
    server.answer = None
    assert call(body, signed_by_livekit(body)) == 204
    assert list(server.rooms.values()) == [[]]
