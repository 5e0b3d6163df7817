"""How early and how far ahead a reception may be booked: «не пізніше ніж за 3 доби» (A-32)."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
OFFICES_CLOSE = time(17, 30)
"""Later than this nobody expects a reception on the same day."""


class LeadTimePolicy(StrEnum):
    """How the days before a reception are counted.

    HOURS: 24 hours each, before the start. CALENDAR_DAYS: whole local days, before the date.
    """

    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"


def earliest_start(
    now: datetime,
    policy: LeadTimePolicy | str,
    days: int,
    zone: ZoneInfo,
) -> datetime:
    """Return the first moment at which a reception booked `now` may start, in UTC (A-32).

    Args:
        now: An aware datetime.
        policy: A `LeadTimePolicy` or its value.
        days: Length of the lead time in days, 0 for none.
        zone: The agency's time zone.

    Raises:
        ValueError: `now` has no zone, the policy is unknown, or `days` is negative.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    if days < 0:
        raise ValueError("a lead time is not negative")
    if LeadTimePolicy(policy) is LeadTimePolicy.HOURS:
        return now.astimezone(UTC) + days * DAY
    if days == 0:
        return now.astimezone(UTC)
    local = now.astimezone(zone)
    # The day that has begun is not a whole one, unless it begins this very moment.
    first_whole_day = local.date() if now == _midnight(local.date(), zone) else local.date() + DAY
    return _midnight(first_whole_day + days * DAY, zone)


def first_bookable_date(
    now: datetime,
    policy: LeadTimePolicy | str,
    days: int,
    zone: ZoneInfo,
) -> date:
    """Return the local date of the earliest start, for «Найближчий можливий день» (A-32).

    A day counts no more when offices are about to close. Whether the official receives on that
    day is for the schedule to say. Raises as `earliest_start`.
    """
    earliest = earliest_start(now, policy, days, zone).astimezone(zone)
    day = earliest.date()
    return day if earliest < datetime.combine(day, OFFICES_CLOSE, zone) else day + DAY


def latest_date(now: datetime, horizon_days: int, zone: ZoneInfo) -> date:
    """Return the last local date that can be booked `now`, `horizon_days` after today's.

    Raises ValueError when `now` has no zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    return now.astimezone(zone).date() + horizon_days * DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
