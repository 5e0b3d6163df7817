"""How long a citizen may object to what was noted of a reception, and when the agency answers by.

Whether one may at all, `selectors/booking/objections.py` tells; to a guest of the room one objects in
`services/rooms/inviting.py`.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OBJECTION_DAYS = 5
ANSWER_WORKING_DAYS = 5
MAX_OBJECTION = 2000
_SATURDAY = 5


def objection_until(noted_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the last day on which one may object: whole local days after that of the note."""
    last = noted_at.astimezone(zone).date() + timedelta(days=OBJECTION_DAYS)
    return _midnight_after(last, zone)


def answer_due(objected_at: datetime, zone: ZoneInfo, *, holidays: Collection[date]) -> date:
    """Return the last of the working days within which the agency answers, the day of the objection not counted.

    Args:
        objected_at: When the citizen objected.
        zone: The agency's time zone.
        holidays: Days on which the agency does not work besides Saturdays and Sundays.
    """
    day = objected_at.astimezone(zone).date()
    left = ANSWER_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY and day not in holidays
    return day


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
