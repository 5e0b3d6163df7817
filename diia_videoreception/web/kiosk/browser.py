"""The browser of a self-service workplace: its own cookie, and that of the visitor who is at it.

Two lives apart: the browser's cookie stays, the visitor's and everything else goes with the visitor.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from diia_videoreception.models import CentreWorkplace, PairedBrowser, VisitorSession
from diia_videoreception.selectors.centres.kiosks import visitor_with
from diia_videoreception.services.kiosk import pairing

BROWSER_COOKIE = "diia_videoreception_place"
VISITOR_COOKIE = "diia_videoreception_visitor"
LOOK_COOKIE = "diia_videoreception_look"
"""How a visitor wants to see the pages; nobody can be told by it, and it goes with the visitor."""
LOOKS = ("larger", "contrast")
BROWSER_LIVES = timedelta(days=400)
"""The longest that browsers keep a cookie; it is set anew with each visitor."""
MAX_COOKIE = 200
_AT_PLACE = "_diia_videoreception_at_place"


@dataclass(frozen=True, slots=True)
class AtPlace:
    """A request from a browser that says it is that of a self-service workplace.

    Attributes:
        browser: None where what it shows is worthless.
        visitor: who is at it; None between two visitors.
    """

    browser: PairedBrowser | None
    visitor: VisitorSession | None


def cookie_name(request: HttpRequest, name: str) -> str:
    """Return the name that browsers take over https only and for the whole of this one host; on a plain loopback there is none."""
    over_tls = request.is_secure() or settings.SESSION_COOKIE_SECURE
    return f"__Host-{name}" if over_tls else name


def at_place(request: HttpRequest) -> AtPlace | None:
    """Return at which workplace this browser stands, asked once a request; None for everybody else's browser."""
    if not hasattr(request, _AT_PLACE):
        setattr(request, _AT_PLACE, _read(request))
    return cast("AtPlace | None", getattr(request, _AT_PLACE))


def visitor_of(request: HttpRequest) -> VisitorSession | None:
    found = at_place(request)
    return found.visitor if found else None


def place_of(request: HttpRequest) -> CentreWorkplace | None:
    """Return the workplace at which this browser stands, if it is the one that was paired."""
    found = at_place(request)
    return found.browser.workplace if found and found.browser else None


def looks_of(request: HttpRequest) -> list[str]:
    """Return how the visitor wants to see the pages: those of `LOOKS` that are on."""
    kept = request.COOKIES.get(LOOK_COOKIE, "").split("-")
    return [look for look in LOOKS if look in kept]


def _read(request: HttpRequest) -> AtPlace | None:
    shown = request.COOKIES.get(cookie_name(request, BROWSER_COOKIE))
    if shown is None:
        return None
    now = timezone.now()
    place_id, token = _parts(shown)
    browser = pairing.browser_with(place_id, token, now=now) if place_id and token else None
    if browser is None:
        return AtPlace(None, None)
    visitor = request.COOKIES.get(cookie_name(request, VISITOR_COOKIE), "")[:MAX_COOKIE]
    return AtPlace(browser, visitor_with(browser, visitor, now=now) if visitor else None)


def _parts(shown: str) -> tuple[uuid.UUID | None, str]:
    key, _, token = shown[:MAX_COOKIE].partition(".")
    try:
        return uuid.UUID(key), token
    except ValueError:
        return None, ""


def keep_browser(
    request: HttpRequest, response: HttpResponse, browser: PairedBrowser, token: str
) -> None:
    """Let the browser keep by which token it is known.

    `Lax`, not `Strict`: whoever comes back from a bank's page is still at the place.
    """
    key = browser.workplace.public_id.hex
    _keep(
        request,
        response,
        cookie_name(request, BROWSER_COOKIE),
        f"{key}.{token}",
        lives=BROWSER_LIVES,
    )


def keep_visitor(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """Let the browser know its visitor until it is closed, or the visit ends."""
    _keep(request, response, cookie_name(request, VISITOR_COOKIE), token)


def keep_looks(request: HttpRequest, response: HttpResponse, looks: list[str]) -> None:
    _keep(request, response, LOOK_COOKIE, "-".join(looks))


def _keep(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    value: str,
    *,
    lives: timedelta | None = None,
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lives,
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def has_left_behind(request: HttpRequest) -> bool:
    """Return whether a browser without a visitor still has what belonged to one."""
    theirs = {cookie_name(request, VISITOR_COOKIE), settings.SESSION_COOKIE_NAME}
    return not theirs.isdisjoint(request.COOKIES) or settings.CSRF_COOKIE_NAME in request.COOKIES


def wipe(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Take all that a visitor has left in the browser, but for the cookie of the browser itself.

    Not by `"cookies"` of Clear-Site-Data, which would take that one too.
    """
    request.session.flush()
    setattr(request, _AT_PLACE, None)
    own = cookie_name(request, BROWSER_COOKIE)
    paths = {
        settings.SESSION_COOKIE_NAME: (
            settings.SESSION_COOKIE_PATH,
            settings.SESSION_COOKIE_DOMAIN,
        ),
        settings.CSRF_COOKIE_NAME: (settings.CSRF_COOKIE_PATH, settings.CSRF_COOKIE_DOMAIN),
        settings.LANGUAGE_COOKIE_NAME: (
            settings.LANGUAGE_COOKIE_PATH,
            settings.LANGUAGE_COOKIE_DOMAIN,
        ),
    }
    for name in request.COOKIES.keys() - {own}:
        path, domain = paths.get(name, ("/", None))
        response.delete_cookie(name, path=path, domain=domain, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
