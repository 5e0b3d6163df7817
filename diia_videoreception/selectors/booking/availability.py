"""Free times of an official, for showing; the decision is made again under the lock (A-28).

`rules/slots.py` computes them from what `stored_times` reads.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from diia_videoreception.errors import OutsideSchedule, TooEarly, TooLate
from diia_videoreception.models import Application, CentreWorkplace, Citizen, Occupancy, Official
from diia_videoreception.models.occupancy import OccupancyQuerySet
from diia_videoreception.rules import lead_time
from diia_videoreception.rules.slots import Interval, free_slots, mark_free
from diia_videoreception.selectors.booking import stored_times
from diia_videoreception.selectors.booking.centre_seats import SeatTimes, seat_times
from diia_videoreception.selectors.booking.stored_times import BookingTerms, StoredTimes

DAY = timedelta(days=1)
YEARS = (2000, 9000)
MAX_LEAD_TIME = timedelta(days=32)
"""The longest that an agency can ask for, and the days that a clock ahead and one begun add."""


class SlotState(StrEnum):
    FREE = "free"
    TAKEN = "taken"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of the schedule as a given viewer sees it; `start` is in the agency's zone."""

    start: datetime
    end: datetime
    state: SlotState


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    slots: Sequence[Slot]

    @property
    def free(self) -> int:
        return sum(slot.state is not SlotState.TAKEN for slot in self.slots)


@dataclass(frozen=True, slots=True)
class BookingWindow:
    """From which moment to which date an official can be booked; both ends included."""

    earliest: datetime
    last_date: date
    zone: ZoneInfo

    @property
    def first_date(self) -> date:
        return self.earliest.astimezone(self.zone).date()


def booking_window(official: Official, now: datetime) -> BookingWindow:
    return window_of(stored_times.terms_of(official), now)


def window_of(terms: BookingTerms, now: datetime) -> BookingWindow:
    """Return the booking window that follows from what the official and the agency say."""
    return BookingWindow(
        earliest=lead_time.earliest_start(
            now, policy=terms.lead_time_policy, days=terms.lead_days, zone=terms.zone
        ),
        last_date=lead_time.latest_date(now, horizon_days=terms.horizon_days, zone=terms.zone),
        zone=terms.zone,
    )


def scheduled_slots(official: Official, *, first: date, last: date) -> list[Interval]:
    """Return every slot of the schedule on these local dates, free or not, without any lead time."""
    stored = stored_times.of_official(official.pk, first=first, last=last, now=None)
    return list(stored.slots(first, last)) if stored is not None else []


@dataclass(frozen=True, slots=True)
class Calendar:
    """The bookable dates of an official as one citizen sees them; what is asked for is laid out.

    Times before the lead time or beyond the horizon are left out; the own hold is shown as own,
    everything else that occupies the official, or the citizen elsewhere, as taken.
    """

    window: BookingWindow
    stored: StoredTimes | None
    """What was read; None where the official is gone."""
    viewer: int | None
    """The key of the citizen."""
    seat: SeatTimes | None = None
    """The seat of a centre at which the citizen wants to sit: what is not free there is taken."""

    def days(self, first: date, last: date) -> list[Day]:
        """Return the bookable dates from first to last with their times."""
        return by_day(self._seen(first, last), zone=self.window.zone)

    def free(self) -> Iterator[Slot]:
        """Give the free times of the whole window, laid out as far as somebody asks."""
        for slot, state in self._seen(self.window.first_date, self.window.last_date):
            if state is SlotState.FREE:
                yield _shown(slot, state, self.window.zone)

    def nearest(self) -> Slot | None:
        """Return the first free time of the whole window."""
        return next(self.free(), None)

    def at(self, moment: datetime) -> Slot | None:
        """Return the time that begins then; None where none can be booked."""
        day = moment.astimezone(self.window.zone).date()
        slots = (slot for one in self.days(day, day) for slot in one.slots)
        return next((slot for slot in slots if slot.start == moment), None)

    def _seen(self, first: date, last: date) -> Iterator[tuple[Interval, SlotState]]:
        first, last = max(first, self.window.first_date), min(last, self.window.last_date)
        if self.stored is None or first > last:
            return
        busy = self.stored.busy
        own = {one.time for one in busy if one.holder is not None and one.holder == self.viewer}
        slots = (s for s in self.stored.slots(first, last) if s.start >= self.window.earliest)
        taken = [one.time for one in busy]
        if self.seat is not None:
            taken += self.seat.not_free(_around(first, last))
        for slot, is_free in mark_free(slots, taken):
            if is_free:
                yield slot, SlotState.FREE
            else:
                yield slot, SlotState.OWN if slot in own else SlotState.TAKEN


