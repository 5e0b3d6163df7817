"""How long somebody who did not come waits before they apply to the same agency again, where it says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_PAUSE_DAYS = 30


@dataclass(frozen=True, slots=True)
class NoShow:
    """A reception of which it is on record that the citizen did not come.

    Attributes:
        had_trouble: Whether the conference failed, or it cannot be told that it worked.
        day_was_cancelled: Whether the official was away then, or did not receive that day.
        is_contested: Whether the citizen has objected and waits for the answer.
    """

    number: str
    end: datetime
    had_trouble: bool = False
    day_was_cancelled: bool = False
    is_contested: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is the citizen's own, as far as anybody knows."""
        return not (self.had_trouble or self.day_was_cancelled or self.is_contested)


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when the person waits, and for which reception."""

    until: datetime
    number: str


def pause_after(no_shows: Iterable[NoShow], *, days: int | None, now: datetime) -> Pause | None:
    """Return the pause in which `now` lies; None without one, and where the agency has none.

    Args:
        days: Of the agency, counted from the end of the reception; never more than `MAX_PAUSE_DAYS`.
    """
    if days is None:
        return None
    length = timedelta(days=min(days, MAX_PAUSE_DAYS))
    running = [
        Pause(one.end + length, one.number)
        for one in no_shows
        if one.counts and one.end <= now < one.end + length
    ]
    return max(running, key=lambda pause: pause.until, default=None)
