"""The bytes that wait for a signature, each for the browser session that asked."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from diia_videoreception.models import Challenge
from diia_videoreception.personal_data import lookup_hash


def session_hash(session_secret: str) -> str:
    """Return how a challenge remembers the session."""
    return lookup_hash("challenge", session_secret)


def challenges_of(session_secret: str) -> QuerySet[Challenge]:
    return Challenge.objects.filter(session_hash=session_hash(session_secret))


def waiting_challenge(key: uuid.UUID, *, session_secret: str, now: datetime) -> Challenge | None:
    """Return the challenge of this session, unless it is used up or too old."""
    return challenges_of(session_secret).filter(key=key, expires_at__gt=now).first()
