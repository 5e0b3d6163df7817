"""Figures of centres: periods, groups that are too small to be shown, medians, cells."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.centre_figures import (
    LEAST,
    MAX_DAYS,
    FigurePeriod,
    NoPeriod,
    PeriodError,
    PeriodKind,
    average_rating,
    month_of,
    offered,
    own_period,
    percentile,
    quarter_of,
    shown_counts,
)

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=7)


@given(DAYS)
def test_months_and_quarters__lie_side_by_side_without_gaps(day: date) -> None:
    for of in (month_of, quarter_of):
        period = of(day)
        assert period.first <= day <= period.last
        assert period.before.last + timedelta(days=1) == period.first
        assert of(period.before.first) == period.before


def test_the_period_before__is_as_long_as_days_of_ones_own() -> None:
    own = FigurePeriod(PeriodKind.OWN, date(2026, 11, 10), date(2026, 11, 19))
    assert (own.before.first, own.before.last) == (date(2026, 10, 31), date(2026, 11, 9))


def test_periods__have_names_of_their_own() -> None:
    names = [one.name for one in offered(TODAY)]
    assert names[0] == "2026-11"
    assert "2026-q4" in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (None, TODAY, PeriodError.MISSING),
        (date(2026, 11, 20), date(2026, 11, 19), PeriodError.BACKWARDS),
        (date(2026, 11, 1), date(2026, 11, 25), PeriodError.FUTURE),
        (date(2016, 1, 1).replace(year=2015), date(2015, 3, 1), PeriodError.TOO_OLD),
        (date(2026, 11, 1), date(2026, 11, 6), PeriodError.TOO_SHORT),
        (TODAY - timedelta(days=MAX_DAYS), TODAY, PeriodError.TOO_LONG),
    ],
)
def test_two_days__between_which_nothing_is_counted(
    first: date | None, last: date | None, reason: PeriodError
) -> None:
    with pytest.raises(NoPeriod) as refused:
        own_period(first, last, today=TODAY)
    assert refused.value.reason is reason


def test_two_days__that_make_a_period() -> None:
    assert own_period(date(2026, 11, 1), date(2026, 11, 7), today=TODAY).kind is PeriodKind.OWN
    longest = TODAY - timedelta(days=MAX_DAYS - 1)
    assert own_period(longest, TODAY, today=TODAY).first == longest


@given(COUNTS)
def test_small_groups__are_not_shown_and_not_found_by_subtraction(counts: list[int]) -> None:
    shown = shown_counts(counts)
    assert all(one is None or one == count for one, count in zip(shown, counts, strict=True))
    hidden = [count for one, count in zip(shown, counts, strict=True) if one is None]
    in_sight = [one for one in shown if one is not None]
    assert all(one == 0 or one >= LEAST for one in in_sight)
    # Whoever knows the whole knows how many are hidden together: of these no few, and no single group.
    if hidden and len(hidden) < len(counts):
        assert sum(hidden) >= LEAST
        assert len(hidden) > 1


def test_large_groups__are_all_shown() -> None:
    assert shown_counts([71, 52, 33, 22, 8, 0]) == [71, 52, 33, 22, 8, 0]
    assert shown_counts([71, 52, 3]) == [71, None, None]


@given(st.dictionaries(st.integers(0, 300), st.integers(1, 30), min_size=1, max_size=30))
def test_percentiles__leave_such_a_share_at_or_below(minutes: dict[int, int]) -> None:
    lengths = sorted(length for length, count in minutes.items() for _ in range(count))
    for share in (0.5, 0.9):
        found = percentile(minutes, share)
        if len(lengths) < LEAST:
            assert found is None
        else:
            assert found in minutes
            assert sum(one <= found for one in lengths) >= len(lengths) * share
            assert sum(one < found for one in lengths) < len(lengths) * share


def test_an_average__is_of_five_ratings_or_more() -> None:
    assert average_rating({5: 3, 4: 1}) is None
    assert average_rating({5: 4, 1: 1}) == 4.2
