"""One claim over a list of resources: an official and a seat are had together or not at all.

The seat is invented, its tables are made here: it stands for whatever a reception will need beside
an official.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from diia_videoreception.models import Application, Citizen, Occupancy, Official
from diia_videoreception.rules.slots import Interval
from diia_videoreception.services.booking import (
    applications,
    deadlines,
    holds,
    moderation,
    occupancy,
)
from diia_videoreception.services.booking.occupancy import OfficialTime, Resource
from diia_videoreception.services.transactions import lock_citizen, locking_act
from tests.factories import (
    ApplicationFactory,
    CitizenFactory,
    ScheduleRuleFactory,
    signed_in,
)
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.moderation import decide, moderator_of

AtOnce = Callable[..., list[object]]
ROUNDS = 5
HALF_HOUR = timedelta(minutes=30)
LATER = START + HALF_HOUR
TABLES = """
CREATE TABLE tests_seat (id integer PRIMARY KEY);
CREATE TABLE tests_seat_given (
    occupancy_id bigint PRIMARY KEY
        REFERENCES diia_videoreception_occupancy (id) ON DELETE CASCADE,
    seat_id integer NOT NULL REFERENCES tests_seat (id)
);
INSERT INTO tests_seat (id) VALUES (1), (2);
"""


def run(statement: str, *values: object) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Seat:
    """A second resource; it goes with the row of `Occupancy` that has it."""

    pk: int

    @property
    def place(self) -> tuple[str, int]:
        return "seat", self.pk

    def lock(self) -> None:
        lock = "FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
        run(f"SELECT id FROM tests_seat WHERE id = %s {lock}", self.pk)

    def had_at(self, time: Interval) -> Q:
        given = RawSQL("SELECT occupancy_id FROM tests_seat_given WHERE seat_id = %s", [self.pk])
        return Q(pk__in=given, start__lt=time.end, end__gt=time.start)

    def give(self, row: Occupancy) -> None:
        run(
            "INSERT INTO tests_seat_given (occupancy_id, seat_id) VALUES (%s, %s)"
            " ON CONFLICT (occupancy_id) DO UPDATE SET seat_id = excluded.seat_id",
            row.pk,
            self.pk,
        )


@pytest.fixture
def officials(transactional_db: None) -> Iterator[list[Official]]:
    for statement in filter(str.strip, TABLES.split(";")):
        run(statement)
    yield [ScheduleRuleFactory().official for _ in range(2)]
    run("DROP TABLE tests_seat_given")
    run("DROP TABLE tests_seat")


@pytest.fixture
def with_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every reception needs the first seat beside its official."""

    def both(application: Application) -> list[Resource]:
        return [Seat(1), OfficialTime(application.official_id)]

    monkeypatch.setattr(occupancy, "resources_of", both)


@locking_act
def claim(
    citizen: Citizen, *resources: Resource, official: Official, start: datetime, now: datetime
) -> str:
    time = Interval(start, start + HALF_HOUR)
    lock_citizen(citizen)
    occupancy.lock_all(resources)
    occupancy.require_free(occupancy.look(resources, time, citizen=citizen, now=now))
    row = Occupancy(
        kind=Occupancy.Kind.HOLD,
        official=official,
        citizen=citizen,
        start=time.start,
        end=time.end,
        created_at=now,
        expires_at=now + timedelta(minutes=15),
    )
    occupancy.take(resources, row)
    return "claimed"


def wish(
    official: Official, seat: int, *, start: datetime = START, turned: bool = False
) -> Callable[[], str]:
    """Somebody who wants both, and names them in either order."""
    citizen = CitizenFactory()
    resources: list[Resource] = [OfficialTime(official.pk), Seat(seat)]
    return lambda: claim(
        citizen, *resources[:: -1 if turned else 1], official=official, start=start, now=NOW
    )


def given() -> dict[int, int]:
    """The seat of each row of `Occupancy` that has one."""
    return dict(run("SELECT occupancy_id, seat_id FROM tests_seat_given"))  # type: ignore[arg-type]


