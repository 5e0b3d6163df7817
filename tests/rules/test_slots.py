"""Slots cut from open hours: in hours, apart, not busy, not too early (A-28, A-32)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.slots import (
    Interval,
    all_slots,
    free_slots,
    mark_free,
    merge,
    without,
)

KYIV = ZoneInfo("Europe/Kyiv")
EPOCH = datetime(2026, 11, 23, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
NO_PAUSE = timedelta(0)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def span(start: int, end: int) -> Interval:
    """An interval by minutes from EPOCH."""
    return Interval(EPOCH + timedelta(minutes=start), EPOCH + timedelta(minutes=end))


def minutes_of(intervals: list[Interval]) -> set[int]:
    """Every minute covered, the slow and obvious way."""
    zero = int(EPOCH.timestamp()) // 60
    return {
        minute - zero
        for interval in intervals
        for minute in range(
            int(interval.start.timestamp()) // 60, int(interval.end.timestamp()) // 60
        )
    }


spans = st.builds(
    lambda start, length: span(start, start + length), st.integers(0, 600), st.integers(1, 200)
)
span_lists = st.lists(spans, max_size=8)


def test_interval__needs_zone_and_order() -> None:
    with pytest.raises(ValueError, match="zone"):
        Interval(datetime(2026, 11, 23, 9), at(10))
    with pytest.raises(ValueError, match="after its start"):
        Interval(at(10), at(10))


def test_interval__is_the_same_instant_in_any_zone() -> None:
    assert Interval(at(9).astimezone(KYIV), at(10).astimezone(KYIV)) == Interval(at(9), at(10))


def test_overlaps__touching_is_not_overlapping() -> None:
    assert not Interval(at(9), at(10)).overlaps(Interval(at(10), at(11)))
    assert Interval(at(9), at(10, 1)).overlaps(Interval(at(10), at(11)))


@given(span_lists)
def test_merge__covers_the_same_minutes_without_touching(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    assert minutes_of(merged) == minutes_of(intervals)
    assert all(one.end < two.start for one, two in pairwise(merged))


def test_all_slots__length_and_pause() -> None:
    slots = all_slots([Interval(at(9), at(11))], length=HALF_HOUR, pause=timedelta(minutes=10))
    assert [slot.start for slot in slots] == [at(9), at(9, 40), at(10, 20)]


def test_all_slots__refuses_what_would_never_end_or_overlap() -> None:
    hours = [Interval(at(9), at(11))]
    with pytest.raises(ValueError, match="positive length"):
        list(all_slots(hours, length=NO_PAUSE, pause=NO_PAUSE))
    with pytest.raises(ValueError, match="positive length"):
        list(all_slots(hours, length=HALF_HOUR, pause=-HALF_HOUR))
    with pytest.raises(ValueError, match="sorted"):
        list(all_slots([*hours, Interval(at(10), at(12))], length=HALF_HOUR, pause=NO_PAUSE))


def test_free_slots__busy_ones_are_left_out() -> None:
    slots = all_slots([Interval(at(9, 30), at(12))], length=HALF_HOUR, pause=NO_PAUSE)
    free = free_slots(slots, [Interval(at(10, 15), at(10, 45))])
    assert [slot.start for slot in free] == [at(9, 30), at(11), at(11, 30)]


def test_free_slots__short_busy_inside_a_long_one_hides_nothing() -> None:
    slots = all_slots([Interval(at(9), at(12))], length=HALF_HOUR, pause=NO_PAUSE)
    free = free_slots(slots, [Interval(at(9), at(11)), Interval(at(9, 30), at(10))])
    assert [slot.start for slot in free] == [at(11), at(11, 30)]


@given(
    hours=span_lists,
    busy=span_lists,
    length=st.integers(1, 90),
    pause=st.integers(0, 30),
    not_before=st.integers(0, 800),
)
def test_free_slots__are_exactly_the_slots_a_slow_look_allows(
    hours: list[Interval], busy: list[Interval], length: int, pause: int, not_before: int
) -> None:
    cut = {"length": timedelta(minutes=length), "pause": timedelta(minutes=pause)}
    earliest = EPOCH + timedelta(minutes=not_before)
    opened = merge(hours)
    slots = [slot for slot in all_slots(opened, **cut) if slot.start >= earliest]

    free = list(free_slots(slots, busy))

    assert list(mark_free(slots, busy)) == [
        (slot, not any(slot.overlaps(taken) for taken in busy)) for slot in slots
    ]
    assert free == [slot for slot in slots if not any(slot.overlaps(taken) for taken in busy)]
    assert minutes_of(free) <= minutes_of(hours) - minutes_of(busy)
    assert all(slot.end - slot.start == cut["length"] for slot in free)
    assert all(
        two.start - one.end >= cut["pause"]
        or not any(span.start <= one.start and two.end <= span.end for span in opened)
        for one, two in pairwise(free)
    )


@given(spans, span_lists)
def test_without__is_every_minute_that_nothing_has(time: Interval, taken: list[Interval]) -> None:
    parts = without(time, taken)
    assert minutes_of(parts) == minutes_of([time]) - minutes_of(taken)
    assert all(one.end < other.start for one, other in pairwise(parts))
