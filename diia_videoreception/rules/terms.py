"""Terms of an agency: until when something is to be done, and how far a term may be extended.

A day is one of the agency's own calendar. The day of the act from which a term counts is not counted;
a term that would end on a day off ends on the next working day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from diia_videoreception.rules.times import DECISION_DUE

MAX_DAYS = 365
SUGGESTED_ANSWER_DAYS, SUGGESTED_MAX_ANSWER_DAYS = 30, 45
"""Calendar days, by Article 20 of the law on citizens' appeals; shown as to be confirmed, never filled in."""
MAX_EXTENSION_REASON = 1000
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SATURDAY = 5


class TermKind(StrEnum):
    """What has a term."""

    DECISION = "decision"
    """The decision on an application, counted from the day on which it was submitted."""
    ANSWER = "answer"
    """The written answer after a reception whose question needs consideration."""


class Counting(StrEnum):
    """Which days count."""

    CALENDAR = "calendar"
    WORKING = "working"


class Beginning(StrEnum):
    """From which act a term counts."""

    SUBMISSION = "submission"
    RECEPTION = "reception"


BEGINNINGS = MappingProxyType(
    {
        TermKind.DECISION: (Beginning.SUBMISSION,),
        TermKind.ANSWER: (Beginning.RECEPTION, Beginning.SUBMISSION),
    }
)
"""From which acts each term can count; the first one unless somebody says otherwise."""


class Extender(StrEnum):
    """Who may extend a term, once for all of the agency's cases."""

    NOBODY = "nobody"
    MODERATOR = "moderator"
    """Every moderator of the agency, its heads too."""
    HEAD = "head"


class TermFault(StrEnum):
    """What is wrong with a term that somebody wants to set."""

    DAYS = "days"
    """None of 1 to `MAX_DAYS`."""
    LIMIT_MISSING = "limit_missing"
    """It can be extended, but not said to how many days."""
    LIMIT_TOO_LOW = "limit_too_low"
    """The limit is no more than the term."""
    LIMIT_FOR_NOBODY = "limit_for_nobody"
    """There is a limit, but nobody who may extend."""


def fault_of(days: int | None, extender: Extender, max_days: int | None) -> TermFault | None:
    """Return what is wrong with a term; one without days is not filled in, and has no extension either."""
    if days is not None and not 1 <= days <= MAX_DAYS:
        return TermFault.DAYS
    if extender is Extender.NOBODY:
        return TermFault.LIMIT_FOR_NOBODY if max_days is not None else None
    if max_days is None or not 1 <= max_days <= MAX_DAYS:
        return TermFault.LIMIT_MISSING
    return TermFault.LIMIT_TOO_LOW if days is None or max_days <= days else None


def may_extend(extender: Extender, *, is_head: bool) -> bool:
    """Return whether a moderator, or a head, may extend a term."""
    return extender is Extender.MODERATOR or (extender is Extender.HEAD and is_head)


@dataclass(frozen=True, slots=True)
class Workdays:
    """On which days an agency works: from Monday to Friday, but for what is listed.

    Attributes:
        holidays: Days on which it does not work besides Saturdays and Sundays.
        working_weekends: Saturdays and Sundays that are working days for everyone.
    """

    holidays: Collection[date] = frozenset()
    working_weekends: Collection[date] = frozenset()

    def is_off(self, day: date) -> bool:
        if day.weekday() >= _SATURDAY:
            return day not in self.working_weekends
        return day in self.holidays


def last_day(
    since: datetime, zone: ZoneInfo, *, days: int, counting: Counting, workdays: Workdays
) -> date:
    """Return the last day of a term.

    Args:
        since: The act from which it counts; its day is not counted.
        zone: The agency's time zone.
        workdays: On which days the agency works.
    """
    day = since.astimezone(zone).date()
    if counting is Counting.CALENDAR:
        day += days * _DAY
        while workdays.is_off(day):
            day += _DAY
        return day
    left = days
    while left:
        day += _DAY
        left -= not workdays.is_off(day)
    return day


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day is over by a zone's clock, in UTC: from then on a term has passed."""
    return datetime.combine(day + _DAY, time.min, zone).astimezone(UTC)


def last_minute(passes_at: datetime) -> datetime:
    """Return what people are told of a term that passes at midnight: 23:59 of its last day."""
    return passes_at - _MINUTE


def decide_until(start: datetime, *, submitted_at: datetime, term: datetime | None) -> datetime:
    """Return until when people are told that an application is decided.

    It is a day before the reception, or at its start where it was submitted later than that; earlier
    where the agency's term passes before.

    Args:
        term: When the agency's term passes; None where it has none.
    """
    alarm = start - DECISION_DUE
    due = alarm if alarm > submitted_at else start
    return min(due, last_minute(term)) if term is not None else due