def _around(first: date, last: date) -> Interval:
    """Return a time that holds these dates in every zone."""
    return Interval(
        datetime.combine(first - DAY, time.min, UTC),
        datetime.combine(last + 2 * DAY, time.min, UTC),
    )


def whole_calendar(
    official: Official,
    *,
    citizen: Citizen | None,
    now: datetime,
    seat: CentreWorkplace | None = None,
) -> Calendar:
    """Read the whole booking window of an official, by one statement, and by one more that of a seat."""
    window = booking_window(official, now)
    first, last = window.first_date, window.last_date
    found = _read_calendar(official, window, first, last, citizen, now)
    if seat is None or found.stored is None:
        return found
    return replace(found, seat=seat_times(seat, _around(first, last), viewer=citizen, now=now))


def calendar(
    official: Official, *, first: date, last: date, citizen: Citizen | None, now: datetime
) -> list[Day]:
    """Return the bookable dates from first to last with their times, as `Calendar` shows them."""
    window = booking_window(official, now)
    first, last = max(first, window.first_date), min(last, window.last_date)
    return _read_calendar(official, window, first, last, citizen, now).days(first, last)


def _read_calendar(
    official: Official,
    window: BookingWindow,
    first: date,
    last: date,
    citizen: Citizen | None,
    now: datetime,
) -> Calendar:
    if first > last:
        return Calendar(window, None, None)
    viewer = citizen.pk if citizen else None
    stored = stored_times.of_official(official.pk, first=first, last=last, now=now, viewer=viewer)
    return Calendar(window, stored, viewer)


@dataclass(frozen=True, slots=True)
class Offer:
    """The times of an official on the dates asked for, within the booking window."""

    window: BookingWindow
    through: date
    """The last date that was asked for and can be booked."""
    days: Sequence[Day]


def offer(
    official_id: int,
    *,
    first: date | None,
    last: date | None,
    max_days: int,
    citizen: Citizen | None,
    now: datetime,
) -> Offer | None:
    """Return the times of an official by one statement; None for one who cannot be booked.

    Args:
        first: First local date; without dates the first `max_days` of the booking window.
    """
    # Nothing before today is offered, wherever the official is.
    read_from = max(first or date.min, now.date() - DAY)
    read_to = min(last or read_from + MAX_LEAD_TIME + max_days * DAY, date.max - 2 * DAY)
    viewer = citizen.pk if citizen else None
    read = partial(stored_times.of_official, official_id, now=now, viewer=viewer)
    stored = read(first=read_from, last=read_to)
    if stored is None or not stored.can_be_booked:
        return None
    window = window_of(stored.terms, now)
    from_date = max(first or window.first_date, window.first_date)
    to_date = min(last or window.first_date + (max_days - 1) * DAY, window.last_date)
    if to_date > read_to:
        stored = read(first=from_date, last=to_date)
        if stored is None:
            return None
    days = Calendar(window, stored, viewer).days(from_date, to_date)
    return Offer(window=window, through=to_date, days=days)


def by_day(slots: Iterable[tuple[Interval, SlotState]], *, zone: ZoneInfo) -> list[Day]:
    """Group sorted slots by their dates in the zone."""
    shown = (_shown(slot, state, zone) for slot, state in slots)
    return [
        Day(day, tuple(on_day))
        for day, on_day in groupby(shown, key=lambda slot: slot.start.date())
    ]


