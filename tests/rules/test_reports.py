"""Periods of reports: their parts cover them, and none is longer than a report may be."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.reports import (
    EARLIEST,
    MAX_DAYS,
    ReportPeriod,
    ReportPeriodError,
    ReportPeriodFault,
    parts_of,
    rank,
    reported,
    share,
)

DAY = timedelta(days=1)
TODAY = date(2026, 11, 30)

periods = st.builds(
    lambda first, days: ReportPeriod(first, first + days * DAY),
    st.dates(EARLIEST, date(2100, 1, 1)),
    st.integers(0, MAX_DAYS - 1),
)


@given(periods)
def test_parts__follow_each_other_and_cover_the_period(period: ReportPeriod) -> None:
    parts = list(parts_of(period))

    assert len(parts) <= 15
    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    for before, after in itertools.pairwise(parts):
        assert after.first == before.last + DAY


@given(periods)
def test_compared_periods__end_before_and_are_as_long(period: ReportPeriod) -> None:
    before, year = period.before(), period.year_before()
    if before is not None:
        assert before.last < period.first
        assert before.days == period.days or before.is_month
    if year is not None:
        assert abs((period.first - year.first).days - 365) <= 1


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (TODAY, TODAY - DAY, ReportPeriodFault.REVERSED),
        (TODAY - MAX_DAYS * DAY, TODAY, ReportPeriodFault.TOO_LONG),
        (date(1999, 12, 31), date(2000, 1, 1), ReportPeriodFault.TOO_EARLY),
        (TODAY, TODAY + DAY, ReportPeriodFault.IN_FUTURE),
        (date(1, 1, 1), date(9999, 12, 31), ReportPeriodFault.TOO_EARLY),
    ],
)
def test_a_period_that_no_report_covers__says_why(
    first: date, last: date, fault: ReportPeriodFault
) -> None:
    with pytest.raises(ReportPeriodError) as raised:
        reported(first, last, today=TODAY)
    assert raised.value.fault is fault


def test_a_leap_day_and_whole_months__have_their_like_before() -> None:
    assert ReportPeriod(date(2028, 2, 29), date(2028, 2, 29)).year_before() == ReportPeriod(
        date(2027, 2, 28), date(2027, 2, 28)
    )
    november = ReportPeriod(date(2026, 11, 1), TODAY)
    assert november.before() == ReportPeriod(date(2026, 10, 1), date(2026, 10, 31))
    begun = ReportPeriod(date(2026, 3, 1), date(2026, 3, 10))
    assert begun.before() == ReportPeriod(date(2026, 2, 1), date(2026, 2, 10))
    assert ReportPeriod(EARLIEST, EARLIEST).before() is None


@given(st.lists(st.integers(), min_size=1), st.integers(1, 100))
def test_rank__leaves_that_many_percent_at_or_below(values: list[int], percent: int) -> None:
    values.sort()
    place = rank(len(values), percent)
    assert (place + 1) * 100 >= percent * len(values)
    assert place * 100 < percent * len(values)


def test_nothing__has_no_percentage_and_no_rank() -> None:
    assert share(1, 0) is None
    assert share(1, 4) == 25
    for count, percent in ((0, 50), (1, 0), (1, 101)):
        with pytest.raises(ValueError, match="percentile"):
            rank(count, percent)
