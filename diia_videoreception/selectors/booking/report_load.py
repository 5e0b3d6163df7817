"""How much time the schedules offered: hours of officials, without holidays, exceptions and absences (B-68)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from diia_videoreception.models import Occupancy
from diia_videoreception.rules.reports import ReportPeriod
from diia_videoreception.rules.slots import Interval, without
from diia_videoreception.selectors.booking import stored_times
from diia_videoreception.selectors.booking.reports import Outcomes, ReportScope

MAX_LOAD = 40_000
"""Days of officials whose schedules are laid out for one report; over it the load is not told."""
NOTHING = timedelta(0)


def add_offered(
    scope: ReportScope, period: ReportPeriod, found: dict[int, Outcomes], *, now: datetime
) -> bool:
    """Add to each official how much time the schedule offered in the period, up to now.

    Hours of holidays, exceptions and absences are not offered; rules that were changed since are
    taken as they are now.

    Returns:
        Whether it was done: not for several agencies, nor where it would take long.
    """
    keys = scope.shown if scope.shown is not None else frozenset(o.pk for o in scope.officials)
    if scope.is_joined or len(keys) * period.days > MAX_LOAD:
        return False
    since, until = scope.bounds(period)
    until = min(until, now)
    away = _absences(keys, since, until)
    stored = stored_times.of_agency(
        scope.chosen[0].pk, first=period.first, last=period.last, now=None
    )
    for one in stored:
        if one.official_id not in keys:
            continue
        hours = one.open_hours(period.first, period.last)
        offered = sum(_lengths(hours, away[one.official_id], until), NOTHING)
        if offered or one.official_id in found:
            found.setdefault(one.official_id, Outcomes()).offered = offered
    return True


def _absences(
    keys: Collection[int], since: datetime, until: datetime
) -> defaultdict[int, list[Interval]]:
    away: defaultdict[int, list[Interval]] = defaultdict(list)
    rows = Occupancy.objects.filter(
        official__in=keys, kind=Occupancy.Kind.ABSENCE, start__lt=until, end__gt=since
    ).order_by()
    for official, start, end in rows.values_list("official", "start", "end"):
        away[official].append(Interval(start, end))
    return away


def _lengths(
    hours: Iterable[Interval], away: Collection[Interval], until: datetime
) -> Iterable[timedelta]:
    for one in hours:
        if one.start >= until:
            return
        near = [absence for absence in away if absence.overlaps(one)] if away else ()
        for part in without(one, near):
            yield max(min(part.end, until) - part.start, NOTHING)
