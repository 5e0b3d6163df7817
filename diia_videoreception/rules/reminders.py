"""When a person is reminded of a reception, and of which one."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum


class Lead(StrEnum):
    """How long before the start a reminder is due."""

    DAY = "day"
    HOUR = "hour"

    @property
    def span(self) -> timedelta:
        """Elapsed time, whatever a clock change makes of the wall clock meanwhile."""
        return timedelta(hours=24) if self is Lead.DAY else timedelta(hours=1)


LONGEST = max(lead.span for lead in Lead)
"""Nothing is reminded of earlier than this before its start."""


def due_reminder(
    start: datetime, *, told_at: datetime, wanted: Collection[Lead], now: datetime
) -> Lead | None:
    """Return the reminder that is due: of several, after a stoppage, the one nearest to the start.

    Args:
        told_at: When the person was told of this time; of what was due by then, nobody is reminded.

    Returns:
        None before the first one, from the start on, and when the person has just been told.
    """
    if now >= start:
        return None
    due = [lead for lead in wanted if told_at < start - lead.span <= now]
    return min(due, key=lambda lead: lead.span, default=None)
