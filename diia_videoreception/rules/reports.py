"""What a report covers and how its figures are told: periods, their parts, ranks (B-68).

Pure arithmetic on local dates of the agency; who may see what is no question here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MAX_DAYS = 366
"""The longest period of one report: a leap year."""
MAX_BY_DAYS, MAX_BY_WEEKS = 14, 92
EARLIEST = date(2000, 1, 1)


class ReportPeriodFault(StrEnum):
    """Why a period cannot be reported on."""

    REVERSED = "reversed"
    TOO_LONG = "too_long"
    TOO_EARLY = "too_early"
    IN_FUTURE = "in_future"


class ReportPeriodError(ValueError):
    """A period that no report covers; `fault` says why."""

    def __init__(self, fault: ReportPeriodFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Local dates from `first` to `last`, both included; at most `MAX_DAYS` of them.

    Raises:
        ReportPeriodError: They are reversed, too many or too far back.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ReportPeriodError(ReportPeriodFault.REVERSED)
        if self.first < EARLIEST:
            raise ReportPeriodError(ReportPeriodFault.TOO_EARLY)
        if self.days > MAX_DAYS:
            raise ReportPeriodError(ReportPeriodFault.TOO_LONG)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_month(self) -> bool:
        """Whether it is exactly a month of the calendar."""
        return self.first.day == 1 and (self.last + DAY) == _next_month(self.first)

    def before(self) -> "ReportPeriod | None":
        """Return the period just before, None if that is too early.

        Before a month of the calendar it is a month, before a part of one from its first day on the same
        days of the month before, else as many days.
        """
        if self.first.day == 1 and self.last < _next_month(self.first):
            first = (self.first - DAY).replace(day=1)
            end = self.first - DAY
            last = end if self.is_month else min(end, first + (self.days - 1) * DAY)
            return _period_or_none(first, last)
        return _period_or_none(self.first - self.days * DAY, self.first - DAY)

    def year_before(self) -> "ReportPeriod | None":
        """Return the same dates of the year before; None where that is too early."""
        return _period_or_none(_year_before(self.first), _year_before(self.last))


def reported(first: date, last: date, *, today: date) -> ReportPeriod:
    """Return the period that somebody asks a report on.

    Raises:
        ReportPeriodError: It is none, or ends after today.
    """
    period = ReportPeriod(first, last)
    if last > today:
        raise ReportPeriodError(ReportPeriodFault.IN_FUTURE)
    return period


def _period_or_none(first: date, last: date) -> ReportPeriod | None:
    try:
        return ReportPeriod(first, last)
    except ReportPeriodError:
        return None


def _year_before(day: date) -> date:
    """Return the date of the year before; of 29 February the 28th."""
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _next_month(first: date) -> date:
    return (first + 31 * DAY).replace(day=1)


class ReportStep(StrEnum):
    """Into what a period is divided on a chart."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def step_of(period: ReportPeriod) -> ReportStep:
    """Return the step that gives a chart at most 14 columns."""
    if period.days <= MAX_BY_DAYS:
        return ReportStep.DAY
    return ReportStep.WEEK if period.days <= MAX_BY_WEEKS else ReportStep.MONTH


def parts_of(period: ReportPeriod) -> Iterator[ReportPeriod]:
    """Divide a period into days, weeks from Monday, or months; they follow each other without a gap."""
    step, first = step_of(period), period.first
    while first <= period.last:
        match step:
            case ReportStep.DAY:
                following = first + DAY
            case ReportStep.WEEK:
                following = first + WEEK - first.weekday() * DAY
            case ReportStep.MONTH:
                following = _next_month(first.replace(day=1))
        yield ReportPeriod(first, min(following - DAY, period.last))
        first = following


def rank(count: int, percent: int) -> int:
    """Return the place, from 0, of a percentile among sorted values by the nearest rank.

    Raises:
        ValueError: There are no values, or it is no percentage.
    """
    if count < 1 or not 0 < percent <= 100:
        raise ValueError("a percentile is of some values, over 0 and up to 100")
    return math.ceil(count * percent / 100) - 1


def share(part: float, whole: float) -> float | None:
    """Return the percentage; None of nothing."""
    return 100 * part / whole if whole else None
