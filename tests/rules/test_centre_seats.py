"""When a seat of a centre is open: its hours by the clock of the centre, and what is left of a time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.centre_seats import closed_times, is_open_at, seat_hours
from diia_videoreception.rules.centres import Period
from diia_videoreception.rules.slots import Interval, merge

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = date(2026, 11, 30)


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), KYIV)


def test_hours__are_by_the_clock_of_the_centre_in_summer_and_in_winter() -> None:
    periods = [Period(weekday, time(9), time(17)) for weekday in range(7)]
    days = {"first": date(2026, 10, 24), "last": date(2026, 10, 25)}
    summer, winter = seat_hours(periods, zone=KYIV, **days)
    assert summer.start.hour == 6
    assert winter.start.hour == 7


def test_a_time__is_within_the_hours_as_a_whole_or_not_at_all() -> None:
    periods = [Period(0, time(9), time(13)), Period(0, time(13), time(14))]
    assert is_open_at(Interval(at(9), at(9, 30)), periods, zone=KYIV)
    assert is_open_at(Interval(at(12, 45), at(13, 15)), periods, zone=KYIV), "what touches is one"
    for start, end in ((at(8, 45), at(9, 15)), (at(13, 45), at(14, 15)), (at(15), at(16))):
        assert not is_open_at(Interval(start, end), periods, zone=KYIV)
    tuesday = MONDAY + timedelta(days=1)
    assert not is_open_at(Interval(at(9, day=tuesday), at(10, day=tuesday)), periods, zone=KYIV)
    assert not is_open_at(Interval(at(9), at(9, 30)), [], zone=KYIV)


MINUTES = st.integers(0, 600)
TIMES = st.builds(
    lambda start, length: Interval(
        datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=start),
        datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=start + length),
    ),
    MINUTES,
    st.integers(1, 200),
)


@given(hours=st.lists(TIMES, max_size=5), whole=TIMES)
def test_every_minute__is_either_open_or_closed(hours: list[Interval], whole: Interval) -> None:
    merged = merge(hours)
    closed = closed_times(merged, whole=whole)
    moment = whole.start
    while moment < whole.end:
        is_open = any(one.start <= moment < one.end for one in merged)
        assert is_open is not any(one.start <= moment < one.end for one in closed)
        moment += timedelta(minutes=1)
    assert all(whole.start <= one.start and one.end <= whole.end for one in closed)
