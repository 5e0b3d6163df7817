"""Until when an agency may choose to wait for an answer."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.answer_deadlines import days_to_choose, evening_of
from diia_videoreception.rules.terms import Workdays
from tests.harness.clock import NOW

KYIV = ZoneInfo("Europe/Kyiv")
HOUR = timedelta(hours=1)
ALWAYS = Workdays()


def days(latest: datetime, workdays: Workdays = ALWAYS, now: datetime = NOW) -> list[int]:
    found = days_to_choose(now, latest=latest, zone=KYIV, workdays=workdays)
    return [day.day for day in found]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(5, []), (31, []), (32, [24]), (48, [24]), (56, [24, 25]), (24 * 8, [24, 25, 26, 27, 30])],
    ids=["today", "before the evening", "until it", "two days", "their evening", "no weekend"],
)
def test_a_day__has_its_evening_within_the_term(hours: int, expected: list[int]) -> None:
    assert days(NOW + hours * HOUR) == expected


def test_a_closed_day__is_never_offered() -> None:
    closed = Workdays(holidays={date(2026, 11, 25)}, working_weekends={date(2026, 11, 28)})
    assert days(NOW + 24 * 8 * HOUR, closed) == [24, 26, 27, 28, 30]


def test_the_evening__is_that_of_the_agencys_clock_on_either_side_of_a_clock_change() -> None:
    assert [evening_of(date(2026, 10, day), KYIV).astimezone(UTC).hour for day in (24, 25)] == [
        15,
        16,
    ]


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),
    hours=st.integers(0, 720),
)
def test_whatever_is_offered__is_later_than_now_open_and_within_the_term(
    now: datetime, hours: int
) -> None:
    latest = now + hours * HOUR
    for day in days_to_choose(now, latest=latest, zone=KYIV, workdays=ALWAYS):
        assert now < evening_of(day, KYIV) <= latest
        assert not ALWAYS.is_off(day)
