"""The nearest free time of each official of an agency, for a list of them.

About right is enough for a list: the answer may be a minute old. Who chooses a time sees the
calendar, and the claim asks again under the lock.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from itertools import islice

from django.core.cache import cache

from diia_videoreception.models import Agency, Official
from diia_videoreception.rules.slots import free_slots
from diia_videoreception.selectors.booking import stored_times
from diia_videoreception.selectors.booking.availability import (
    BookingWindow,
    Slot,
    whole_calendar,
    window_of,
)
from diia_videoreception.selectors.booking.stored_times import StoredTimes
from integrations.common.caching import OptionalCache

MAX_AGE_SECONDS = 60
OFFERED_TIMES = 3
DAY = timedelta(days=1)
STRIDE = timedelta(days=7)
"""So many days are read at first: most officials have something free in their first week."""


def nearest_free_times(
    agency: Agency, officials: Sequence[Official], *, now: datetime, only_kept: bool = False
) -> Mapping[int, datetime | None]:
    """Return when each official can be booked next, by key; None where nothing is free.

    One query or two whatever the number of officials and bookings, and none for a minute after
    that.

    Args:
        officials: All officials of the agency who receive, with their units.
        only_kept: Tell what somebody has asked within the last minute, and nothing otherwise.
    """
    key = f"diia_videoreception:nearest:{agency.pk}"
    shared = OptionalCache(cache)
    kept: Mapping[int, datetime | None] | None = shared.get(key)
    if kept is None and only_kept:
        return {}
    if kept is None or any(one.pk not in kept for one in officials):
        kept = _look_up(agency, officials, now)
        shared.set(key, kept, MAX_AGE_SECONDS)
    return kept


def _look_up(
    agency: Agency, officials: Sequence[Official], now: datetime
) -> dict[int, datetime | None]:
    """Look into the first week, and for those who have nothing free then into their whole windows."""
    found: dict[int, datetime | None] = {official.pk: None for official in officials}
    # Most officials of an agency share their terms, and so the window.
    window_under = lru_cache(partial(window_of, now=now))
    windows = [window_under(stored_times.terms_of(official)) for official in officials]
    if not windows:
        return found
    first = min(window.first_date for window in windows)
    furthest = max(window.last_date for window in windows)
    pending = set(found)
    for last in (min(first + STRIDE - DAY, furthest), furthest):
        if not pending:
            break
        for stored in stored_times.of_agency(agency.pk, first=first, last=last, now=now):
            if stored.official_id in pending:
                free = _first_free(stored, window_under(stored.terms), last)
                if free is not None:
                    found[stored.official_id] = free
                    pending.remove(stored.official_id)
        if last == furthest:
            break
    return found


def _first_free(stored: StoredTimes, window: BookingWindow, until: date) -> datetime | None:
    first, until = window.first_date, min(window.last_date, until)
    while first <= until and (stored.rules or stored.exceptions):
        last = min(first + DAY, until)
        bookable = (slot for slot in stored.slots(first, last) if slot.start >= window.earliest)
        found = next(free_slots(bookable, (busy.time for busy in stored.busy)), None)
        if found is not None:
            return found.start
        first = last + DAY
    return None


def next_free_times(official: Official, *, not_before: datetime, now: datetime) -> list[Slot]:
    """Return the next few times that somebody can book with an official; none where nobody can."""
    if not (official.receives and official.agency.is_connected):
        return []
    free = whole_calendar(official, citizen=None, now=now).free()
    return list(islice((slot for slot in free if slot.start >= not_before), OFFERED_TIMES))
