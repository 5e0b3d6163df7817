"""How long a citizen may object to what was noted of a reception, and when the agency answers by.

Whether one may at all, `selectors/booking/objections.py` tells; to a guest of the room one objects in
`services/rooms/inviting.py`.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.rules.terms import Counting, Workdays, end_of, last_day

OBJECTION_DAYS = 5
ANSWER_WORKING_DAYS = 5
MAX_OBJECTION = 2000


def objection_until(noted_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the last day on which one may object: whole local days after that of the note."""
    return end_of(noted_at.astimezone(zone).date() + timedelta(days=OBJECTION_DAYS), zone)


def answer_due(objected_at: datetime, zone: ZoneInfo, *, workdays: Workdays) -> date:
    """Return the last of the working days within which the agency answers, the day of the objection not counted.

    Args:
        objected_at: When the citizen objected.
        zone: The agency's time zone.
        workdays: On which days the agency works.
    """
    return last_day(
        objected_at,
        zone,
        days=ANSWER_WORKING_DAYS,
        counting=Counting.WORKING,
        workdays=workdays,
    )
