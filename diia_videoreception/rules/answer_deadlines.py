"""Until when an agency may wait for a citizen's answer, if not as long as it can."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.rules.terms import Workdays

EVENING = time(18)
"""The hour of the agency's clock until which an answer is waited for on a chosen day."""
_DAY = timedelta(days=1)


def evening_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment of a day until which an answer may be waited for."""
    return datetime.combine(day, EVENING, zone)


def days_to_choose(
    now: datetime, *, latest: datetime, zone: ZoneInfo, workdays: Workdays
) -> list[date]:
    """Return the days from tomorrow on, until whose evening an answer may be waited for.

    None of them is a day on which the agency does not work, and none ends later than `latest`.
    """
    day, last = now.astimezone(zone).date(), latest.astimezone(zone).date()
    days = []
    while day < last:
        day += _DAY
        if not workdays.is_off(day) and evening_of(day, zone) <= latest:
            days.append(day)
    return days
