"""The claim: how a time of an official, and of whatever else a reception needs, becomes somebody's.

A claim has a list of resources. All of them are locked, in one order, before anything is decided, and
they are had together or not at all: the row of `Occupancy` says of all of them, so that they
go with it, whoever deletes that. What is taken is read by `standing_of` (for a hold,
with all else that decides) or `look`; pages read `stored_times`.

Order of locks everywhere: citizen, resources by kind and key, application, occupancy by key.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Protocol

from django.db import IntegrityError
from django.db.models import Q

from diia_videoreception.errors import (
    HoldExists,
    HoldExpired,
    NotFound,
    OwnTimeTaken,
    SlotTaken,
)
from diia_videoreception.models import (
    Absence,
    Application,
    CentreWorkplace,
    Citizen,
    Occupancy,
    Official,
)
from diia_videoreception.rules.slots import Interval, without
from diia_videoreception.selectors.booking.standing import Taken, taken_of
from diia_videoreception.services.transactions import locked
from diia_videoreception.wording import long_moment_and_zone


class Resource(Protocol):
    """What one at a time can have."""

    @property
    def place(self) -> tuple[str, int]:
        """Its kind and key: where it stands in the order of locks."""

    def lock(self) -> None:
        """Take its queue: whoever holds it decides about its time alone.

        Raises:
            NotFound: there is no such thing.
        """

    def had_at(self, time: Interval) -> Q:
        """Return which rows of `Occupancy` have it at this time."""

    def give(self, row: Occupancy) -> None:
        """Write beside a row that was made or moved that it has this at its time."""


@dataclass(slots=True)
class OfficialTime:
    """The time of an official; `official` is there once it is locked."""

    official_id: int
    official: Official = field(init=False)

    @property
    def place(self) -> tuple[str, int]:
        return "official", self.official_id

    def lock(self) -> None:
        self.official = lock_official(self.official_id)

    def had_at(self, time: Interval) -> Q:
        return Q(official_id=self.official_id, start__lt=time.end, end__gt=time.start)

    def give(self, row: Occupancy) -> None:
        """Write nothing: the row of `Occupancy` says itself whose time it is."""


@dataclass(slots=True)
class SeatTime:
    """The time of a seat of a centre; `seat` is there once it is locked, with its centre."""

    seat_id: int
    seat: CentreWorkplace = field(init=False)

    @property
    def place(self) -> tuple[str, int]:
        return "seat", self.seat_id

    def lock(self) -> None:
        seats = CentreWorkplace.objects.select_related("centre").filter(pk=self.seat_id)
        seat = locked(seats).first()
        if seat is None:
            raise NotFound
        self.seat = seat

    def had_at(self, time: Interval) -> Q:
        return Q(seat_id=self.seat_id, start__lt=time.end, end__gt=time.start)

    def give(self, row: Occupancy) -> None:
        """Write nothing: the row of `Occupancy` says itself at which seat it is."""


def resources_of(application: Application, *, official: Official | None = None) -> list[Resource]:
    """Return what a reception needs: the one place that says so to those who move and end it.

    Args:
        official: Who is to receive, where that is somebody else than now.
    """
    receives = official.pk if official is not None else application.official_id
    needed: list[Resource] = [OfficialTime(receives)]
    if application.seat_id is not None:
        needed.append(SeatTime(application.seat_id))
    return needed


def lock_all(resources: Iterable[Resource]) -> None:
    """Lock what is claimed, whoever names it in whatever order.

    Raises:
        NotFound: one of them does not exist.
    """
    for resource in sorted(resources, key=lambda one: one.place):
        resource.lock()


def had_at(resources: Iterable[Resource], time: Interval) -> Q:
    """Return which rows of `Occupancy` have any of the resources at this time."""
    return reduce(or_, (resource.had_at(time) for resource in resources))


def look(
    resources: Iterable[Resource], time: Interval, *, now: datetime, citizen: Citizen | None = None
) -> list[Taken]:
    """Return what has any of the resources at this time, under their locks; what has expired is dropped.

    Args:
        citizen: whose expired hold and proposed times are dropped too, wherever they are.
    """
    had = had_at(resources, time)
    own = Q(citizen=citizen, expires_at__lte=now)
    taken = taken_of(had | own if citizen else had)
    return taken_of(had) if drop_expired(taken, now=now) else taken


def drop_expired(taken: Iterable[Taken], *, now: datetime) -> bool:
    """Free the expired holds and proposed times among what was seen; tells whether there were any.

    Then one has to look again.

    Locked in key order in one statement, so that two citizens who hold each other's times
    cannot deadlock.
    """
    keys = [row.pk for row in taken if row.is_expired(now)]
    if not keys:
        return False
    expired = Occupancy.objects.expired(now).filter(pk__in=keys).order_by("pk")
    locked_keys = list(expired.select_for_update().values_list("pk", flat=True))
    Occupancy.objects.filter(pk__in=locked_keys).delete()
    return True


def take(resources: Iterable[Resource], row: Occupancy) -> Occupancy:
    """Give a new row all of the resources.

    Raises:
        SlotTaken, OwnTimeTaken, HoldExists: see `claiming`.
    """
    with claiming():
        row.save(force_insert=True)
        for resource in resources:
            resource.give(row)
    return row


def move(resources: Iterable[Resource], row: Occupancy, **changes: object) -> None:
    """Move a row to another time with all of the resources, and change it in place.

    Raises:
        HoldExpired: since it was read, it has gone.
        SlotTaken, OwnTimeTaken, HoldExists: see `claiming`.
    """
    with claiming():
        change(row, **changes)
        for resource in resources:
            resource.give(row)


def change(row: Occupancy, **changes: object) -> None:
    """Change the row in the database and in place, while it is of the kind that was read.

    Raises:
        HoldExpired: somebody whose clock is ahead may have dropped it as expired.
    """
    own = Occupancy.objects.filter(pk=row.pk, kind=row.kind)
    if not own.update(**changes):
        raise HoldExpired
    for name, value in changes.items():
        setattr(row, name, value)


def lock_official(official_id: int) -> Official:
    """Take the queue of one official.

    Raises:
        NotFound: there is no such official.
    """
    officials = Official.objects.select_related("unit__agency").filter(pk=official_id)
    official = locked(officials).first()
    if official is None:
        raise NotFound
    return official


def require_free(taken: Iterable[Taken], *, besides: int | None = None) -> None:
    """Check that nothing of what is claimed is taken, but by the row of the key `besides`.

    Raises:
        SlotTaken: something is.
    """
    if any(row.pk != besides for row in taken):
        raise SlotTaken


def require_citizen_free(
    citizen: Citizen, time: Interval, *, own_times: Iterable[Interval], now: datetime
) -> None:
    """Check under the citizen's lock that nobody else receives them at this time, or has proposed it.

    Args:
        own_times: of their open applications and proposals.

    Raises:
        OwnTimeTaken: somebody does; it says who, and when.
    """
    if any(one.overlaps(time) for one in own_times):
        other = own_reception_at(citizen, time, now=now)
        raise OwnTimeTaken(**(params_of(other) if other else {}))


def own_reception_at(
    citizen: Citizen, time: Interval, *, now: datetime, besides: Application | None = None
) -> Occupancy | None:
    """Return what the citizen has filed, is to be received for or was proposed at this time, under their lock.

    Args:
        besides: the application that is being moved.
    """
    taken = Occupancy.objects.live(now).filter(
        kind__in=[Occupancy.Kind.APPLICATION, Occupancy.Kind.PROPOSAL],
        application__citizen=citizen,
        start__lt=time.end,
        end__gt=time.start,
    )
    if besides is not None:
        taken = taken.exclude(application=besides)
    return taken.select_related("application__official__unit__agency").order_by("start").first()


def params_of(row: Occupancy) -> dict[str, str]:
    """Return number, official and time of what an application occupies, as refusals name it."""
    application = row.application
    if application is None:
        raise ValueError("only an application has a number")
    zone = application.official.unit.agency.time_zone
    return {
        "number": application.number,
        "official": application.official.full_name,
        "time": long_moment_and_zone(row.start, zone),
    }


def occupy_by_absence(absence: Absence, time: Interval, *, now: datetime) -> None:
    """Write that an absence has this part of its time, under the official's lock.

    Raises:
        SlotTaken: something else has it.
    """
    with claiming():
        Occupancy.objects.create(
            absence=absence,
            official_id=absence.official_id,
            kind=Occupancy.Kind.ABSENCE,
            start=time.start,
            end=time.end,
            created_at=now,
        )


def give_to_absences(official_id: int, time: Interval, *, now: datetime) -> None:
    """Let absences that went around somebody have what is free of this time, each part one of them."""
    meets = Absence.objects.filter(official=official_id, start__lt=time.end, end__gt=time.start)
    absences = list(meets.order_by("pk"))
    rows = Occupancy.objects.overlapping(official_id, time) if absences else ()
    taken = [row.time for row in rows]
    for absence in absences:
        part = Interval(max(absence.start, time.start), min(absence.end, time.end))
        for free in without(part, taken):
            occupy_by_absence(absence, free, now=now)
        taken.append(part)


@contextmanager
def claiming() -> Iterator[None]:
    """Tell the constraints of occupancy apart by name; the act ends with what they refuse.

    Raises:
        SlotTaken: an exclusion constraint of PostgreSQL refused the time of the official or of the seat.
        OwnTimeTaken: it refused the time of the citizen.
        HoldExists: the citizen holds another time.
    """
    try:
        yield
    except IntegrityError as error:
        text = str(error)
        if "occupancy_no_overlap" in text or "occupancy_no_seat_overlap" in text:
            raise SlotTaken from error
        if "occupancy_no_own_overlap" in text:
            raise OwnTimeTaken from error
        # PostgreSQL names the constraint, SQLite its column.
        if "occupancy_one_hold_per_citizen" in text or "occupancy.citizen_id" in text:
            raise HoldExists from error
        raise
