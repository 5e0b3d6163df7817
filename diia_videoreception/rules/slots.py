"""Times that can be booked: interval arithmetic on instants only.

Intervals are half-open, [start, end), and hold UTC whatever zone they were made from: Python adds
and compares two datetimes of one zone by their wall clocks, which is wrong over a clock change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of time that contains its start and not its end.

    Raises ValueError for a moment without a zone and for an end that is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            moment: datetime = getattr(self, name)
            if moment.tzinfo is None:
                raise ValueError(f"the {name} of an interval needs a time zone")
            if moment.tzinfo is not UTC:
                object.__setattr__(self, name, moment.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("an interval ends after its start")

    @property
    def length(self) -> timedelta:
        """Real time from start to end, whatever the clocks do."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Tells whether the two share any moment; touching ones do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval") -> bool:
        """Tells whether all of `other` lies within this interval."""
        return self.start <= other.start and other.end <= self.end


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Joins what overlaps or touches; the result is sorted and disjoint."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return merged


def subtract(whole: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """Cuts the `holes` out of the `whole`; the result is sorted and disjoint."""
    left: list[Interval] = []
    cuts = merge(holes)
    first = 0
    for interval in merge(whole):
        while first < len(cuts) and cuts[first].end <= interval.start:
            first += 1
        start = interval.start
        # A hole that reaches over the end of this interval may cut the next one too.
        for cut in cuts[first:]:
            if cut.start >= interval.end:
                break
            if cut.start > start:
                left.append(Interval(start, cut.start))
            start = cut.end
        if start < interval.end:
            left.append(Interval(start, interval.end))
    return left


def all_slots(
    open_hours: Iterable[Interval], *, length: timedelta, pause: timedelta
) -> Iterator[Interval]:
    """Cuts open hours into slots, whoever has taken them (A-28).

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


def free_slots(
    open_hours: Iterable[Interval],
    busy: Iterable[Interval],
    *,
    length: timedelta,
    pause: timedelta,
    not_before: datetime,
) -> Iterator[Interval]:
    """Leaves of all slots those that are neither busy nor too early (A-28, A-32).

    Args:
        open_hours: As in `all_slots`.
        busy: Whatever takes the official's time, in any order; may overlap itself.
        length: Length of a slot.
        pause: Time between two slots.
        not_before: The earliest start that may still be booked.
    """
    taken = iter(merge(busy))
    current = next(taken, None)
    for slot in all_slots(open_hours, length=length, pause=pause):
        while current is not None and current.end <= slot.start:
            current = next(taken, None)
        if slot.start >= not_before and (current is None or not slot.overlaps(current)):
            yield slot
