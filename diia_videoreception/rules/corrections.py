"""How often a citizen may correct one application, and what of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
MAX_PER_DAY = 5
"""So often each case in 24 hours: moderators have to read every time."""

ANSWERS = ("topic", "phone", "needs", "companion")
"""Names of the answers that can be corrected, in reading order."""
ADDRESS = "letters_address"
"""The same of where letters go: only to an address that its owner has confirmed."""


def day_limit_until(made: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when the case can be corrected again; None where it can now.

    Args:
        made: When it was corrected.
    """
    recent = sorted(moment for moment in made if moment > now - DAY)
    return recent[-MAX_PER_DAY] + DAY if len(recent) >= MAX_PER_DAY else None
