"""People who come into a room, and send signals, at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.models import Attendance, JournalAct, JournalRecord, Participant, Signal
from diia_videoreception.rules.signals import SignalKind
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import entering, signalling
from tests.harness.clock import NOW
from tests.steps.rooms import Meeting, make_meeting, own_room

AtOnce = Callable[..., list[object]]


@pytest.fixture
def meeting(transactional_db: None, settings: Any) -> Meeting:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    return make_meeting()


def test_official_and_moderator__who_open_at_once_both_come_in(
    meeting: Meeting, at_once: AtOnce
) -> None:
    def enter(visitor: Visitor) -> str:
        return meeting.enter(visitor).role

    outcomes = at_once(enter, [meeting.official, meeting.moderator, meeting.citizen])

    assert outcomes == ["official", "moderator", "citizen"]
    assert meeting.room.opened_at == NOW
    opened = JournalRecord.objects.filter(act=JournalAct.OPEN_ROOM)
    assert sorted(record.details["role"] for record in opened) == ["moderator", "official"]


def test_windows_of_one_person__that_come_at_once_leave_one_with_the_seat(
    meeting: Meeting, at_once: AtOnce
) -> None:
    def enter(window: str) -> int:
        return meeting.enter(meeting.citizen, window).session

    outcomes = at_once(enter, [f"w{number}" for number in range(6)])

    assert sorted(outcomes) == [1, 2, 3, 4, 5, 6]  # type: ignore[type-var]
    assert Participant.objects.count() == 1
    assert Attendance.objects.count() == 1


def test_signals__sent_at_once_get_numbers_of_their_own(meeting: Meeting, at_once: AtOnce) -> None:
    citizen, official = meeting.meet()

    def send(number: int) -> int | None:
        sender, to = (meeting.citizen, official) if number % 2 else (meeting.official, citizen)
        return signalling.signal(
            visitor=sender, public_id=meeting.public_id, window="w1", to=to.public_id,
            session=to.session, kind=SignalKind.CANDIDATE, payload={"candidate": ""}, now=NOW,
        )  # fmt: skip

    outcomes = at_once(send, range(8))

    assert sorted(outcomes) == list(range(1, 9))  # type: ignore[type-var]
    assert Signal.objects.count() == 8
    assert meeting.room.signals == 8


def test_leaving_while_another_window_comes__keeps_the_new_window(
    meeting: Meeting, at_once: AtOnce
) -> None:
    meeting.meet()

    def act(window: str) -> None:
        if window == "w1":
            entering.leave(
                visitor=meeting.citizen, public_id=meeting.public_id, window="w1", now=NOW
            )
        else:
            meeting.enter(meeting.citizen, window)

    at_once(act, ["w1", "w2"])

    own = Participant.objects.get(role="citizen")
    assert (own.window, own.state) == ("w2", "admitted")
