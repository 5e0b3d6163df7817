"""Until when a centre enters what a person has signed on paper."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.centres import Period
from diia_videoreception.rules.terms import Workdays
from diia_videoreception.rules.typed_papers import (
    enter_by,
    read_paper_code,
    written_paper_code,
)

KYIV = ZoneInfo("Europe/Kyiv")
FRIDAY = datetime(2026, 11, 27, 15, tzinfo=KYIV)
WEEK = [Period(day, time(9), time(13)) for day in range(5)] + [
    Period(day, time(14), time(18)) for day in range(4)
]


def by(when: datetime, periods: list[Period], workdays: Workdays = Workdays()) -> datetime:  # noqa: B008
    return enter_by(when, periods, workdays=workdays, zone=KYIV)


def test_a_paper_of_a_friday__is_entered_until_the_centre_closes_on_monday() -> None:
    assert by(FRIDAY, WEEK) == datetime(2026, 11, 30, 18, tzinfo=KYIV)


def test_a_paper_of_a_day__is_never_due_on_that_day() -> None:
    assert by(FRIDAY - timedelta(days=1, hours=10), WEEK) == datetime(2026, 11, 27, 13, tzinfo=KYIV)


def test_holidays__put_it_off_and_a_saturday_with_hours_is_a_day_of_the_centre() -> None:
    holidays = Workdays(holidays=frozenset({date(2026, 11, 30)}))
    assert by(FRIDAY, WEEK, holidays) == datetime(2026, 12, 1, 18, tzinfo=KYIV)
    saturday = [*WEEK, Period(5, time(10), time(14))]
    assert by(FRIDAY, saturday) == datetime(2026, 11, 28, 14, tzinfo=KYIV)


def test_a_centre_without_hours__has_monday_to_friday_until_the_evening() -> None:
    assert by(FRIDAY, []) == datetime(2026, 11, 30, 18, tzinfo=KYIV)
    working = Workdays(working_weekends=frozenset({date(2026, 11, 28)}))
    assert by(FRIDAY, [], working) == datetime(2026, 11, 28, 18, tzinfo=KYIV)


@given(
    signed=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    weekdays=st.sets(st.integers(0, 6)),
    holidays=st.sets(st.dates(date(2026, 1, 1), date(2030, 1, 1)), max_size=20),
)
def test_the_term__is_after_the_day_of_the_signature_and_on_no_day_off(
    signed: datetime, weekdays: set[int], holidays: set[date]
) -> None:
    periods = [Period(day, time(8), time(17)) for day in weekdays]
    due = by(signed, periods, Workdays(holidays=frozenset(holidays)))
    day = due.astimezone(KYIV).date()
    assert day > signed.astimezone(KYIV).date()
    assert day.weekday() in (weekdays or set(range(5)))
    assert day not in holidays
    before = signed.astimezone(KYIV).date() + timedelta(days=1)
    while before < day:
        assert before.weekday() not in (weekdays or set(range(5))) or before in holidays
        before += timedelta(days=1)


@pytest.mark.parametrize("copied", ["abcd2345", " ABCD-2345 ", "ABCD 23 45"])
def test_a_code__is_read_however_it_was_copied(copied: str) -> None:
    assert read_paper_code(copied) == "ABCD2345"
    assert read_paper_code(written_paper_code("ABCD2345")) == "ABCD2345"
