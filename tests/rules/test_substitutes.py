"""For which days somebody may be named as a substitute."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diia_videoreception.rules.substitutes import (
    DaysProblem,
    first_days,
    latest_last_day,
    problem_of_days,
)

TODAY = date(2026, 12, 1)
LONGEST = timedelta(days=91)
"""From the first to the last of 92 days."""


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (TODAY, TODAY, None),
        (TODAY, TODAY + LONGEST, None),
        (TODAY, TODAY + LONGEST + timedelta(days=1), DaysProblem.TOO_LONG),
        (TODAY - LONGEST, TODAY, None),
        (TODAY - timedelta(days=92), TODAY - timedelta(days=1), DaysProblem.OVER),
        (TODAY - timedelta(days=92), TODAY, DaysProblem.TOO_LONG),
        (TODAY - timedelta(days=93), TODAY, DaysProblem.BEGINS_OUTSIDE),
        (TODAY, TODAY - timedelta(days=1), DaysProblem.TURNED_ROUND),
        (TODAY + timedelta(days=366), TODAY + timedelta(days=366), None),
        (TODAY + timedelta(days=366), TODAY + timedelta(days=367), DaysProblem.TOO_LONG),
        (TODAY + timedelta(days=367), TODAY + timedelta(days=367), DaysProblem.BEGINS_OUTSIDE),
    ],
)
def test_days__are_three_months_at_most_within_a_year(
    first: date, last: date, problem: DaysProblem | None
) -> None:
    assert problem_of_days(first, last, today=TODAY) is problem


@given(st.dates(), st.dates())
@example(date.min, date.max)
@example(date.max, date.max)
@example(date.min, date.min)
def test_whatever_days_are_typed__what_is_let_through_can_be_reckoned_with(
    first: date, last: date
) -> None:
    if problem_of_days(first, last, today=TODAY) is None:
        earliest, latest = first_days(TODAY)
        assert earliest <= first <= latest
        assert TODAY <= last <= latest_last_day(first, today=TODAY) <= TODAY + timedelta(days=366)
