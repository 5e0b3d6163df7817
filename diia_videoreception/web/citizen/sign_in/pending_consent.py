"""The terms that a guest has ticked, until the sign-in says who it was (A-22)."""

from datetime import datetime, timedelta

from django.http import HttpRequest

KEY = "diia_videoreception_consent"
MAX_AGE = timedelta(minutes=30)
"""Not longer: the next person at a shared computer has ticked nothing."""


def keep(request: HttpRequest, *, text_id: int, now: datetime) -> None:
    """Remembers the edition in the browser's session."""
    request.session[KEY] = [text_id, now.timestamp()]


def take(request: HttpRequest, *, now: datetime) -> int | None:
    """Gives the edition that was ticked here within the last half an hour, once."""
    waiting = request.session.pop(KEY, None)
    if waiting is None:
        return None
    text_id, kept_at = waiting
    return int(text_id) if now.timestamp() - kept_at <= MAX_AGE.total_seconds() else None
