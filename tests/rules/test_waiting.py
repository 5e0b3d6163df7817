"""The queue for an official: fair, one by one, never at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.waiting import (
    ANSWER,
    BEFORE_START,
    SOON,
    Waiting,
    answer_deadline,
    is_day,
    loses_place,
    offers,
)

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=KYIV).astimezone(UTC)
ANY_DAY = range(1, 8)


def kyiv(day: int, hour: int, minute: int = 0, *, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=KYIV).astimezone(UTC)


def slot(start: datetime) -> Interval:
    return Interval(start, start + timedelta(minutes=30))


def waiting(key: int, **wish: object) -> Waiting:
    return Waiting(**{"key": key, "weekdays": ANY_DAY, "comes_soon": False} | wish)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "deadline"),
    [
        (kyiv(1, 8), kyiv(1, 10)),
        (kyiv(1, 10), kyiv(1, 12)),
        (kyiv(1, 18), kyiv(1, 20)),
        (kyiv(1, 18, 30), kyiv(2, 8, 30)),
        (kyiv(1, 19, 59), kyiv(2, 9, 59)),
        (kyiv(1, 20), None),
        (kyiv(1, 23), None),
        (kyiv(1, 7, 59), None),
        # The clock goes back at night: two hours of the day all the same.
        (kyiv(24, 19, month=10), kyiv(25, 9, month=10)),
    ],
)
def test_an_answer__has_two_hours_of_the_day(now: datetime, deadline: datetime | None) -> None:
    assert answer_deadline(now, KYIV) == deadline


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)))
def test_a_deadline__never_falls_into_the_night(now: datetime) -> None:
    deadline = answer_deadline(now, KYIV)
    if deadline is None:
        assert not is_day(now, KYIV)
    else:
        assert deadline - now >= ANSWER
        assert is_day(deadline - timedelta(seconds=1), KYIV)


def test_the_first_whom_it_suits__is_asked_and_each_about_one() -> None:
    tuesday, wednesday = kyiv(8, 10), kyiv(9, 10)
    queue = [waiting(1, weekdays=[3]), waiting(2), waiting(3)]
    free = [slot(tuesday), slot(wednesday), slot(wednesday + timedelta(hours=1))]
    assert offers(queue, free, now=NOW, zone=KYIV) == [(2, free[0]), (1, free[1]), (3, free[2])]


def test_who_was_asked_about_a_time__is_not_asked_again() -> None:
    start = kyiv(8, 10)
    queue = [waiting(1, asked=[start]), waiting(2)]
    assert offers(queue, [slot(start)], now=NOW, zone=KYIV) == [(2, slot(start))]


def test_what_is_near__is_offered_to_who_wants_it_so_alone() -> None:
    near = slot(NOW + SOON - timedelta(minutes=30))
    assert offers([waiting(1)], [near], now=NOW, zone=KYIV) == []
    assert offers([waiting(1), waiting(2, comes_soon=True)], [near], now=NOW, zone=KYIV) == [
        (2, near)
    ]


def test_a_time__is_offered_while_its_answer_comes_early_enough() -> None:
    last = NOW + ANSWER + BEFORE_START
    soon = waiting(1, comes_soon=True)
    assert offers([soon], [slot(last)], now=NOW, zone=KYIV)
    assert not offers([soon], [slot(last - timedelta(minutes=1))], now=NOW, zone=KYIV)


def test_at_night__nobody_is_asked() -> None:
    assert offers([waiting(1)], [slot(kyiv(20, 10))], now=kyiv(1, 22), zone=KYIV) == []


@given(
    st.lists(st.sets(st.integers(1, 7), min_size=1), max_size=6),
    st.sets(st.integers(2, 20), max_size=6),
)
def test_nobody__is_passed_over_or_asked_twice(wishes: list[set[int]], days: set[int]) -> None:
    queue = [waiting(key, weekdays=wish) for key, wish in enumerate(wishes)]
    free = [slot(kyiv(day, 12)) for day in sorted(days)]
    made = offers(queue, free, now=kyiv(1, 10), zone=KYIV)
    assert len({key for key, _ in made}) == len(made) == len({time.start for _, time in made})
    asked = dict(made)
    for key, time in made:
        day = time.start.astimezone(KYIV).isoweekday()
        earlier = [one for one in queue[:key] if day in one.weekdays and time.start >= kyiv(3, 0)]
        assert all(asked[one.key].start <= time.start for one in earlier)


def test_a_place__is_kept_twice() -> None:
    assert [loses_place(missed) for missed in range(1, 4)] == [False, False, True]
