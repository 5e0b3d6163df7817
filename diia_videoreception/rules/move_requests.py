"""How often, until when and for how many times a person may ask to move a confirmed reception."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from diia_videoreception.rules.proposals import BEFORE_START

MAX_TIMES = 3
"""So many wished times a request may name."""
MAX_PER_CASE = 3
MAX_PER_DAY = 5
DAY = timedelta(hours=24)


def request_deadline(start: datetime) -> datetime:
    """Return until when a request can be made, and waits for the agency: 2 hours before the start."""
    return start - BEFORE_START


def day_limit_until(made: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when a person may ask again; None where they may now.

    Args:
        made: When they have asked, for whichever reception.
    """
    recent = sorted(moment for moment in made if moment > now - DAY)
    return recent[-MAX_PER_DAY] + DAY if len(recent) >= MAX_PER_DAY else None
