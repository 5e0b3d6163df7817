"""When a seat of a centre can be had: within its hours, which are by the clock of the centre."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.rules.centres import Period
from diia_videoreception.rules.schedule import ScheduleRule, open_hours
from diia_videoreception.rules.slots import Interval, merge

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SINCE = date(2000, 1, 1)
_DAY = timedelta(days=1)
ARRIVES_BEFORE = timedelta(hours=1)
"""How long before a reception somebody may have come for it."""


def seat_hours(
    periods: Iterable[Period], *, first: date, last: date, zone: ZoneInfo
) -> list[Interval]:
    """Return the hours of a seat from `first` to `last` inclusive, sorted; what touches is one.

    A change of the clock is kept as `schedule.open_hours` keeps it.

    Args:
        zone: of the centre.
    """
    rules = [
        ScheduleRule(
            rrule=f"FREQ=WEEKLY;BYDAY={_DAYS[one.weekday]}",
            starts=one.opens,
            ends=one.closes,
            valid_from=_SINCE,
            valid_until=None,
        )
        for one in periods
    ]
    found = open_hours(
        rules, (), holidays=frozenset(), works_on_holidays=True, first=first, last=last, zone=zone
    )
    return merge(found)


def is_within(time: Interval, hours: Sequence[Interval]) -> bool:
    """Return whether a seat is open over the whole of a time."""
    return any(one.start <= time.start and time.end <= one.end for one in hours)


def is_open_at(time: Interval, periods: Iterable[Period], *, zone: ZoneInfo) -> bool:
    """Return whether a seat with these hours is open over the whole of a time."""
    first = time.start.astimezone(zone).date()
    # A reception may run over midnight.
    last = time.end.astimezone(zone).date()
    return is_within(time, seat_hours(periods, first=first - _DAY, last=last, zone=zone))


def closed_times(hours: Iterable[Interval], *, whole: Interval) -> list[Interval]:
    """Return when a seat with these sorted hours is not open, within a time."""
    found, at = [], whole.start
    for one in hours:
        if one.start > at:
            found.append(Interval(at, min(one.start, whole.end)))
        at = max(at, one.end)
        if at >= whole.end:
            return found
    found.append(Interval(at, whole.end))
    return found


def may_arrive(time: Interval, *, now: datetime) -> bool:
    """Return whether somebody who comes now comes for a reception at this time."""
    return time.start - ARRIVES_BEFORE <= now < time.end


def is_arrival(moment: datetime | None, time: Interval) -> bool:
    """Return whether who came at a moment came for a reception at this time: one that is moved begins anew."""
    return moment is not None and may_arrive(time, now=moment)
