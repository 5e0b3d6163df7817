"""One claim over a list of resources: an official and a seat of a centre are had together or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from diia_videoreception.models import Application, CentreWorkplace, Occupancy, Official
from diia_videoreception.services.booking import (
    applications,
    deadlines,
    holds,
    moderation,
    occupancy,
    proposals,
)
from diia_videoreception.services.booking.occupancy import OfficialTime, Resource, SeatTime
from tests.factories import (
    ApplicationFactory,
    CitizenFactory,
    ScheduleRuleFactory,
    signed_in,
)
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.centres import video_seat
from tests.steps.moderation import decide, moderator_of

AtOnce = Callable[..., list[object]]
ROUNDS = 5
HALF_HOUR = timedelta(minutes=30)
LATER = START + HALF_HOUR


@pytest.fixture
def officials(transactional_db: None) -> list[Official]:
    return [ScheduleRuleFactory().official for _ in range(2)]


@pytest.fixture
def seats(transactional_db: None) -> list[CentreWorkplace]:
    first = video_seat()
    return [first, video_seat(first.centre, label="Друге відеомісце")]


def wish(
    official: Official, seat: CentreWorkplace | None, *, start: object = START, now: object = NOW
) -> Callable[[], str]:
    """Somebody who wants both."""
    actor = signed_in(CitizenFactory())

    def reserve() -> str:
        holds.reserve(
            actor=actor,
            official_id=official.pk,
            start=start,  # type: ignore[arg-type]
            captcha=solved_captcha(),
            seat_id=seat.public_id if seat is not None else None,
            now=now,  # type: ignore[arg-type]
        )
        return "claimed"

    return reserve


def given() -> dict[int, int | None]:
    """The seat of each row of `Occupancy`."""
    return dict(Occupancy.objects.values_list("pk", "seat"))


def filed_at(official: Official, seat: CentreWorkplace) -> Application:
    application = ApplicationFactory(official=official, start=START, seat=seat)
    application.occupancies.update(seat=seat)
    return application


def test_resources__are_locked_in_one_order_however_they_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locked: list[tuple[str, int]] = []
    for kind in (SeatTime, OfficialTime):
        monkeypatch.setattr(kind, "lock", lambda self: locked.append(self.place))
    resources: list[Resource] = [SeatTime(2), OfficialTime(7), SeatTime(1), OfficialTime(3)]

    occupancy.lock_all(resources)

    assert locked == [("official", 3), ("official", 7), ("seat", 1), ("seat", 2)]


def test_rivals__get_both_or_neither(
    at_once: AtOnce, officials: list[Official], seats: list[CentreWorkplace]
) -> None:
    for _ in range(ROUNDS):
        # Each pair shares the official or the seat.
        wishes = [wish(one, seat) for one in officials for seat in seats]
        outcomes = at_once(lambda want: want(), wishes * 2)

        rows = list(Occupancy.objects.all())
        assert set(map(str, outcomes)) == {"claimed", "slot_taken"}
        assert len(rows) == 2
        assert {row.official_id for row in rows} == {one.pk for one in officials}
        assert {row.seat_id for row in rows} == {one.pk for one in seats}
        Occupancy.objects.all().delete()


def test_a_move_and_a_claim__want_one_seat(
    at_once: AtOnce, officials: list[Official], seats: list[CentreWorkplace]
) -> None:
    one, other = officials
    moderator = moderator_of(one.agency)
    for _ in range(ROUNDS):
        application = filed_at(one, seats[0])

        def move(application: Application = application) -> str:
            decide("confirm_other_time", application, moderator, start=LATER)
            return "moved"

        outcomes = at_once(lambda want: want(), [move, wish(other, seats[0], start=LATER)])

        assert sorted(map(str, outcomes)) in (["claimed", "slot_taken"], ["moved", "slot_taken"])
        at_that_time = Occupancy.objects.get(start=LATER)
        assert at_that_time.seat == seats[0]
        Occupancy.objects.all().delete()


def test_a_cancelled_and_a_lapsed_reception__free_both(
    officials: list[Official], seats: list[CentreWorkplace]
) -> None:
    one, other = officials
    cancelled = filed_at(one, seats[0])
    applications.cancel(actor=signed_in(cancelled.citizen), public_id=cancelled.public_id, now=NOW)
    assert given() == {}

    filed_at(one, seats[0])
    assert deadlines.lapse_undecided(now=START) == 1
    assert given() == {}
    assert wish(other, seats[0])() == "claimed"


def test_an_expired_hold__frees_both_for_who_wants_either(
    officials: list[Official], seats: list[CentreWorkplace]
) -> None:
    one, other = officials
    later = NOW + timedelta(minutes=16)
    for official, seat in ((one, None), (other, seats[0])):
        wish(one, seats[0])()
        assert wish(official, seat, now=later)() == "claimed"
        assert Occupancy.objects.count() == 1
        Occupancy.objects.all().delete()


def test_what_a_move_cannot_have__leaves_both_where_they_were(
    officials: list[Official], seats: list[CentreWorkplace]
) -> None:
    one, other = officials
    application = filed_at(one, seats[0])
    wish(other, seats[0], start=LATER)()
    moderator = moderator_of(one.agency)

    with pytest.raises(moderation.errors.SlotTaken):
        decide("confirm_other_time", application, moderator, start=LATER)
    with pytest.raises(moderation.errors.SlotTaken):
        proposals.propose(
            moderator=moderator,
            public_id=application.public_id,
            version=application.version,
            start=LATER,
            reason="Нарада",
            now=NOW,
        )

    row = application.occupancies.get()
    assert (row.start, row.seat) == (START, seats[0])


def test_a_proposed_time__is_had_at_the_seat_too_until_it_is_refused(
    officials: list[Official], seats: list[CentreWorkplace]
) -> None:
    one, other = officials
    application = filed_at(one, seats[0])
    proposal = proposals.propose(
        moderator=moderator_of(one.agency),
        public_id=application.public_id,
        version=application.version,
        start=LATER,
        reason="Нарада",
        now=NOW,
    )
    with pytest.raises(moderation.errors.SlotTaken):
        wish(other, seats[0], start=LATER)()

    proposals.refuse(
        actor=signed_in(application.citizen),
        public_id=application.public_id,
        proposal_id=proposal.public_id,
        now=NOW,
    )
    assert wish(other, seats[0], start=LATER)() == "claimed"


@pytest.mark.only_postgres
def test_the_last_line__refuses_a_second_row_at_the_seat(
    officials: list[Official], seats: list[CentreWorkplace]
) -> None:
    one, other = officials
    wish(one, seats[0])()
    row = Occupancy(
        kind=Occupancy.Kind.HOLD,
        official=other,
        seat=seats[0],
        citizen=CitizenFactory(),
        start=START,
        end=LATER,
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )
    with pytest.raises(moderation.errors.SlotTaken), transaction.atomic():
        occupancy.take([], row)
    with pytest.raises(IntegrityError, match="occupancy_no_seat_overlap"), transaction.atomic():
        row.save(force_insert=True)
