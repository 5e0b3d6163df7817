"""Slows down who sends forms too often; `screen` counts the pages themselves."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from diia_videoreception.selectors.accounts.sessions import of_session
from diia_videoreception.services.throttling import require_rate, sender
from diia_videoreception.web.kiosk.browser import place_of
from diia_videoreception.web.middleware import session_of

P = ParamSpec("P")
Request = TypeVar("Request", bound=HttpRequest)
View = Callable[Concatenate[Request, P], HttpResponseBase]


def throttled(scope: str) -> Callable[[View[Request, P]], View[Request, P]]:
    """Let POSTs to the view through at the rate of `scope`; goes below `screen`.

    The view raises `TooManyRequests`, which becomes 429 with Retry-After.
    """

    def decorate(view: View[Request, P]) -> View[Request, P]:
        @wraps(view)
        def wrapper(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                enforce_rate_limit(request, scope)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def enforce_rate_limit(request: HttpRequest, scope: str, *, who: str = "") -> None:
    """Count one act of the sender.

    Args:
        who: Whose acts are counted instead of the citizen's, the self-service place's (many have one
            address) or the address's.

    Raises:
        TooManyRequests: it was one too many; `until` says when the next may come.
    """
    # Being counted is not being there: only looked at, the session does not live on.
    session = session_of(request)
    place = None if session else place_of(request)
    who = who or (f"place {place.pk}" if place else "")
    whose = who or sender(request, of_session(session) if session else None)
    require_rate(scope, whose, now=timezone.now())
