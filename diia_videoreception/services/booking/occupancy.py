"""The claim of an official's time: one place for locks, overlap and their errors.

Order of locks everywhere: citizen, officials by id, application, occupancy by id.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from diia_videoreception.errors import (
    HoldExists,
    HoldExpired,
    NotFound,
    OwnTimeTaken,
    SlotTaken,
)
from diia_videoreception.models import Application, Citizen, Occupancy, Official
from diia_videoreception.rules.slots import Interval
from diia_videoreception.wording import long_moment_and_zone


def lock_official(official_id: int) -> Official:
    """Take the queue of one official: whoever holds it decides about this official's time alone.

    Raises:
        NotFound: there is no such official.
    """
    official = (
        Official.objects.select_for_update(no_key=True, of=("self",))
        .select_related("unit__agency")
        .filter(pk=official_id)
        .first()
    )
    if official is None:
        raise NotFound
    return official


def drop_expired_holds(
    *, official_id: int, time: Interval, now: datetime, citizen: Citizen | None = None
) -> None:
    """Free expired holds in the way: on this time, and the citizen's own elsewhere.

    Locked in key order in one statement, so that two citizens who hold each other's times
    cannot deadlock.
    """
    in_the_way = Q(official_id=official_id, start__lt=time.end, end__gt=time.start)
    if citizen is not None:
        in_the_way |= Q(citizen=citizen)
    expired = Occupancy.objects.expired(now).filter(in_the_way).order_by("pk").select_for_update()
    keys = [occupancy.pk for occupancy in expired]
    if keys:
        Occupancy.objects.filter(pk__in=keys).delete()


def require_free(*, official_id: int, time: Interval, besides: Occupancy | None = None) -> None:
    """Check under the official's lock that nothing else occupies the time.

    Raises:
        SlotTaken: something does.
    """
    others = Occupancy.objects.overlapping(official_id, time)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise SlotTaken


def own_reception_at(
    citizen: Citizen, time: Interval, *, besides: Application | None = None
) -> Application | None:
    """Return what the citizen has filed or is to be received for at this time, under their lock.

    Args:
        besides: the application that is being moved.
    """
    taken = Occupancy.objects.filter(
        kind=Occupancy.Kind.APPLICATION,
        application__citizen=citizen,
        start__lt=time.end,
        end__gt=time.start,
    )
    if besides is not None:
        taken = taken.exclude(application=besides)
    first = taken.select_related("application__official__unit__agency").order_by("start").first()
    return first.application if first else None


def require_citizen_free(citizen: Citizen, time: Interval) -> None:
    """Check under the citizen's lock that nobody else receives them at this time.

    Raises:
        OwnTimeTaken: somebody does; it says who, and when.
    """
    other = own_reception_at(citizen, time)
    if other is not None:
        raise OwnTimeTaken(**params_of(other))


def params_of(application: Application) -> dict[str, str]:
    """Return number, official and time of a reception, as refusals name it."""
    zone = application.official.unit.agency.time_zone
    return {
        "number": application.number,
        "official": application.official.full_name,
        "time": long_moment_and_zone(application.start, zone),
    }


def change_hold(hold: Occupancy, **changes: object) -> None:
    """Change the citizen's own hold, in the database and in place.

    Since it was read, somebody whose clock is ahead may have dropped it as expired.

    Raises:
        HoldExpired: it is gone.
    """
    own = Occupancy.objects.filter(pk=hold.pk, kind=Occupancy.Kind.HOLD)
    if not own.update(**changes):
        raise HoldExpired
    for name, value in changes.items():
        setattr(hold, name, value)


@contextmanager
def claiming() -> Iterator[None]:
    """Put a savepoint around the write of an occupancy, and tell its constraints apart by name.

    Raises:
        SlotTaken: the exclusion constraint of PostgreSQL refused the time of the official.
        OwnTimeTaken: it refused the time of the citizen.
        HoldExists: the citizen holds another time.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        text = str(error)
        if "occupancy_no_overlap" in text:
            raise SlotTaken from error
        if "occupancy_no_own_overlap" in text:
            raise OwnTimeTaken from error
        # PostgreSQL names the constraint, SQLite its column.
        if "occupancy_one_hold_per_citizen" in text or "occupancy.citizen_id" in text:
            raise HoldExists from error
        raise
