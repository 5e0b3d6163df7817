"""What the browser's session remembers of sign-ins begun here: nonce, way, purpose and where to go on.

Several, because a person may begin in two tabs.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from diia_videoreception.models import HandOver, Purpose
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.services.accounts import sessions
from integrations.common.local_urls import local_url

ATTEMPTS_KEY = "diia_videoreception_attempts"
MAX_ATTEMPTS = 5
LIFETIME = timedelta(minutes=10)
MAX_CHOICE = 64


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in begun in this browser.

    Attributes:
        nonce: Random, known to this session alone; travels along as `nonce` or `state`.
        next: Local address to go on to, or empty.
        alias: The provider.
        button: Which of its ways.
        choice: What was chosen before leaving, for example a bank.
        purpose: Of `Purpose`.
        at: When it began, in seconds since 1970.
    """

    nonce: str
    next: str = ""
    alias: str = ""
    button: str = ""
    choice: str = ""
    purpose: str = Purpose.SIGN_IN.value
    at: float = 0

    def is_live(self, now: datetime) -> bool:
        return 0 <= now.timestamp() - self.at <= LIFETIME.total_seconds()


def begin(
    request: HttpRequest,
    *,
    next_url: str,
    alias: str = "",
    button: str = "",
    choice: str = "",
    purpose: str = Purpose.SIGN_IN,
    now: datetime,
) -> Attempt:
    """Remembers one more attempt."""
    attempt = Attempt(
        nonce=secrets.token_urlsafe(32),
        next=local_url(next_url),
        alias=alias,
        button=button[:MAX_CHOICE],
        choice=choice[:MAX_CHOICE],
        purpose=Purpose(purpose).value,
        at=now.timestamp(),
    )
    request.session[ATTEMPTS_KEY] = [
        *request.session.get(ATTEMPTS_KEY, [])[1 - MAX_ATTEMPTS :],
        asdict(attempt),
    ]
    return attempt


def latest_next(request: HttpRequest) -> str:
    """Where the last attempt wanted to go, for whoever has to begin again."""
    attempts = _attempts(request)
    return local_url(attempts[-1].next) if attempts else ""


def latest(request: HttpRequest, *, alias: str, purpose: str) -> Attempt | None:
    """The last attempt of this way and purpose, however old: for ways with a challenge of their own."""
    fitting = [one for one in _attempts(request) if (one.alias, one.purpose) == (alias, purpose)]
    return fitting[-1] if fitting else None


def take(request: HttpRequest, *, alias: str, state: str, now: datetime) -> Attempt | None:
    """Gives the live attempt of this way that the answer's `state` belongs to, and uses it up.

    Raises:
        IdentityError: another answer has used it at the same moment (`replayed`).
    """
    for attempt in _attempts(request):
        if attempt.alias == alias and constant_time_compare(attempt.nonce, state):
            # First here: who loses the race leaves the session to the one who wins.
            sessions.spend_attempt(
                attempt.nonce, expires_at=datetime.fromtimestamp(attempt.at, UTC) + 2 * LIFETIME
            )
            _forget(request, attempt)
            return attempt if attempt.is_live(now) else None
    return None


def of_handover(request: HttpRequest, handover: HandOver, *, now: datetime) -> Attempt | None:
    """The attempt begun in this browser that the hand-over answers (decision 8)."""
    for attempt in _attempts(request):
        same = constant_time_compare(lookup_hash("nonce", attempt.nonce), handover.nonce_hash)
        # The nonce of one way has been seen by its service and is no secret from it.
        if same and attempt.alias == handover.provider and attempt.is_live(now):
            return attempt
    return None


def forget_all(request: HttpRequest) -> None:
    """After a sign-in none of the others begun here is of use."""
    request.session.pop(ATTEMPTS_KEY, None)


def _attempts(request: HttpRequest) -> list[Attempt]:
    return [Attempt(**values) for values in request.session.get(ATTEMPTS_KEY, [])]


def _forget(request: HttpRequest, attempt: Attempt) -> None:
    request.session[ATTEMPTS_KEY] = [
        asdict(other) for other in _attempts(request) if other.nonce != attempt.nonce
    ]
