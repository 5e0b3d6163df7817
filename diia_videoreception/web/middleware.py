"""Puts the signed-in citizen on the request.

`request.citizen` is a `SignedIn` or None; `request.user` stays the host's and is not touched.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from diia_videoreception.conf import app_settings
from diia_videoreception.models import CitizenSession
from diia_videoreception.selectors.accounts import sessions as selectors
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts import sessions as services
from diia_videoreception.web.browser_state import CITIZEN
from diia_videoreception.web.kiosk.browser import visitor_of

_KEPT = "_diia_videoreception_kept"
_LIVE = "_diia_videoreception_live"
_OUR_EXPIRY = "diia_videoreception_expiry"


class CitizenRequest(HttpRequest):
    """A request with a signed-in citizen; what views behind `citizen_required` get."""

    citizen: SignedIn


class CitizenMiddleware:
    """Needs Django's SessionMiddleware before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.citizen = SimpleLazyObject(lambda: _citizen_of(request))  # type: ignore[attr-defined]
        _read_as_text(request)
        response = self._get_response(request)
        kept = getattr(request, _KEPT, None)
        if kept is not None:
            CITIZEN.save(request, kept)
            _bound(request, timezone.now() + timedelta(hours=app_settings.session_max_hours))
        return response


def _read_as_text(request: HttpRequest) -> None:
    """Ignore any encoding but UTF-8, as Django ignores one that it does not know.

    Browsers name none. Reading a form in another fails, for some of Python's codecs so far inside
    that the answer would be an error of the server.
    """
    if request.encoding and request.encoding.lower() != "utf-8":
        request.encoding = "utf-8"


@receiver(user_logged_out)
def _keep_citizen(sender: object, request: HttpRequest | None, **kwargs: object) -> None:
    """Django empties the whole session when staff sign out; the citizen in it stays."""
    if request is not None and hasattr(request, "session"):
        setattr(request, _KEPT, CITIZEN.load(request))


def signed_in_citizen(request: HttpRequest) -> SignedIn | None:
    """Return the citizen of the request, or None for a guest."""
    return getattr(request, "citizen", None) or None


def session_of(request: HttpRequest) -> CitizenSession | None:
    """Return the live session of the browser, read once a request; looking does not keep it alive."""
    if not hasattr(request, _LIVE):
        key = CITIZEN.load(request)
        live = selectors.live_session(key, now=timezone.now()) if key is not None else None
        if live is not None and not _is_here(request, live):
            live = None
        setattr(request, _LIVE, live)
    return cast("CitizenSession | None", getattr(request, _LIVE))


def _is_here(request: HttpRequest, session: CitizenSession) -> bool:
    """Return whether a session of a self-service place is asked for in its visit; any other is where it is."""
    if session.visitor_id is None:
        return True
    visitor = visitor_of(request)
    return visitor is not None and visitor.pk == session.visitor_id


def _citizen_of(request: HttpRequest) -> SignedIn | None:
    session = session_of(request)
    if session is None:
        return None
    services.keep_alive(session, now=timezone.now())
    return selectors.of_session(session)


def remember(request: HttpRequest, session: CitizenSession) -> None:
    """Put the new session into the browser's one, under a fresh session key and CSRF secret."""
    request.session.cycle_key()
    CITIZEN.save(request, session.key)
    setattr(request, _LIVE, session)
    _bound(request, session.deadline)
    rotate_token(request)


def forget(request: HttpRequest) -> None:
    """Take the citizen out of the browser's session; a staff sign-in in it stays."""
    CITIZEN.drop(request)
    setattr(request, _LIVE, None)
    request.session.cycle_key()
    rotate_token(request)


def _bound(request: HttpRequest, deadline: datetime) -> None:
    """Let the browser's session live no longer than the citizen's may.

    Not where a member of staff is signed in too: how long that lasts is the host's.
    """
    if USER_KEY not in request.session:
        request.session.set_expiry(deadline)
        request.session[_OUR_EXPIRY] = True


@receiver(user_logged_in)
def _give_expiry_back(sender: object, request: HttpRequest | None, **kwargs: object) -> None:
    """Staff who sign in where a citizen was stay as long as the host lets them."""
    store = getattr(request, "session", None)
    if store is not None and store.pop(_OUR_EXPIRY, False):
        store.set_expiry(None)
