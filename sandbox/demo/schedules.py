"""When the invented officials receive: rules that come back, so there are always free times."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.models import Absence, Official, ScheduleException, ScheduleRule
from diia_videoreception.services.booking.absences import save_absence

ZONE = ZoneInfo("Europe/Kyiv")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hours as (recurrence, from, to), and how long a reception and the pause after it are."""

    hours: tuple[tuple[str, time, time], ...]
    slot_minutes: int = 30
    pause_minutes: int = 0
    horizon_days: int = 30


PATTERNS = {
    "second_tuesday": Pattern(
        (("FREQ=MONTHLY;BYDAY=2TU,4TU", time(10), time(13)),), 30, 10, horizon_days=60
    ),
    "last_friday": Pattern((("FREQ=MONTHLY;BYDAY=-1FR", time(14), time(17)),), 30, horizon_days=60),
    "fortnight": Pattern((("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", time(9), time(12)),), 30, 15),
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


def add_rules(official: Official, pattern: Pattern, *, today: date) -> None:
    """Valid since a Monday half a year ago, so that past receptions fit the schedule too."""
    since = today - timedelta(days=today.weekday() + 26 * 7)
    for recurrence, starts, ends in pattern.hours:
        ScheduleRule.objects.create(
            official=official, recurrence=recurrence, starts=starts, ends=ends, valid_from=since
        )


def add_exceptions_and_absences(*, now: datetime) -> None:
    """A closed day, an extra Saturday, a leave, a meeting: each for another official."""
    today = now.astimezone(ZONE).date()
    monday = today + timedelta(days=7 - today.weekday())
    closed, extra, on_leave, in_meeting = (
        Official.objects.get(last_name=name)
        for name in ("Ярошенко", "Цимбал", "Бабенко", "Хоменко")
    )
    ScheduleException.objects.create(
        official=closed, date=monday + timedelta(days=1), closed=True, reason="Навчання"
    )
    ScheduleException.objects.create(
        official=extra,
        date=monday + timedelta(days=5),
        closed=False,
        starts=time(10),
        ends=time(14),
        reason="Прийом у суботу",
    )
    _absent(on_leave, monday, time(0), monday + timedelta(days=12), time(23, 59), "Відпустка", now)
    day = monday + timedelta(days=2)
    _absent(in_meeting, day, time(9), day, time(11), "Нарада", now)


def _absent(
    official: Official,
    first: date,
    starts: time,
    last: date,
    ends: time,
    reason: str,
    now: datetime,
) -> None:
    absence = Absence(
        official=official,
        start=datetime.combine(first, starts, ZONE),
        end=datetime.combine(last, ends, ZONE),
        reason=reason,
    )
    save_absence(absence, now=now)
