"""Self-service workplaces: when they serve, and how long a visitor may be at one."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum

from diia_videoreception.rules.centres import Period

IDLE_SECONDS = 60
"""After how many seconds without a touch the screen asks whether the visitor is there."""
COUNTDOWN_SECONDS = 30
"""How long it then waits before it wipes what was entered."""
ABSENCE = timedelta(minutes=3)
"""How long nothing may be heard of a screen that wipes itself: its computer has gone off."""
VISIT = timedelta(minutes=45)
"""How long a visitor may be at a place; staff add as much again."""
MAX_VISIT = timedelta(hours=4)
PRACTICE = "kiosk_practice"
"""The step of a visitor who only tries the place out: counted nowhere (B-80)."""
MAX_RATING = 5
"""The best of the ratings that a visitor may give."""
RATE_WITHIN = timedelta(minutes=1)
"""How long after the end of a visit its visitor, and not the next one, is taken to be there."""


class PlaceStanding(StrEnum):
    """Whether a place serves visitors now."""

    OPEN = "open"
    CLOSED = "closed"
    OUT_OF_ORDER = "out_of_order"


class EndReason(StrEnum):
    """Why what a visitor had at a place was wiped."""

    FINISHED = "finished"
    IDLE = "idle"
    LIMIT = "limit"
    STAFF = "staff"
    NEXT = "next"
    PAIRED_ANEW = "paired_anew"
    UNPAIRED = "unpaired"


def is_open(periods: Iterable[Period], local: datetime) -> bool:
    """Return whether a moment, by the clock of the centre, lies in its hours; without hours it is closed."""
    at = time(local.hour, local.minute)
    return any(
        period.weekday == local.weekday() and period.opens <= at < period.closes
        for period in periods
    )


def end_reason(*, seen_at: datetime, ends_at: datetime, now: datetime) -> EndReason | None:
    """Return why a visit is over by the clock; None while it is not."""
    if ends_at <= now:
        return EndReason.LIMIT
    if seen_at + ABSENCE <= now:
        return EndReason.IDLE
    return None


def extended(*, started_at: datetime, ends_at: datetime) -> datetime:
    """Return until when a visit lasts that staff prolong."""
    return min(ends_at + VISIT, started_at + MAX_VISIT)
