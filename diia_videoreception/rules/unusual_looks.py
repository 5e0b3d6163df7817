"""When the number of cases that somebody of the staff has opened is unusual."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
USUAL_DAYS = 28
"""How far back somebody's own usual reaches."""
KNOWN_DAYS = 5
"""On so many days somebody has to have opened cases before there is a usual of theirs."""
FEW = 30
"""So many cases in a day are never unusual by the own usual alone."""


class Unusual(StrEnum):
    """What is unusual about the looks of somebody; kept in rows and in the journal."""

    HOUR = "hour"
    DAY = "day"
    USUAL = "usual"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class LookLimits:
    """From how many cases more than these it is unusual; a limit of 0 is none.

    Attributes:
        hour: Cases within an hour.
        day: Cases within 24 hours.
        times_usual: How many times the own usual of a day.
        outside: Cases within 24 hours that were not on the own work list.
    """

    hour: int
    day: int
    times_usual: int
    outside: int


@dataclass(frozen=True, slots=True)
class LookCounts:
    """Different cases of one agency that one person has opened; help asked for by telephone is not outside."""

    hour: int
    day: int
    outside: int


def usual_of(days: Sequence[int]) -> int | None:
    """Return how many cases a day somebody usually opens, rounded up; None where that is not known yet.

    Args:
        days: Cases of each day on which there were any.
    """
    return -(-sum(days) // len(days)) if len(days) >= KNOWN_DAYS else None


def may_be_unusual(counts: LookCounts, limits: LookLimits) -> bool:
    """Return whether the own usual has to be asked for."""
    return bool(limits.times_usual) and counts.day > FEW


def what_is_unusual(
    counts: LookCounts, limits: LookLimits, *, usual: int | None
) -> tuple[Unusual, ...]:
    """Return what is unusual, in the order of `Unusual`; nothing where all is as it should be."""
    found = {
        Unusual.HOUR: 0 < limits.hour < counts.hour,
        Unusual.DAY: 0 < limits.day < counts.day,
        Unusual.USUAL: (
            usual is not None
            and may_be_unusual(counts, limits)
            and counts.day > limits.times_usual * usual
        ),
        Unusual.OUTSIDE: 0 < limits.outside < counts.outside,
    }
    return tuple(what for what in Unusual if found[what])