def _shown(slot: Interval, state: SlotState, zone: ZoneInfo) -> Slot:
    return Slot(slot.start.astimezone(zone), slot.end.astimezone(zone), state)


def free_among(
    official: Official,
    slots: Sequence[Interval],
    *,
    now: datetime,
    besides: Application | None = None,
) -> Iterator[Interval]:
    """Give those of the sorted slots that nothing occupies now, but for the application `besides`."""
    if not slots:
        return iter(())
    rows = _occupancy(official, slots, now)
    if besides is not None:
        rows = rows.exclude(application=besides)
    busy = [Interval(start, end) for start, end in rows.values_list("start", "end")]
    if besides is not None and besides.seat is not None:
        # Whoever moves it moves both.
        whole = Interval(slots[0].start, slots[-1].end)
        at_seat = seat_times(besides.seat, whole, viewer=None, now=now)
        busy += at_seat.not_free(whole, besides=besides.pk)
    return free_slots(slots, busy)


def _occupancy(official: Official, slots: Sequence[Interval], now: datetime) -> OccupancyQuerySet:
    return Occupancy.objects.live(now).overlapping(
        official.pk, Interval(slots[0].start, slots[-1].end)
    )


def first_days(days: Sequence[Day], most_slots: int) -> Sequence[Day]:
    """Return the first whole days that have no more slots together, but one at least."""
    slots = 0
    for number, day in enumerate(days):
        slots += len(day.slots)
        if number and slots > most_slots:
            return days[:number]
    return days


def around(
    official_id: int, start: datetime, *, now: datetime, holder: Citizen
) -> StoredTimes | None:
    """Read what concerns an official around one moment, and what a citizen holds, by one statement."""
    day = start.astimezone(UTC).date()
    return stored_times.of_official(
        official_id, first=day - DAY, last=day + DAY, now=now, holder=holder.pk
    )


def offered_slot(
    official: Official, *, start: datetime, now: datetime, stored: StoredTimes | None = None
) -> Interval:
    """Return the slot of the schedule that begins at `start`, if a citizen may ask for it now.

    Args:
        stored: what `around` has read.

    Raises:
        OutsideSchedule: no slot of the schedule begins then.
        TooEarly: the lead time has passed (A-32).
        TooLate: it lies beyond the horizon.
    """
    window = booking_window(official, now)
    slot = scheduled_slot(official, start=start, stored=stored)
    if start < window.earliest:
        raise TooEarly(days=official.agency.lead_days)
    if start.astimezone(window.zone).date() > window.last_date:
        raise TooLate
    return slot


def require_conceivable(start: datetime) -> None:
    """Refuse moments at the ends of the calendar, where other zones and later times do not exist.

    Raises:
        OutsideSchedule
    """
    if not YEARS[0] <= start.year <= YEARS[1]:
        raise OutsideSchedule


def scheduled_slot(
    official: Official, *, start: datetime, stored: StoredTimes | None = None
) -> Interval:
    """Return the slot of the schedule that begins at `start`.

    Args:
        stored: what `around` has read.

    Raises:
        OutsideSchedule: there is none.
    """
    require_conceivable(start)
    day = start.astimezone(ZoneInfo(official.agency.time_zone)).date()
    on_day = stored.slots(day, day) if stored else scheduled_slots(official, first=day, last=day)
    for slot in on_day:
        if slot.start == start:
            return slot
    raise OutsideSchedule


def is_free(official: Official, *, start: datetime, now: datetime) -> bool:
    """Return whether the slot that begins at `start` is offered and nothing occupies it now."""
    try:
        slot = offered_slot(official, start=start, now=now)
    except (OutsideSchedule, TooEarly, TooLate):
        return False
    return not Occupancy.objects.live(now).overlapping(official.pk, slot).exists()
