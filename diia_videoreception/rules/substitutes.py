"""For which days somebody may be named as a substitute."""

from datetime import date, timedelta
from enum import StrEnum

MAX_DAYS = 92
"""How long one substitution lasts at most: three months."""
MAX_DAYS_AGO = 92
"""How long ago it may have begun; naming somebody afterwards lets them conclude what they received."""
MAX_DAYS_AHEAD = 366
"""How far ahead it may end: no reception is booked further."""


class DaysProblem(StrEnum):
    """Why nobody can be named for these days."""

    BEGINS_OUTSIDE = "begins_outside"
    TURNED_ROUND = "turned_round"
    TOO_LONG = "too_long"
    OVER = "over"


def first_days(today: date) -> tuple[date, date]:
    """Return between which days a substitution may begin."""
    return today - timedelta(days=MAX_DAYS_AGO), today + timedelta(days=MAX_DAYS_AHEAD)


def latest_last_day(first: date, *, today: date) -> date:
    """Return the last day that a substitution beginning on a possible day may have."""
    return min(first + timedelta(days=MAX_DAYS - 1), today + timedelta(days=MAX_DAYS_AHEAD))


def problem_of_days(first: date, last: date, *, today: date) -> DaysProblem | None:
    """Return what is wrong with the days of a substitution, whichever they are; None when nothing is.

    Args:
        today: By the clock of the agency.
    """
    earliest, latest = first_days(today)
    if first > last:
        return DaysProblem.TURNED_ROUND
    if last < today:
        return DaysProblem.OVER
    if not earliest <= first <= latest:
        return DaysProblem.BEGINS_OUTSIDE
    if last > latest_last_day(first, today=today):
        return DaysProblem.TOO_LONG
    return None
