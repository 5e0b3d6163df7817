"""A reception at a seat: who has come, the code for the seat's browser, what it opens and what ends it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.models import JournalRecord, Participant, SeatEntry
from diia_videoreception.selectors.rooms.seats import Visitor, receptions_open_to
from diia_videoreception.services.assistance import seat_receptions
from diia_videoreception.services.rooms import documents, entering, inviting
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, new_centre_world, video_seat
from tests.steps.rooms import Meeting, make_meeting, own_room

pytestmark = pytest.mark.any_database
AtOnce = Callable[..., list[object]]


class AtSeat:
    """A reception that begins in five minutes, at the seat of a centre."""

    def __init__(self, meeting: Meeting, centres: CentreWorld) -> None:
        self.meeting, self.centres = meeting, centres
        self.application = meeting.application
        self.application.seat = centres.workplace
        self.application.save(update_fields=["seat"])

    def do(self, act: str, *, by: str = "administrator", now: Any = NOW, **how: Any) -> Any:
        return getattr(seat_receptions, act)(
            self.centres.centre.public_id,
            self.application.public_id,
            staff=getattr(self.centres, by),
            now=now,
            **how,
        )

    def arrive(self, **how: Any) -> Any:
        return self.do("note_arrival", is_here=True, **how)

    def code(self) -> str:
        self.arrive()
        return str(self.do("open_at_seat")[1])

    def visitor(self) -> Visitor:
        entry = seat_receptions.enter_at_seat(self.code(), now=NOW).entry
        return Visitor(citizen=self.application.citizen, at_seat=entry)


@pytest.fixture
def at_seat(db: None, settings: Any) -> AtSeat:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    return AtSeat(make_meeting(), new_centre_world())


def test_an_arrival__is_noted_near_the_time_once_and_taken_back(at_seat: AtSeat) -> None:
    for moment in (NOW - timedelta(hours=2), at_seat.application.end):
        with pytest.raises(errors.NotTimeToArrive):
            at_seat.arrive(now=moment)
    with pytest.raises(errors.Forbidden):
        at_seat.arrive(by="consultant")
    assert at_seat.arrive().arrived_at == NOW
    assert at_seat.arrive(now=NOW + timedelta(minutes=2)).arrived_at == NOW, "the first stays"
    assert at_seat.do("note_arrival", is_here=False).arrived_at is None
    acts = JournalRecord.objects.filter(act__startswith="application.arriv").order_by("pk")
    assert [record.act for record in acts] == [
        "application.arrived_at_centre",
        "application.arrival_withdrawn",
    ]


@pytest.mark.parametrize("act", ["open_at_seat", "close_at_seat", "sit_beside"])
def test_a_foreign_centre__finds_no_reception(at_seat: AtSeat, act: str) -> None:
    at_seat.arrive()
    with pytest.raises(errors.NotFound):
        at_seat.do(act, by="foreign_head")
    other = video_seat(at_seat.centres.foreign)
    type(at_seat.application).objects.update(seat=other)
    with pytest.raises(errors.NotFound):
        at_seat.do(act)


def test_a_code__needs_somebody_who_has_come_and_who_may_look_at_documents(
    at_seat: AtSeat,
) -> None:
    with pytest.raises(errors.NotArrived):
        at_seat.do("open_at_seat")
    at_seat.arrive()
    for act in ("open_at_seat", "sit_beside"):
        with pytest.raises(errors.Forbidden):
            at_seat.do(act, by="consultant")
    with pytest.raises(errors.RoomClosed):
        at_seat.do("open_at_seat", now=NOW + timedelta(hours=3))


def test_a_code__opens_one_reception_for_one_browser_once(at_seat: AtSeat) -> None:
    code = at_seat.code()
    typed = f" {code[:4].lower()}-{code[4:]} "
    for wrong in ("", "22222222", "x" * 100, "2222222Ї"):
        with pytest.raises(errors.SeatCodeInvalid):
            seat_receptions.enter_at_seat(wrong, now=NOW)
    with pytest.raises(errors.SeatCodeInvalid):
        seat_receptions.enter_at_seat(code, now=NOW + seat_receptions.CODE_LIVES)

    entered = seat_receptions.enter_at_seat(typed, now=NOW)

    with pytest.raises(errors.SeatCodeInvalid):
        seat_receptions.enter_at_seat(code, now=NOW)
    assert entered.token not in str(SeatEntry.objects.values())
    assert code not in str(SeatEntry.objects.values())
    assert entered.token not in repr(entered)


def test_the_seat__is_in_the_room_as_the_citizen_without_the_files(at_seat: AtSeat) -> None:
    visitor = at_seat.visitor()

    participant = at_seat.meeting.enter(visitor)

    assert (participant.role, participant.citizen) == ("citizen", at_seat.application.citizen)
    assert participant.state == Participant.State.WAITING, "the official lets them in"
    with pytest.raises(errors.NotFound):
        documents.add(
            visitor=visitor,
            public_id=at_seat.application.public_id,
            window="w1",
            data=b"%PDF",
            filename="a.pdf",
            now=NOW,
        )
    assert list(receptions_open_to(visitor)) == [at_seat.application]


@pytest.mark.parametrize("how", ["closed", "not_arrived", "another_code", "moved", "another_seat"])
def test_the_way_in__ends_at_once(at_seat: AtSeat, how: str) -> None:
    visitor = at_seat.visitor()
    application = at_seat.application
    match how:
        case "closed":
            at_seat.do("close_at_seat")
        case "not_arrived":
            at_seat.do("note_arrival", is_here=False)
        case "another_code":
            at_seat.do("open_at_seat")
        case "moved":
            type(application).objects.update(start=application.start + timedelta(minutes=1))
        case "another_seat":
            type(application).objects.update(seat=video_seat(at_seat.centres.foreign))

    with pytest.raises(errors.NotFound):
        entering.enter(visitor=visitor, public_id=application.public_id, window="w1", now=NOW)


def test_a_code_for_what_was_moved_or_called_off__opens_nothing(at_seat: AtSeat) -> None:
    code, application = at_seat.code(), at_seat.application
    rows = type(application).objects.filter(pk=application.pk)
    for changes in ({"start": NOW + timedelta(minutes=7)}, {"state": "cancelled"}):
        rows.update(**changes)
        with pytest.raises(errors.SeatCodeInvalid):
            seat_receptions.enter_at_seat(code, now=NOW)
        rows.update(start=application.start, state="confirmed")
    assert seat_receptions.enter_at_seat(code, now=NOW)


def test_who_sits_beside__is_a_guest_whom_everybody_sees(at_seat: AtSeat) -> None:
    at_seat.arrive()
    first, secret = at_seat.do("sit_beside")
    invitation, other_secret = at_seat.do("sit_beside")

    assert secret != other_secret
    first.refresh_from_db()
    assert first.ended_at is not None, "one at a time, so that the agency keeps its own"
    accepted = inviting.accept(
        invitation=invitation.public_id,
        secret=other_secret,
        key="k" * 64,
        role="centre",
        name="Ткачук Наталія",
        now=NOW,
    )
    assert accepted.token
    assert at_seat.do("sit_beside") == (invitation, "")
    invitation.refresh_from_db()
    participant = at_seat.meeting.enter(Visitor(guest=invitation))
    assert (participant.state, participant.name) == ("waiting", "Ткачук Наталія")
    assert participant.role_label == "адміністратор ЦНАП"


def test_two_browsers__give_one_code_and_one_comes_in(
    transactional_db: None, at_once: AtOnce, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    code = AtSeat(make_meeting(), new_centre_world()).code()

    def enter() -> str:
        seat_receptions.enter_at_seat(code, now=NOW)
        return "entered"

    outcomes = at_once(lambda act: act(), [enter, enter])

    assert sorted(map(str, outcomes)) == ["entered", "seat_code_invalid"]
