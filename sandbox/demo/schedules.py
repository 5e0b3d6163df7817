"""When the invented officials receive: rules that come back, so there are always free times.

Everything is told from the day alone; `sandbox.demo.diary` reads the same without a database.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.models import Absence, Official, ScheduleException, ScheduleRule
from diia_videoreception.rules import schedule
from diia_videoreception.rules.slots import Interval
from diia_videoreception.services.booking.absences import save_absence

ZONE = ZoneInfo("Europe/Kyiv")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hours as (recurrence, from, to), and how long a reception and the pause after it are.

    The horizon reaches over the next occurrence when a holiday takes one.
    """

    hours: tuple[tuple[str, time, time], ...]
    slot_minutes: int = 30
    pause_minutes: int = 0
    horizon_days: int = 30

    def rules(self, today: date) -> list[schedule.ScheduleRule]:
        """Return rules valid since a Monday half a year ago, so that past receptions fit the schedule too."""
        since = today - timedelta(days=today.weekday() + 26 * 7)
        return [
            schedule.ScheduleRule(rrule, starts, ends, since) for rrule, starts, ends in self.hours
        ]


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A date on which the rules of one official do not hold."""

    surname: str
    exception: schedule.ScheduleException
    reason: str


@dataclass(frozen=True, slots=True)
class Away:
    """A time when one official is absent."""

    surname: str
    time: Interval
    reason: str


PATTERNS = {
    "second_tuesday": Pattern(
        (("FREQ=MONTHLY;BYDAY=2TU,4TU", time(10), time(13)),), 30, 10, horizon_days=60
    ),
    "last_friday": Pattern((("FREQ=MONTHLY;BYDAY=-1FR", time(14), time(17)),), 30, horizon_days=90),
    "fortnight": Pattern(
        (("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", time(9), time(12)),), 30, 15, horizon_days=60
    ),
    "tuesday_thursday": Pattern((("FREQ=WEEKLY;BYDAY=TU,TH", time(9, 30), time(12, 30)),)),
    "short_talks": Pattern((("FREQ=WEEKLY;BYDAY=MO,WE,FR", time(10), time(13)),), 15, 5),
    "daily": Pattern(
        (
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", time(9), time(12)),
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(14), time(16, 30)),
        ),
        30,
    ),
}


def other_days(today: date) -> list[OtherDay]:
    """Return a closed day and an extra Saturday of next week."""
    monday = _next_monday(today)
    tuesday, saturday = monday + DAY, monday + 5 * DAY
    return [
        OtherDay("Ярошенко", schedule.ScheduleException(tuesday), "Навчання"),
        OtherDay(
            "Цимбал",
            schedule.ScheduleException(saturday, False, time(10), time(14)),
            "Прийом у суботу",
        ),
    ]


def absences(today: date) -> list[Away]:
    """Return a leave and a meeting that begin next week."""
    monday = _next_monday(today)
    friday, wednesday = monday + 11 * DAY, monday + 2 * DAY
    return [
        Away("Бабенко", _interval(monday, time(0), friday + DAY, time(0)), "Відпустка"),
        Away("Хоменко", _interval(wednesday, time(9), wednesday, time(11)), "Нарада"),
    ]


def add_rules(official: Official, pattern: Pattern, *, today: date) -> None:
    for rule in pattern.rules(today):
        ScheduleRule.objects.create(
            official=official,
            recurrence=rule.rrule,
            starts=rule.starts,
            ends=rule.ends,
            valid_from=rule.valid_from,
        )


def add_exceptions_and_absences(*, now: datetime) -> None:
    """Add each for another official."""
    today = now.astimezone(ZONE).date()
    for other in other_days(today):
        exception = other.exception
        ScheduleException.objects.create(
            official=_official(other.surname),
            date=exception.date,
            closed=exception.closed,
            starts=exception.starts,
            ends=exception.ends,
            reason=other.reason,
        )
    for away in absences(today):
        absence = Absence(
            official=_official(away.surname),
            start=away.time.start,
            end=away.time.end,
            reason=away.reason,
        )
        save_absence(absence, now=now)


def _official(surname: str) -> Official:
    return Official.objects.get(last_name=surname)


def _next_monday(today: date) -> date:
    return today + (7 - today.weekday()) * DAY


def _interval(first: date, starts: time, last: date, ends: time) -> Interval:
    return Interval(datetime.combine(first, starts, ZONE), datetime.combine(last, ends, ZONE))
