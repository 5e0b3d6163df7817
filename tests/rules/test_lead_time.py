"""Three days before the reception, by the hour or by the calendar (A-32)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.lead_time import (
    LeadTimePolicy,
    earliest_start,
    first_bookable_date,
    latest_date,
)

KYIV = ZoneInfo("Europe/Kyiv")
HOURS = LeadTimePolicy.HOURS
CALENDAR = LeadTimePolicy.CALENDAR_DAYS

moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def kyiv(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=KYIV)


def test_hours__are_72_before_the_start() -> None:
    earliest = earliest_start(kyiv(11, 23, 14, 20), HOURS, 3, KYIV)
    assert earliest == kyiv(11, 26, 14, 20)
    assert earliest.tzinfo is UTC


@pytest.mark.parametrize(("now", "wall"), [((3, 26), time(15)), ((10, 29), time(13))])
def test_hours__are_real_hours_over_a_clock_change(now: tuple[int, int], wall: time) -> None:
    earliest = earliest_start(kyiv(*now, 14, year=2027), HOURS, 3, KYIV)
    assert earliest.astimezone(KYIV).time() == wall


def test_calendar_days__three_whole_days_lie_between() -> None:
    for moment in (kyiv(11, 23, 0, 1), kyiv(11, 23, 14), kyiv(11, 23, 23, 59)):
        assert earliest_start(moment, CALENDAR, 3, KYIV) == kyiv(11, 27)


def test_calendar_days__at_midnight_the_day_that_begins_is_whole() -> None:
    assert earliest_start(kyiv(11, 23), CALENDAR, 3, KYIV) == kyiv(11, 26)


def test_calendar_days__are_those_of_the_agency() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert earliest_start(late, CALENDAR, 3, KYIV) == kyiv(11, 28)


def test_no_lead_time__is_now() -> None:
    now = kyiv(11, 23, 14)
    assert {earliest_start(now, policy, 0, KYIV) for policy in LeadTimePolicy} == {now}


def test_policy__may_be_given_by_its_value() -> None:
    now = kyiv(11, 23, 14)
    assert earliest_start(now, "calendar_days", 3, KYIV) == kyiv(11, 27)
    with pytest.raises(ValueError, match="fortnights"):
        earliest_start(now, "fortnights", 3, KYIV)


def test_wrong_input__is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        earliest_start(datetime(2026, 11, 23), HOURS, 3, KYIV)
    with pytest.raises(ValueError, match="zone"):
        latest_date(datetime(2026, 11, 23), 60, KYIV)
    with pytest.raises(ValueError, match="negative"):
        earliest_start(kyiv(11, 23), HOURS, -1, KYIV)


def test_a_day_whose_offices_close__is_no_possible_day() -> None:
    assert first_bookable_date(kyiv(11, 23, 17, 29), HOURS, 3, KYIV) == date(2026, 11, 26)
    assert first_bookable_date(kyiv(11, 23, 17, 30), HOURS, 3, KYIV) == date(2026, 11, 27)


def test_dates__are_local_for_the_text() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert first_bookable_date(late, HOURS, 3, KYIV) == date(2026, 11, 27)
    assert latest_date(late, 60, KYIV) == date(2027, 1, 23)


@given(now=moments, days=st.integers(1, 10))
def test_calendar_days__are_the_first_midnight_with_so_many_whole_days(
    now: datetime, days: int
) -> None:
    earliest = earliest_start(now, CALENDAR, days, KYIV).astimezone(KYIV)
    assert earliest.time() == time.min
    first_whole = datetime.combine(earliest.date() - timedelta(days=days), time.min, KYIV)
    day_before = datetime.combine(earliest.date() - timedelta(days=days + 1), time.min, KYIV)
    assert day_before.astimezone(UTC) < now <= first_whole.astimezone(UTC)


@given(now=moments, days=st.integers(0, 10), later=st.timedeltas(timedelta(0), timedelta(days=9)))
def test_earliest_start__never_comes_nearer_as_time_passes(
    now: datetime, days: int, later: timedelta
) -> None:
    for policy in LeadTimePolicy:
        first = earliest_start(now, policy, days, KYIV)
        assert now <= first <= earliest_start(now + later, policy, days, KYIV)
