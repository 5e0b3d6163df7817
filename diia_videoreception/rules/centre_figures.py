"""Figures of centres: over which days, which groups are too small to be shown, medians, cells of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LEAST = 5
"""Of a group of fewer people nothing is shown: its members could be told."""
MIN_DAYS = 7
"""A shorter period, laid beside a longer one, would show a single day."""
MAX_DAYS = 366
YEARS_BACK = 10
MONTHS_OFFERED, QUARTERS_OFFERED = 13, 8


class PeriodKind(StrEnum):
    """How a period is asked for."""

    MONTH = "month"
    QUARTER = "quarter"
    OWN = "own"


class PeriodError(StrEnum):
    """Why there is no such period."""

    MISSING = "missing"
    BACKWARDS = "backwards"
    FUTURE = "future"
    TOO_OLD = "too_old"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


class NoPeriod(ValueError):
    """Two days between which nothing is counted."""

    def __init__(self, reason: PeriodError) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FigurePeriod:
    """The days that are counted, first and last among them."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def name(self) -> str:
        """By which a month or a quarter is asked for: 2026-11, 2026-q4; days of one's own have none."""
        if self.kind is PeriodKind.OWN:
            return str(self.kind)
        month = f"{self.first:%m}" if self.kind is PeriodKind.MONTH else f"q{self.quarter}"
        return f"{self.first:%Y}-{month}"

    @property
    def quarter(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def before(self) -> "FigurePeriod":
        """The period to compare with: the month or quarter before, or as many days."""
        end = self.first - timedelta(days=1)
        if self.kind is PeriodKind.OWN:
            return FigurePeriod(self.kind, self.first - (self.last - self.first) - _DAY, end)
        return month_of(end) if self.kind is PeriodKind.MONTH else quarter_of(end)


_DAY = timedelta(days=1)


def month_of(day: date) -> FigurePeriod:
    """Return the whole month in which a day lies."""
    return FigurePeriod(PeriodKind.MONTH, day.replace(day=1), _last_of(day.year, day.month))


def quarter_of(day: date) -> FigurePeriod:
    """Return the whole quarter in which a day lies."""
    first = (day.month - 1) // 3 * 3 + 1
    return FigurePeriod(PeriodKind.QUARTER, date(day.year, first, 1), _last_of(day.year, first + 2))


def recent(kind: PeriodKind, today: date, count: int) -> list[FigurePeriod]:
    """Return the latest months or quarters, the present one first."""
    found = [month_of(today) if kind is PeriodKind.MONTH else quarter_of(today)]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def offered(today: date) -> list[FigurePeriod]:
    """Return the months and quarters that can be chosen, with the present ones first."""
    return [
        *recent(PeriodKind.MONTH, today, MONTHS_OFFERED),
        *recent(PeriodKind.QUARTER, today, QUARTERS_OFFERED),
    ]


def own_period(first: date | None, last: date | None, *, today: date) -> FigurePeriod:
    """Return the period between two days.

    Raises:
        NoPeriod: it would be none, longer than a year, or so short that it tells of single people.
    """
    if first is None or last is None:
        raise NoPeriod(PeriodError.MISSING)
    if last < first:
        raise NoPeriod(PeriodError.BACKWARDS)
    if last > today:
        raise NoPeriod(PeriodError.FUTURE)
    if first.year < today.year - YEARS_BACK:
        raise NoPeriod(PeriodError.TOO_OLD)
    days = (last - first).days + 1
    if days < MIN_DAYS:
        raise NoPeriod(PeriodError.TOO_SHORT)
    if days > MAX_DAYS:
        raise NoPeriod(PeriodError.TOO_LONG)
    return FigurePeriod(PeriodKind.OWN, first, last)


def _last_of(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - _DAY


def shown_counts(counts: Sequence[int]) -> list[int | None]:
    """Return the counts of the groups of one whole; None for those that are not shown.

    Too small ones are not shown, and neither are as many larger ones that nobody gets at a small one
    by subtracting what is shown from the whole. Where all small ones are empty nothing is hidden.
    """
    hidden = {place for place, count in enumerate(counts) if count < LEAST}
    if not sum(counts[place] for place in hidden):
        return list(counts)
    rest = sorted(
        (place for place in range(len(counts)) if place not in hidden), key=counts.__getitem__
    )
    for place in rest:
        if len(hidden) > 1 and sum(counts[one] for one in hidden) >= LEAST:
            break
        hidden.add(place)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def percentile(minutes: Mapping[int, int], share: float) -> int | None:
    """Return the length in whole minutes that such a share of visits does not exceed; None for too few.

    Args:
        minutes: how many visits took how long.
        share: over 0, up to 1.
    """
    total = sum(minutes.values())
    if total < LEAST:
        return None
    passed = 0
    for length in sorted(minutes):
        passed += minutes[length]
        if passed >= total * share:
            return length
    raise AssertionError(share)


def average_rating(given: Mapping[int, int]) -> float | None:
    """Return the average of ratings from 1 to 5, by how often each was given; None for too few."""
    total = sum(given.values())
    return sum(value * count for value, count in given.items()) / total if total >= LEAST else None
