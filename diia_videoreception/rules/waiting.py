"""The queue for an official without a free time: who is asked about which time, and until when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from diia_videoreception.rules.slots import Interval

DAY_BEGINS, DAY_ENDS = time(8), time(20)
"""By the agency's clock; between the two nobody is asked, and no term runs."""
ANSWER = timedelta(hours=2)
SOON = timedelta(hours=24)
"""What is nearer is offered only to who has said that they can come at once."""
BEFORE_START = timedelta(hours=2)
"""So long before a time its offer must be answered."""
MOST_MISSED = 2
"""How many offers may be declined or left unanswered without losing the place."""
MOST_QUEUES = 3
"""For how many officials one person waits at once."""
LASTS = timedelta(days=60)
WEEKDAYS = range(1, 8)
"""As ISO 8601 counts them, from Monday."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue, as far as it matters for an offer.

    Attributes:
        weekdays: On which they can come, by the agency's clock.
        comes_soon: Whether a time within 24 hours suits them.
        asked: Which starts they were asked about before.
    """

    key: int
    weekdays: Collection[int]
    comes_soon: bool
    asked: Collection[datetime] = ()


def is_day(now: datetime, zone: ZoneInfo) -> bool:
    """Return whether people are asked at this hour."""
    return DAY_BEGINS.hour <= now.astimezone(zone).hour < DAY_ENDS.hour


def answer_deadline(now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return until when an offer made now can be answered: two hours of the day, the rest of them next morning.

    None at night, when nobody is asked.
    """
    if not is_day(now, zone):
        return None
    today = now.astimezone(zone).date()
    evening = datetime.combine(today, DAY_ENDS, zone).astimezone(UTC)
    left = now + ANSWER - evening
    if left <= timedelta(0):
        return now + ANSWER
    morning = datetime.combine(today + timedelta(days=1), DAY_BEGINS, zone).astimezone(UTC)
    return morning + left


def offers(
    queue: Sequence[Waiting], free: Iterable[Interval], *, now: datetime, zone: ZoneInfo
) -> list[tuple[int, Interval]]:
    """Return whom to ask about which time: each time goes to the first in the queue whom it suits, one to each.

    Args:
        queue: Who waits and is not being asked, the longest waiting first.
        free: Times that nobody has, the earliest first.
    """
    deadline = answer_deadline(now, zone)
    if deadline is None:
        return []
    left = list(queue)
    found = []
    for slot in free:
        if not left:
            break
        first = next((one for one in left if _suits(one, slot, now, deadline, zone)), None)
        if first is not None:
            found.append((first.key, slot))
            left.remove(first)
    return found


def _suits(one: Waiting, slot: Interval, now: datetime, deadline: datetime, zone: ZoneInfo) -> bool:
    if slot.start < deadline + BEFORE_START or slot.start in one.asked:
        return False
    if slot.start < now + SOON and not one.comes_soon:
        return False
    return is_wanted(slot.start, one.weekdays, zone)


def is_wanted(start: datetime, weekdays: Collection[int], zone: ZoneInfo) -> bool:
    """Return whether a time lies on one of the days."""
    return start.astimezone(zone).isoweekday() in weekdays


def loses_place(missed: int) -> bool:
    """Return whether somebody who has missed so many offers is asked no more."""
    return missed > MOST_MISSED
