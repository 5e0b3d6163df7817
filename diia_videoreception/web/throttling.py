"""Slows down who sends forms too often: by citizen, or by address for guests (decision 14)."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import TooManyRequests
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.web.middleware import signed_in_citizen

P = ParamSpec("P")
Request = TypeVar("Request", bound=HttpRequest)
View = Callable[Concatenate[Request, P], HttpResponse]


class _Throttle(SimpleRateThrottle):
    def __init__(self, scope: str, who: str = "") -> None:
        self.scope = scope
        self.who = who
        self.rate = app_settings.rate(scope)
        super().__init__()

    def get_cache_key(self, request: Any, view: Any) -> str:
        actor = signed_in_citizen(request)
        who = self.who or (
            f"citizen {actor.citizen.pk}" if actor else f"address {self.get_ident(request)}"
        )
        # Cache keys name nobody (decision 10).
        return f"diia_videoreception:throttle:{self.scope}:{lookup_hash('throttle', who)}"


def throttled(scope: str) -> Callable[[View[Request, P]], View[Request, P]]:
    """Lets POSTs to the view through at the rate of `scope`; goes below `screen`.

    The view raises `TooManyRequests`, which becomes 429 with Retry-After.
    """

    def decorate(view: View[Request, P]) -> View[Request, P]:
        @wraps(view)
        def wrapper(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                require_slow(request, scope)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def require_slow(request: HttpRequest, scope: str, *, who: str = "") -> None:
    """Counts one act of the sender.

    Args:
        who: Whose acts are counted instead of the citizen's or the address's.

    Raises:
        TooManyRequests: it was one too many; `until` says when the next may come.
    """
    throttle = _Throttle(scope, who)
    if not throttle.allow_request(cast(Any, request), cast(Any, None)):
        wait = throttle.wait() or 1
        raise TooManyRequests(until=timezone.now() + timedelta(seconds=wait))
