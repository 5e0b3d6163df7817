"""Until when a proposed time can be answered, and how near it may lie."""

from datetime import datetime, timedelta

BEFORE_START = timedelta(hours=2)
"""So long before either start there must be an answer."""
MAX_REASON = 2000
MAX_WISHES = 1000


def answer_deadline(
    now: datetime, *, term: timedelta, old_start: datetime, new_start: datetime
) -> datetime:
    """Return until when the citizen can answer: the agency's term, but 2 hours before either start.

    It may lie in the past: then there is no time left for an answer.
    """
    return min(now + term, old_start - BEFORE_START, new_start - BEFORE_START)


def is_soon(start: datetime, now: datetime, *, notice: timedelta) -> bool:
    """Return whether a time lies nearer than an agency may propose without having asked the person."""
    return start < now + notice
