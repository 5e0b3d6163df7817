"""One week of an official's times, as the page shows it (A-28 to A-32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile
from zoneinfo import ZoneInfo

from diia_videoreception.models import CentreWorkplace, Citizen, Occupancy, Official
from diia_videoreception.rules.times import PartOfDay, part_of_day, week_of
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.availability import (
    BookingWindow,
    Calendar,
    Day,
    Slot,
    SlotState,
)

WORKING_DAYS = 5
LOOK_AHEAD = timedelta(days=60)
"""How far beyond the horizon the page looks for the day on which booking opens again."""


@dataclass(frozen=True, slots=True)
class ShownDay:
    date: date
    slots: Sequence[Slot]
    is_closed: bool
    """Whether the lead time leaves no time of this day."""
    is_ahead: bool
    """Whether the day cannot be booked yet."""

    @property
    def free(self) -> int:
        return sum(slot.state is SlotState.FREE for slot in self.slots)

    @property
    def morning(self) -> list[Slot]:
        return self._part(PartOfDay.MORNING)

    @property
    def afternoon(self) -> list[Slot]:
        return self._part(PartOfDay.AFTERNOON)

    def _part(self, part: PartOfDay) -> list[Slot]:
        return [slot for slot in self.slots if part_of_day(slot.start.time()) is part]


@dataclass(frozen=True, slots=True)
class Timetable:
    """The week shown and the ways to others; moments are in the agency's zone."""

    days: Sequence[ShownDay]
    monday: date
    earlier: date | None
    later: date | None
    nearest: Slot | None
    opens_on: date | None
    """When booking opens again, where nothing is free in the whole window."""
    selected: Slot | None
    lost: datetime | None
    """The time that was asked for and cannot be had."""
    window: BookingWindow

    @property
    def first(self) -> date:
        return self.days[0].date

    @property
    def last(self) -> date:
        return self.days[-1].date

    @property
    def free(self) -> int:
        return sum(day.free for day in self.days)


def timetable(
    official: Official,
    *,
    citizen: Citizen | None,
    hold: Occupancy | None,
    week: date | None,
    moment: datetime | None,
    now: datetime,
    seat: CentreWorkplace | None = None,
) -> Timetable:
    """Lay out the week asked for, else that of the chosen time, of the hold, or the nearest free.

    One query for the whole booking window, of which only what is shown is laid out; one more for a seat.
    """
    calendar = availability.whole_calendar(official, citizen=citizen, now=now, seat=seat)
    window = calendar.window
    nearest = calendar.nearest()
    held = hold.start if hold is not None and hold.official_id == official.pk else None
    asked = _slot_at(calendar, moment)
    selected = asked or _slot_at(calendar, held)
    monday = _monday(window, week, selected, nearest)
    following = monday + timedelta(days=7)
    return Timetable(
        days=_week(calendar.days(monday, monday + timedelta(days=6)), monday, window),
        monday=monday,
        earlier=monday - timedelta(days=7) if monday > window.first_date else None,
        later=following if following <= window.last_date else None,
        nearest=nearest,
        opens_on=None if nearest else _opens_on(official, window),
        selected=selected,
        lost=moment if asked is None else None,
        window=window,
    )


def _monday(
    window: BookingWindow, week: date | None, selected: Slot | None, nearest: Slot | None
) -> date:
    shown = selected or nearest
    day = week or (shown.start.date() if shown else window.first_date)
    within = min(max(day, window.first_date), max(window.last_date, window.first_date))
    return week_of(within)[0]


def _slot_at(calendar: Calendar, moment: datetime | None) -> Slot | None:
    slot = calendar.at(moment) if moment is not None else None
    return slot if slot is not None and slot.state is not SlotState.TAKEN else None


def _week(days: Sequence[Day], monday: date, window: BookingWindow) -> list[ShownDay]:
    slots = {day.date: day.slots for day in days}
    dates = [monday + timedelta(days=number) for number in range(7)]
    week = [
        ShownDay(
            day,
            slots.get(day, ()),
            is_closed=day < window.first_date or (day == window.first_date and day not in slots),
            is_ahead=day > window.last_date,
        )
        for number, day in enumerate(dates)
        if number < WORKING_DAYS or day in slots
    ]
    # Nobody has to scroll past days that are closed already.
    return list(dropwhile(lambda day: day.is_closed, week)) or week


def _opens_on(official: Official, window: BookingWindow) -> date | None:
    first = window.last_date + timedelta(days=1)
    coming = availability.scheduled_slots(official, first=first, last=first + LOOK_AHEAD)
    if not coming:
        return None
    day = coming[0].start.astimezone(ZoneInfo(official.agency.time_zone)).date()
    return day - timedelta(days=official.horizon_days)
