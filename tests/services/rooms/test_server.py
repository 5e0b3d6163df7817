"""A room that a server of its own carries: who is let in there, who is put out, what when it fails."""

from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.models import Participant
from diia_videoreception.rules.rooms import Phase
from diia_videoreception.services.rooms import admitting, ending, entering, presence
from integrations.conference.base import Entry, Meeting
from tests.harness.clock import NOW
from tests.steps import rooms
from tests.steps.conferences import SERVED, Served


@pytest.fixture
def meeting(db: None, settings: Any) -> rooms.Meeting:
    """Begins five minutes from NOW, on a server."""
    Served.reset()
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": {"default": SERVED}
    }
    return rooms.make_meeting()


def enter(meeting: rooms.Meeting, visitor: Any, window: str = "w1") -> entering.Entered:
    return entering.enter(visitor=visitor, public_id=meeting.public_id, window=window, now=NOW)


def place(meeting: rooms.Meeting) -> Meeting:
    application = meeting.application
    return Meeting(application.public_id, application.start, application.end)


def entry(meeting: rooms.Meeting, participant: Participant) -> Entry:
    return Entry(place(meeting), participant.public_id, participant.session)


def test_waiting__gets_nothing_that_opens_the_server(meeting: rooms.Meeting) -> None:
    entered = enter(meeting, meeting.citizen)
    assert entered.phase is Phase.WAITING
    assert entered.joining is not None
    assert entered.joining.server == {}
    assert Served.heard("join") == []


def test_admitted__is_let_in_by_coming_in_once_more(meeting: rooms.Meeting) -> None:
    meeting.meet()
    Served.reset()
    entered = enter(meeting, meeting.citizen)
    assert entered.participant is not None
    assert entered.joining is not None
    assert entered.joining.server["url"] == "wss://media"
    assert entered.engine == "janus"
    assert Served.heard("join") == [entry(meeting, entered.participant)]


def test_badges__tell_the_admitted_who_is_who(meeting: rooms.Meeting) -> None:
    citizen, official = meeting.meet()

    def badges(visitor: Any) -> dict[int, str]:
        report = presence.Report(window="w1")
        return presence.poll(
            visitor=visitor, public_id=meeting.public_id, report=report, now=NOW
        ).badges

    assert badges(meeting.citizen) == {
        one.pk: f"{one.public_id.hex} {one.session}" for one in (citizen, official)
    }
    meeting.enter(meeting.moderator)
    assert len(badges(meeting.official)) == 3


@pytest.mark.parametrize("how", ["sent out", "leaves"])
def test_who_goes__is_put_out_at_the_server_too(meeting: rooms.Meeting, how: str) -> None:
    citizen, official = meeting.meet()
    if how == "leaves":
        entering.leave(visitor=meeting.citizen, public_id=meeting.public_id, window="w1", now=NOW)
    else:
        admitting.refuse(
            visitor=meeting.official,
            public_id=meeting.public_id,
            participant=citizen.public_id,
            now=NOW,
        )
    assert Served.heard("dismiss") == [entry(meeting, citizen)]
    assert Served.heard("others") == [{official.public_id}]


def test_end__takes_the_room_down(meeting: rooms.Meeting) -> None:
    meeting.meet()
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    assert Served.heard("close") == [place(meeting)]


def test_room_that_nobody_ended__is_taken_down_when_its_time_is_over(
    meeting: rooms.Meeting,
) -> None:
    meeting.meet()
    over = meeting.application.end + timedelta(hours=1)
    assert ending.tidy_closed(now=over) == 1
    assert Served.heard("close") == [place(meeting)]


def test_server_down__is_told_and_the_seat_is_kept(meeting: rooms.Meeting) -> None:
    meeting.meet()
    Served.is_down = True
    for visitor in (meeting.citizen, meeting.official):
        with pytest.raises(errors.ConferenceDown):
            enter(meeting, visitor)
    Served.is_down = False
    assert enter(meeting, meeting.citizen).phase is Phase.ADMITTED


def test_server_down__keeps_nobody_inside_and_ends_the_reception_all_the_same(
    meeting: rooms.Meeting,
) -> None:
    citizen, _ = meeting.meet()
    Served.is_down = True
    admitting.refuse(
        visitor=meeting.official,
        public_id=meeting.public_id,
        participant=citizen.public_id,
        now=NOW,
    )
    citizen.refresh_from_db()
    assert citizen.state == Participant.State.REMOVED
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    assert meeting.room.ended_at == NOW
