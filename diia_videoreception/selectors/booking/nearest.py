"""The nearest free time of each official of an agency, for a list of them.

About right is enough for a list: the answer may be a minute old. Who chooses a time sees the
calendar, and the claim asks again under the lock.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.core.cache import cache

from diia_videoreception.models import (
    Agency,
    Holiday,
    Occupancy,
    Official,
    ScheduleException,
    ScheduleRule,
)
from diia_videoreception.rules import schedule
from diia_videoreception.rules.slots import Interval, all_slots, free_slots
from diia_videoreception.selectors.booking.availability import (
    BookingWindow,
    booking_window,
    exception_of,
    rule_of,
)

MAX_AGE_SECONDS = 60
STRIDE = timedelta(days=7)
"""So many days are laid out at once: most officials have something free in the first week."""


def nearest_free_times(
    agency: Agency, officials: Sequence[Official], *, now: datetime, only_kept: bool = False
) -> Mapping[int, datetime | None]:
    """Return when each official can be booked next, by key; None where nothing is free.

    Four queries whatever the number of officials and bookings, and none for a minute after that.

    Args:
        officials: All officials of the agency who receive, with their units.
        only_kept: Tell what somebody has asked within the last minute, and nothing otherwise.
    """
    key = f"diia_videoreception:nearest:{agency.pk}"
    kept: Mapping[int, datetime | None] | None = cache.get(key)
    if kept is None and only_kept:
        return {}
    if kept is None or any(one.pk not in kept for one in officials):
        kept = _look_up(agency, officials, now)
        cache.set(key, kept, MAX_AGE_SECONDS)
    return kept


def _look_up(
    agency: Agency, officials: Sequence[Official], now: datetime
) -> dict[int, datetime | None]:
    windows = {official.pk: booking_window(official, now) for official in officials}
    if not windows:
        return {}
    first = min(window.first_date for window in windows.values())
    last = max(window.last_date for window in windows.values())
    loaded = _Schedules(agency, first, last, now)
    return {
        official.pk: _first_free(official, windows[official.pk], loaded) for official in officials
    }


class _Schedules:
    """Rules, exceptions, holidays and bookings of a whole agency, by official."""

    def __init__(self, agency: Agency, first: date, last: date, now: datetime) -> None:
        own = {"official__unit__agency": agency}
        self.rules: defaultdict[int, list[schedule.ScheduleRule]] = defaultdict(list)
        for rule in ScheduleRule.objects.filter(**own).order_by():
            self.rules[rule.official_id].append(rule_of(rule))
        self.exceptions: defaultdict[int, list[schedule.ScheduleException]] = defaultdict(list)
        dated = ScheduleException.objects.filter(**own, date__range=(first, last)).order_by()
        for exception in dated:
            self.exceptions[exception.official_id].append(exception_of(exception))
        self.holidays = set(
            Holiday.objects.filter(date__range=(first, last), is_working=False).values_list(
                "date", flat=True
            )
        )
        self.busy: defaultdict[int, list[Interval]] = defaultdict(list)
        taken = Occupancy.objects.live(now).filter(**own, end__gt=now).order_by()
        for key, start, end in taken.values_list("official_id", "start", "end"):
            self.busy[key].append(Interval(start, end))


def _first_free(official: Official, window: BookingWindow, loaded: _Schedules) -> datetime | None:
    first = window.first_date
    rules = loaded.rules[official.pk]
    exceptions = loaded.exceptions[official.pk]
    while first <= window.last_date and (rules or exceptions):
        last = min(first + STRIDE - timedelta(days=1), window.last_date)
        hours = schedule.open_hours(
            rules,
            exceptions,
            holidays=loaded.holidays,
            works_on_holidays=official.agency.works_on_holidays,
            first=first,
            last=last,
            zone=window.zone,
        )
        slots = all_slots(
            hours,
            length=timedelta(minutes=official.slot_minutes),
            pause=timedelta(minutes=official.pause_minutes),
        )
        bookable = (slot for slot in slots if slot.start >= window.earliest)
        found = next(free_slots(bookable, loaded.busy[official.pk]), None)
        if found is not None:
            return found.start
        first = last + timedelta(days=1)
    return None
