"""Until when a question of the agency can be answered, and how long question and answer may be."""

from datetime import datetime, timedelta

from diia_videoreception.rules.proposals import BEFORE_START

MAX_QUESTION = 2000
MAX_REPLY = 5000
MAX_KEPT = 20_000
"""What is kept of an answer that is far too long, in characters, for its citizen to shorten."""


def reply_deadline(now: datetime, *, term: timedelta, start: datetime) -> datetime:
    """Return until when the citizen can answer: the agency's term, but 2 hours before the start.

    It may lie in the past: then there is no time left for an answer.
    """
    return min(now + term, start - BEFORE_START)
