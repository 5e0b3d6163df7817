"""Terms: which day is the last one, when it is over, and what an agency may set."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.terms import (
    MAX_DAYS,
    Counting,
    Extender,
    TermFault,
    Workdays,
    decide_until,
    end_of,
    fault_of,
    last_day,
    may_extend,
)

KYIV = ZoneInfo("Europe/Kyiv")
ZONES = st.sampled_from(
    [KYIV, *map(ZoneInfo, ("UTC", "Pacific/Kiritimati", "America/Havana", "Asia/Kathmandu"))]
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))
DATES = st.frozensets(st.dates(date(2020, 1, 1), date(2037, 12, 31)), max_size=30)
WORKDAYS = st.builds(Workdays, DATES, DATES)
COUNTING = st.sampled_from(Counting)
DAYS = st.integers(1, MAX_DAYS)
DAY = timedelta(days=1)


def last(since: datetime, days: int, counting: Counting, *holidays: date) -> date:
    workdays = Workdays(holidays)
    return last_day(since, KYIV, days=days, counting=counting, workdays=workdays)


@pytest.mark.parametrize(
    ("since", "days", "counting", "expected"),
    [
        # A Monday: five working days later is the next Monday, five calendar days later a Saturday.
        (datetime(2026, 11, 30, 9, tzinfo=KYIV), 5, Counting.WORKING, date(2026, 12, 7)),
        (datetime(2026, 11, 30, 9, tzinfo=KYIV), 4, Counting.CALENDAR, date(2026, 12, 4)),
        (datetime(2026, 11, 30, 9, tzinfo=KYIV), 5, Counting.CALENDAR, date(2026, 12, 7)),
        # What is done on a day off counts from the next day all the same.
        (datetime(2026, 12, 5, 12, tzinfo=KYIV), 1, Counting.WORKING, date(2026, 12, 7)),
        # The ends of months and of a leap February.
        (datetime(2027, 1, 31, 9, tzinfo=KYIV), 30, Counting.CALENDAR, date(2027, 3, 2)),
        (datetime(2028, 2, 28, 9, tzinfo=KYIV), 1, Counting.CALENDAR, date(2028, 2, 29)),
        (datetime(2026, 12, 31, 9, tzinfo=KYIV), 1, Counting.WORKING, date(2027, 1, 1)),
    ],
)
def test_last_day__is_counted_from_the_day_after(
    since: datetime, days: int, counting: Counting, expected: date
) -> None:
    assert last(since, days, counting) == expected


def test_last_day__is_of_the_agencys_own_calendar() -> None:
    night = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)  # 2 December in Kyiv.
    assert last(night, 1, Counting.WORKING) == date(2026, 12, 3)
    assert last(night - timedelta(hours=1), 1, Counting.WORKING) == date(2026, 12, 2)


def test_a_holiday__moves_a_term_on_and_one_that_is_moved_takes_it_along() -> None:
    since = datetime(2026, 12, 22, 9, tzinfo=KYIV)
    assert last(since, 3, Counting.WORKING) == date(2026, 12, 25)
    assert last(since, 3, Counting.WORKING, date(2026, 12, 24)) == date(2026, 12, 28)
    assert last(since, 3, Counting.WORKING, date(2026, 12, 28)) == date(2026, 12, 25)
    assert last(since, 3, Counting.CALENDAR, date(2026, 12, 25)) == date(2026, 12, 28)


def test_a_saturday_that_is_a_working_day__counts_and_may_be_the_last_one() -> None:
    since = datetime(2026, 12, 3, 9, tzinfo=KYIV)
    saturday = date(2026, 12, 5)

    def ends(days: int, counting: Counting, workdays: Workdays) -> date:
        return last_day(since, KYIV, days=days, counting=counting, workdays=workdays)

    moved = Workdays(working_weekends={saturday})
    assert ends(2, Counting.WORKING, moved) == ends(2, Counting.CALENDAR, moved) == saturday
    assert ends(3, Counting.WORKING, moved) == date(2026, 12, 7)
    # Its day off is another one: four days stay four.
    assert ends(3, Counting.WORKING, Workdays({date(2026, 12, 7)}, {saturday})) == date(2026, 12, 8)


@given(MOMENTS, ZONES, DAYS, COUNTING, WORKDAYS)
def test_last_day__is_a_working_day_with_as_many_counted_before_it(
    since: datetime, zone: ZoneInfo, days: int, counting: Counting, workdays: Workdays
) -> None:
    found = last_day(since, zone, days=days, counting=counting, workdays=workdays)
    first = since.astimezone(zone).date() + DAY
    between = [first + n * DAY for n in range((found - first).days + 1)]

    assert not workdays.is_off(found)
    if counting is Counting.WORKING:
        assert sum(not workdays.is_off(day) for day in between) == days
    else:
        assert len(between) >= days
        assert all(workdays.is_off(day) for day in between[days - 1 : -1])


@given(MOMENTS, ZONES, st.integers(1, MAX_DAYS - 1), COUNTING, DATES, st.dates())
def test_more_days_or_more_holidays__never_end_a_term_earlier(
    since: datetime,
    zone: ZoneInfo,
    days: int,
    counting: Counting,
    holidays: frozenset[date],
    another: date,
) -> None:
    def ends(days: int, holidays: frozenset[date]) -> date:
        workdays = Workdays(holidays)
        return last_day(since, zone, days=days, counting=counting, workdays=workdays)

    assert ends(days, holidays) <= ends(days + 1, holidays)
    assert ends(days, holidays) <= ends(days, holidays | {another})
    assert end_of(ends(days, holidays), zone) > since


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 3, 27), datetime(2027, 3, 27, 22, tzinfo=UTC)),
        # The clock changes on this very day.
        (date(2027, 3, 28), datetime(2027, 3, 28, 21, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 22, tzinfo=UTC)),
    ],
)
def test_a_day__is_over_at_its_own_midnight(day: date, expected: datetime) -> None:
    assert end_of(day, KYIV) == expected


def test_decision__is_told_for_the_earlier_of_the_term_and_a_day_before() -> None:
    start = datetime(2026, 12, 10, 8, tzinfo=UTC)
    filed = datetime(2026, 12, 1, 8, tzinfo=UTC)
    term = end_of(date(2026, 12, 4), KYIV)

    assert decide_until(start, submitted_at=filed, term=None) == start - DAY
    assert decide_until(start, submitted_at=filed, term=term) == term - timedelta(minutes=1)
    assert decide_until(start, submitted_at=filed, term=start) == start - DAY
    assert decide_until(start, submitted_at=start - DAY / 2, term=None) == start


@pytest.mark.parametrize(
    ("days", "extender", "most", "fault"),
    [
        (None, Extender.NOBODY, None, None),
        (1, Extender.NOBODY, None, None),
        (MAX_DAYS, Extender.NOBODY, None, None),
        (0, Extender.NOBODY, None, TermFault.DAYS),
        (MAX_DAYS + 1, Extender.NOBODY, None, TermFault.DAYS),
        (5, Extender.HEAD, 10, None),
        (5, Extender.HEAD, None, TermFault.LIMIT_MISSING),
        (5, Extender.HEAD, MAX_DAYS + 1, TermFault.LIMIT_MISSING),
        (5, Extender.MODERATOR, 5, TermFault.LIMIT_TOO_LOW),
        (None, Extender.MODERATOR, 5, TermFault.LIMIT_TOO_LOW),
        (5, Extender.NOBODY, 10, TermFault.LIMIT_FOR_NOBODY),
    ],
)
def test_a_wrong_term__is_told_what_is_wrong(
    days: int | None, extender: Extender, most: int | None, fault: TermFault | None
) -> None:
    assert fault_of(days, extender, most) == fault


def test_who_extends__is_as_the_agency_says() -> None:
    assert [
        (may_extend(extender, is_head=False), may_extend(extender, is_head=True))
        for extender in (Extender.NOBODY, Extender.MODERATOR, Extender.HEAD)
    ] == [(False, False), (True, True), (False, True)]
