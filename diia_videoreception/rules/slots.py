"""Times that can be booked: interval arithmetic on instants only.

Intervals are half-open, [start, end), and hold UTC whatever zone they were made from: Python adds
and compares two datetimes of one zone by their wall clocks, which is wrong over a clock change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of time that contains its start and not its end.

    Raises ValueError for a moment without a zone and for an end that is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC:
            object.__setattr__(self, "start", _in_utc(self.start, "start"))
        if self.end.tzinfo is not UTC:
            object.__setattr__(self, "end", _in_utc(self.end, "end"))
        if self.end <= self.start:
            raise ValueError("an interval ends after its start")

    def overlaps(self, other: "Interval") -> bool:
        """Return whether the two share any moment; touching ones do not."""
        return self.start < other.end and other.start < self.end


def _in_utc(moment: datetime, name: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the {name} of an interval needs a time zone")
    return moment.astimezone(UTC)


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Join what overlaps or touches; the result is sorted and disjoint."""
    merged: list[Interval] = []
    for interval in sorted(intervals, key=attrgetter("start")):
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return merged


def without(time: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """Return the parts of a time that nothing of what is taken has; sorted and disjoint."""
    parts: list[Interval] = []
    start = time.start
    for one in merge(taken):
        if one.end <= start or one.start >= time.end:
            continue
        if one.start > start:
            parts.append(Interval(start, one.start))
        start = one.end
    if start < time.end:
        parts.append(Interval(start, time.end))
    return parts


def all_slots(
    open_hours: Iterable[Interval], *, length: timedelta, pause: timedelta
) -> Iterator[Interval]:
    """Cut open hours into slots, whoever has taken them (A-28).

    Args:
        open_hours: Sorted and disjoint, as `schedule.open_hours` gives them; in each of them the
            first slot begins at its start.
        length: Length of a slot.
        pause: Time between the end of a slot and the start of the next one.

    Raises:
        ValueError: The open hours overlap or are not sorted, the length is not positive, or the
            pause is negative.
    """
    if length <= NOTHING or pause < NOTHING:
        raise ValueError("a slot has a positive length and no negative pause")
    previous: Interval | None = None
    for hours in open_hours:
        if previous is not None and hours.start < previous.end:
            raise ValueError("open hours are sorted and do not overlap")
        previous = hours
        start = hours.start
        while start + length <= hours.end:
            yield Interval(start, start + length)
            start += length + pause


def mark_free(
    slots: Iterable[Interval], busy: Iterable[Interval]
) -> Iterator[tuple[Interval, bool]]:
    """Give each slot and whether nothing in `busy` overlaps it (A-28).

    Args:
        slots: Sorted, as `all_slots` gives them.
        busy: Whatever takes the official's time, in any order; may overlap itself.
    """
    taken = iter(merge(busy))
    current = next(taken, None)
    for slot in slots:
        while current is not None and current.end <= slot.start:
            current = next(taken, None)
        yield slot, current is None or current.start >= slot.end


def free_slots(slots: Iterable[Interval], busy: Iterable[Interval]) -> Iterator[Interval]:
    """Give those of the slots that are free, as `mark_free` tells."""
    return (slot for slot, is_free in mark_free(slots, busy) if is_free)