def filed_with_seat(official: Official) -> Application:
    application = ApplicationFactory(official=official, start=START)
    Seat(1).give(application.occupancies.get())
    return application


def test_resources__are_locked_in_one_order_however_they_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locked: list[tuple[str, int]] = []
    for kind in (Seat, OfficialTime):
        monkeypatch.setattr(kind, "lock", lambda self: locked.append(self.place))
    resources: list[Resource] = [Seat(2), OfficialTime(7), Seat(1), OfficialTime(3)]

    occupancy.lock_all(resources)

    assert locked == [("official", 3), ("official", 7), ("seat", 1), ("seat", 2)]


def test_rivals__get_both_or_neither(at_once: AtOnce, officials: list[Official]) -> None:
    one, other = officials
    for _ in range(ROUNDS):
        # Each pair shares the official or the seat, and they name them in different orders.
        wishes = [
            wish(one, 1),
            wish(one, 2, turned=True),
            wish(other, 1),
            wish(other, 2, turned=True),
        ]
        outcomes = at_once(lambda want: want(), wishes * 2)

        rows = {row.pk: row.official_id for row in Occupancy.objects.all()}
        assert outcomes.count("claimed") == len(rows) == 2
        assert set(outcomes) == {"claimed", "slot_taken"}
        assert given().keys() == rows.keys()
        assert sorted(given().values()) == [1, 2]
        assert len(set(rows.values())) == 2
        Occupancy.objects.all().delete()


def test_a_move_and_a_claim__want_one_seat(
    at_once: AtOnce, officials: list[Official], with_seat: None
) -> None:
    one, other = officials
    moderator = moderator_of(one.agency)
    for _ in range(ROUNDS):
        application = filed_with_seat(one)

        def move(application: Application = application) -> str:
            decide("confirm_other_time", application, moderator, start=LATER)
            return "moved"

        outcomes = at_once(lambda want: want(), [move, wish(other, 1, start=LATER)])

        assert sorted(map(str, outcomes)) in (["claimed", "slot_taken"], ["moved", "slot_taken"])
        at_that_time = Occupancy.objects.filter(start=LATER)
        assert given().keys() >= {row.pk for row in at_that_time}
        assert at_that_time.count() == 1
        Occupancy.objects.all().delete()


def test_a_cancelled_and_a_lapsed_reception__free_both(
    officials: list[Official], with_seat: None
) -> None:
    one, other = officials
    cancelled = filed_with_seat(one)
    applications.cancel(actor=signed_in(cancelled.citizen), public_id=cancelled.public_id, now=NOW)
    assert given() == {}

    filed_with_seat(one)
    assert deadlines.lapse_undecided(now=START) == 1
    assert given() == {}
    assert wish(other, 1)() == "claimed"


def test_an_expired_hold__frees_both_for_who_wants_either(officials: list[Official]) -> None:
    one, other = officials
    later = NOW + timedelta(minutes=16)
    for want in (OfficialTime(one.pk), Seat(1)):
        wish(one, 1)()
        claim(CitizenFactory(), want, official=other, start=START, now=later)
        assert Occupancy.objects.count() == 1
        Occupancy.objects.all().delete()

    wish(one, 1)()
    holds.reserve(
        actor=signed_in(CitizenFactory()),
        official_id=one.pk,
        start=START,
        captcha=solved_captcha(),
        now=later,
    )
    assert given() == {}


def test_what_a_move_cannot_have__leaves_both_where_they_were(
    officials: list[Official], with_seat: None
) -> None:
    one, other = officials
    application = filed_with_seat(one)
    wish(other, 1, start=LATER)()

    with pytest.raises(moderation.errors.SlotTaken):
        decide("confirm_other_time", application, moderator_of(one.agency), start=LATER)

    row = application.occupancies.get()
    assert (row.start, given()[row.pk]) == (START, 1)
