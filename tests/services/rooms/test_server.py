"""A room that a server of its own carries: who is let in there, who is put out, what when it fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.models import Participant
from diia_videoreception.rules.rooms import Phase
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import admitting, ending, entering, inviting, presence
from integrations.conference.base import Entry, Meeting
from tests.harness.clock import NOW
from tests.steps import rooms
from tests.steps.conferences import SERVED, Served

pytestmark = pytest.mark.any_database


@pytest.fixture
def meeting(served: Any, settings: Any) -> rooms.Meeting:
    """Begins five minutes from NOW, on a server."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": {"default": SERVED}
    }
    return rooms.make_meeting()


def leave(meeting: rooms.Meeting, window: str) -> None:
    entering.leave(visitor=meeting.citizen, public_id=meeting.public_id, window=window, now=NOW)


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
        leave(meeting, "w1")
    else:
        _sends_out(meeting, citizen)
    assert Served.heard("dismiss") == [entry(meeting, citizen)]
    assert Served.heard("others") == [{(official.public_id, official.session)}]


def _sends_out(meeting: rooms.Meeting, citizen: Participant) -> None:
    admitting.refuse(
        visitor=meeting.official,
        public_id=meeting.public_id,
        participant=citizen.public_id,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("happens", "phase"),
    [
        (_sends_out, Phase.REFUSED),
        (lambda meeting, _: leave(meeting, "w2"), Phase.LEFT),
        (lambda meeting, _: enter(meeting, meeting.citizen, "w3"), Phase.SUPERSEDED),
        (lambda meeting, _: enter(meeting, meeting.citizen, "w2"), Phase.SUPERSEDED),
    ],
)
def test_seat__that_changes_while_the_server_lets_in_opens_nothing(
    meeting: rooms.Meeting, happens: Callable[[rooms.Meeting, Participant], object], phase: Phase
) -> None:
    citizen, official = meeting.meet()
    Served.reset()
    Served.meanwhile = lambda: happens(meeting, citizen)

    entered = enter(meeting, meeting.citizen, "w2")

    assert (entered.phase, entered.joining) == (phase, None)
    assert entered.participant is not None
    assert entry(meeting, entered.participant) in Served.heard("dismiss")
    citizen.refresh_from_db()
    staying = {(official.public_id, official.session)}
    if phase is Phase.SUPERSEDED:
        staying |= {(citizen.public_id, citizen.session)}
        assert Served.heard("dismiss") == [entry(meeting, entered.participant)], "not the newer one"
    assert Served.heard("others")[-1] == staying


def test_room__that_ends_while_the_server_lets_in_is_taken_down_again(
    meeting: rooms.Meeting,
) -> None:
    meeting.meet()
    Served.reset()
    Served.meanwhile = lambda: ending.end(
        visitor=meeting.official, public_id=meeting.public_id, now=NOW
    )
    assert enter(meeting, meeting.citizen).phase is Phase.ENDED
    assert [what for what, _ in Served.asked] == ["join", "close", "close"]


def test_guest__withdrawn_while_the_server_lets_in_is_put_out(meeting: rooms.Meeting) -> None:
    meeting.meet()
    invitation, secret = inviting.invite(
        visitor=meeting.official, public_id=meeting.public_id, role="companion", name="", now=NOW
    )
    inviting.accept(
        invitation=invitation.public_id,
        secret=secret,
        key="k" * 64,
        role="companion",
        name="Гість",
        now=NOW,
    )
    guest = Visitor(guest=invitation)
    seat = meeting.enter(guest)
    admitting.admit(
        visitor=meeting.official, public_id=meeting.public_id, participant=seat.public_id, now=NOW
    )
    Served.meanwhile = lambda: inviting.withdraw(
        visitor=meeting.official,
        public_id=meeting.public_id,
        invitation=invitation.public_id,
        now=NOW,
    )
    with pytest.raises(errors.NotFound):
        entering.enter(
            visitor=guest, public_id=meeting.public_id, window="w2", earlier="w1", now=NOW
        )
    seat.refresh_from_db()
    assert Served.heard("dismiss")[-1] == entry(meeting, seat)


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
    _sends_out(meeting, citizen)
    citizen.refresh_from_db()
    assert citizen.state == Participant.State.REMOVED
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    assert meeting.room.ended_at == NOW


@pytest.mark.parametrize("how", ["sent out", "leaves"])
def test_conference_gone_from_the_settings__keeps_nobody_inside(
    meeting: rooms.Meeting, settings: Any, how: str
) -> None:
    citizen, _ = meeting.meet()
    _forget_conference(settings)
    if how == "leaves":
        leave(meeting, "w1")
    else:
        _sends_out(meeting, citizen)
    citizen.refresh_from_db()
    assert citizen.state in {Participant.State.LEFT, Participant.State.REMOVED}


def test_conference_gone_from_the_settings__the_reception_can_be_ended(
    meeting: rooms.Meeting, settings: Any
) -> None:
    meeting.meet()
    _forget_conference(settings)
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    assert meeting.room.ended_at == NOW


def _forget_conference(settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": {"other": SERVED}}
