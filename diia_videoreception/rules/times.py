"""Small questions of the calendar that screens ask (A-28)."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

NOON = time(12)

DECISION_DUE = timedelta(hours=24)
"""How long before its start an application is to be decided; after that the agency is alarmed."""


def last_digest(now: datetime, zone: ZoneInfo, *, hour: int) -> datetime:
    """Return the moment of the last digest that is due, at this hour of the zone's clock."""
    day = now.astimezone(zone).date()
    of_day = datetime.combine(day, time(hour), tzinfo=zone)
    return of_day if of_day <= now else datetime.combine(day - timedelta(days=1), time(hour), zone)


def next_digest(now: datetime, zone: ZoneInfo, *, hour: int) -> datetime:
    """Return the moment of the next digest, always later than `now`."""
    day = last_digest(now, zone, hour=hour).date() + timedelta(days=1)
    return datetime.combine(day, time(hour), tzinfo=zone)


class PartOfDay(StrEnum):
    """The groups in which the times of a day are shown."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week of `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def part_of_day(local_time: time) -> PartOfDay:
    """Return the group of a local time; noon begins the afternoon."""
    return PartOfDay.MORNING if local_time.replace(tzinfo=None) < NOON else PartOfDay.AFTERNOON


class NoSuchTimeError(ValueError):
    """A wall clock time that a clock change skips; `next_time` is the first that there is again."""

    def __init__(self, next_time: datetime) -> None:
        super().__init__("the clock skips this time")
        self.next_time = next_time


def from_wall_clock(typed: datetime, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """Read what a person typed as the wall clock of a zone.

    An hour that a clock change repeats is its first one for a start and its second one for an end,
    so that what lies between covers both.

    Args:
        typed: Date and time without a zone.
        zone: Whose clock it is.
        is_end: Whether something ends then.

    Raises:
        NoSuchTimeError: The clock skips this time.
    """
    moment = typed.replace(tzinfo=zone, fold=int(is_end))
    if _exists(typed, zone):
        return moment
    later = typed.replace(second=0, microsecond=0)
    while not _exists(later, zone):
        later += timedelta(minutes=1)
    raise NoSuchTimeError(later)


def _exists(typed: datetime, zone: ZoneInfo) -> bool:
    """Return whether the clock of the zone ever shows this time."""
    there_and_back = typed.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there_and_back.replace(tzinfo=None, fold=0) == typed.replace(fold=0)
