"""Free times of an official, for showing; the decision is made again under the lock (A-28).

Two groups of queries whatever the number of bookings: the schedule (rules, exceptions, holidays)
and one range of occupancy.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from diia_videoreception.errors import OutsideSchedule, TooEarly, TooLate
from diia_videoreception.models import (
    Application,
    Citizen,
    Holiday,
    Occupancy,
    Official,
    ScheduleException,
    ScheduleRule,
)
from diia_videoreception.models.occupancy import OccupancyQuerySet
from diia_videoreception.rules import lead_time, schedule
from diia_videoreception.rules.slots import Interval, all_slots, free_slots, mark_free

YEARS = (2000, 9000)


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
    agency = official.agency
    zone = ZoneInfo(agency.time_zone)
    return BookingWindow(
        earliest=lead_time.earliest_start(
            now, policy=agency.lead_time_policy, days=agency.lead_days, zone=zone
        ),
        last_date=lead_time.latest_date(now, horizon_days=official.horizon_days, zone=zone),
        zone=zone,
    )


def rule_of(row: ScheduleRule) -> schedule.ScheduleRule:
    """Return a stored rule as the rules of schedules know it."""
    return schedule.ScheduleRule(
        rrule=row.recurrence,
        starts=row.starts,
        ends=row.ends,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def exception_of(row: ScheduleException) -> schedule.ScheduleException:
    """Return a stored exception as the rules of schedules know it."""
    return schedule.ScheduleException(
        date=row.date, closed=row.closed, starts=row.starts, ends=row.ends
    )


def scheduled_slots(official: Official, *, first: date, last: date) -> list[Interval]:
    """Return every slot of the schedule on these local dates, free or not, without any lead time."""
    agency = official.agency
    rules = [rule_of(rule) for rule in official.schedule_rules.all()]
    exceptions = [
        exception_of(exception)
        for exception in official.schedule_exceptions.filter(date__range=(first, last))
    ]
    holidays = set(
        Holiday.objects.filter(date__range=(first, last), is_working=False).values_list(
            "date", flat=True
        )
    )
    hours = schedule.open_hours(
        rules,
        exceptions,
        holidays=holidays,
        works_on_holidays=agency.works_on_holidays,
        first=first,
        last=last,
        zone=ZoneInfo(agency.time_zone),
    )
    return list(
        all_slots(
            hours,
            length=timedelta(minutes=official.slot_minutes),
            pause=timedelta(minutes=official.pause_minutes),
        )
    )


def calendar(
    official: Official, *, first: date, last: date, citizen: Citizen | None, now: datetime
) -> list[Day]:
    """Return the bookable dates from first to last with their times as this citizen sees them.

    Times before the lead time or beyond the horizon are left out; the own hold is shown as own,
    everything else that occupies the official as taken.
    """
    window = booking_window(official, now)
    first, last = max(first, window.first_date), min(last, window.last_date)
    if first > last:
        return []
    slots = [
        slot
        for slot in scheduled_slots(official, first=first, last=last)
        if slot.start >= window.earliest
    ]
    return by_day(_seen_by(official, slots, citizen=citizen, now=now), zone=window.zone)


def by_day(slots: Iterable[tuple[Interval, SlotState]], *, zone: ZoneInfo) -> list[Day]:
    """Group sorted slots by their dates in the zone."""
    shown = (
        Slot(slot.start.astimezone(zone), slot.end.astimezone(zone), state) for slot, state in slots
    )
    return [
        Day(day, tuple(on_day))
        for day, on_day in groupby(shown, key=lambda slot: slot.start.date())
    ]


def _seen_by(
    official: Official, slots: Sequence[Interval], *, citizen: Citizen | None, now: datetime
) -> Iterator[tuple[Interval, SlotState]]:
    if not slots:
        return
    rows = _occupancy(official, slots, now).values_list("start", "end", "kind", "citizen_id")
    busy, own = [], []
    for start, end, kind, citizen_id in rows:
        time = Interval(start, end)
        busy.append(time)
        if citizen is not None and kind == Occupancy.Kind.HOLD and citizen_id == citizen.pk:
            own.append(time)
    for slot, is_free in mark_free(slots, busy):
        if is_free:
            yield slot, SlotState.FREE
        else:
            yield slot, SlotState.OWN if slot in own else SlotState.TAKEN


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
    busy = (Interval(start, end) for start, end in rows.values_list("start", "end"))
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


def nearest_free(days: Sequence[Day]) -> Slot | None:
    """Return the first free time of a calendar."""
    return next((slot for day in days for slot in day.slots if slot.state is SlotState.FREE), None)


def offered_slot(official: Official, *, start: datetime, now: datetime) -> Interval:
    """Return the slot of the schedule that begins at `start`, if a citizen may ask for it now.

    Raises:
        OutsideSchedule: no slot of the schedule begins then.
        TooEarly: the lead time has passed (A-32).
        TooLate: it lies beyond the horizon.
    """
    window = booking_window(official, now)
    slot = scheduled_slot(official, start=start)
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


def scheduled_slot(official: Official, *, start: datetime) -> Interval:
    """Return the slot of the schedule that begins at `start`.

    Raises:
        OutsideSchedule: there is none.
    """
    require_conceivable(start)
    day = start.astimezone(ZoneInfo(official.agency.time_zone)).date()
    for slot in scheduled_slots(official, first=day, last=day):
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
