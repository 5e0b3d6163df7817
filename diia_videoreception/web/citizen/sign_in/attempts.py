"""What the browser's session remembers of sign-ins begun here: nonce and where to go on.

Several, because a person may begin in two tabs.
"""

import secrets

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from diia_videoreception.models import HandOver
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.web.decorators import local_url

ATTEMPTS_KEY = "diia_videoreception_sign_in"
KEPT_ATTEMPTS = 5


def begin(request: HttpRequest, *, next_url: str) -> str:
    """Remembers one more attempt and gives its nonce."""
    nonce = secrets.token_urlsafe(32)
    attempts = [*request.session.get(ATTEMPTS_KEY, []), [nonce, local_url(next_url)]]
    request.session[ATTEMPTS_KEY] = attempts[-KEPT_ATTEMPTS:]
    return nonce


def latest_next(request: HttpRequest) -> str:
    """Where the last attempt wanted to go, for whoever has to begin again."""
    attempts = request.session.get(ATTEMPTS_KEY, [])
    return local_url(attempts[-1][1]) if attempts else ""


def begun_here(request: HttpRequest, handover: HandOver) -> bool:
    """Whether this browser began the sign-in that the hand-over answers (decision 8)."""
    return _attempt(request, handover) is not None


def finish(request: HttpRequest, handover: HandOver) -> str:
    """Forgets the attempts; gives the local address to go on to, or an empty string."""
    attempt = _attempt(request, handover)
    request.session.pop(ATTEMPTS_KEY, None)
    return local_url(attempt[1]) if attempt else ""


def _attempt(request: HttpRequest, handover: HandOver) -> list[str] | None:
    for attempt in request.session.get(ATTEMPTS_KEY, []):
        if constant_time_compare(lookup_hash("nonce", attempt[0]), handover.nonce_hash):
            return list(attempt)
    return None
