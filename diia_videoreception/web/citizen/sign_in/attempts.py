"""Sign-ins begun in this browser: nonce, way, purpose and where to go on."""

import secrets
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from diia_videoreception.models import HandOver, Purpose
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.services.accounts import sessions
from diia_videoreception.web.browser_state import ATTEMPTS, Attempt
from integrations.common.local_urls import local_url

MAX_ATTEMPTS = 5
MAX_CHOICE = 64


def begin(
    request: HttpRequest,
    *,
    next_url: str,
    alias: str = "",
    button: str = "",
    choice: str = "",
    purpose: Purpose = Purpose.SIGN_IN,
    now: datetime,
) -> Attempt:
    """Remember one more attempt."""
    attempt = Attempt(
        nonce=secrets.token_urlsafe(32),
        next=local_url(next_url),
        alias=alias,
        button=button[:MAX_CHOICE],
        choice=choice[:MAX_CHOICE],
        purpose=purpose,
        at=now.timestamp(),
    )
    ATTEMPTS.save(request, [*_attempts(request)[1 - MAX_ATTEMPTS :], attempt])
    return attempt


def latest_next(request: HttpRequest) -> str:
    """Return where the last attempt wanted to go, for whoever has to begin again."""
    attempts = _attempts(request)
    return attempts[-1].next if attempts else ""


def latest(request: HttpRequest, *, alias: str, purpose: str) -> Attempt | None:
    """Return the last attempt of this way and purpose, however old: for ways with a challenge of their own."""
    fitting = [one for one in _attempts(request) if (one.alias, one.purpose) == (alias, purpose)]
    return fitting[-1] if fitting else None


def take(request: HttpRequest, *, alias: str, state: str, now: datetime) -> Attempt | None:
    """Give the live attempt of this way that the answer's `state` belongs to, and use it up.

    Raises:
        IdentityError: another answer has used it at the same moment (`replayed`).
    """
    for attempt in _attempts(request):
        if attempt.alias == alias and constant_time_compare(attempt.nonce, state):
            # First here: who loses the race leaves the session to the one who wins.
            sessions.spend_attempt(
                attempt.nonce,
                expires_at=datetime.fromtimestamp(attempt.at, UTC) + 2 * Attempt.LIFETIME,
            )
            _forget(request, attempt)
            return attempt if attempt.is_live(now) else None
    return None


def of_handover(request: HttpRequest, handover: HandOver, *, now: datetime) -> Attempt | None:
    """Return the attempt begun in this browser that the hand-over answers."""
    for attempt in _attempts(request):
        same = constant_time_compare(lookup_hash("nonce", attempt.nonce), handover.nonce_hash)
        # The nonce of one way has been seen by its service and is no secret from it.
        if same and attempt.alias == handover.provider and attempt.is_live(now):
            return attempt
    return None


def forget_all(request: HttpRequest) -> None:
    """After a sign-in none of the others begun here is of use."""
    ATTEMPTS.drop(request)


def _attempts(request: HttpRequest) -> list[Attempt]:
    return ATTEMPTS.load(request) or []


def _forget(request: HttpRequest, attempt: Attempt) -> None:
    ATTEMPTS.save(request, [one for one in _attempts(request) if one.nonce != attempt.nonce])
