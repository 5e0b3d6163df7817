"""What every screen of ours needs around it."""

from collections.abc import Callable
from functools import update_wrapper, wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from diia_videoreception import errors
from diia_videoreception.web.errors import refusal, wants_json
from diia_videoreception.web.kiosk.guard import led_back
from diia_videoreception.web.middleware import CitizenRequest, signed_in_citizen
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.sign_in_reasons import SignInReason
from diia_videoreception.web.throttling import enforce_rate_limit
from integrations.common.local_urls import page_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
CitizenView = Callable[Concatenate[CitizenRequest, P], HttpResponseBase]


def screen(view: View[P]) -> View[P]:
    """Return a screen that nobody may keep, whose refusals become pages, and whose acts commit themselves.

    Each request is counted; acts have rates of their own besides.
    """
    return counted_as(lambda request: "page")(view)


def counted_as(scope_of: Callable[[HttpRequest], str]) -> Callable[[View[P]], View[P]]:
    """Make screens whose requests count in the scope that `scope_of` names, and only there."""
    return lambda view: _screen(view, scope_of)


def _screen(view: View[P], scope_of: Callable[[HttpRequest], str]) -> View[P]:
    """Wrap the view.

    A service is one transaction; ATOMIC_REQUESTS of the portal would join several into one. Reports
    of errors leave out what was sent and what became of it on the way. The browser of a self-service
    workplace opens what is for its visitors, and nothing else.
    """

    @sensitive_post_parameters()
    @sensitive_variables()
    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            enforce_rate_limit(request, scope_of(request))
            response = led_back(request) or view(request, *args, **kwargs)
        except errors.AuthenticationTooOld as error:
            asks = wants_json(request)
            response = refusal(request, error) if asks else _sign_in_afresh(request)
        except errors.ActRefused as error:
            response = refusal(request, error)
        except Http404:
            response = refusal(request, errors.NotFound())
        except PermissionDenied:
            response = refusal(request, errors.Forbidden())
        patch_cache_control(response, no_store=True, private=True)
        return response

    return cast("View[P]", transaction.non_atomic_requests(wrapper))


def signed_call(scope: str, *, max_bytes: int) -> Callable[[View[P]], View[P]]:
    """Make views that programs call: by POST, with a signature instead of a token, of a size told before.

    The signature stands for the token: no browser sends this.
    """

    def decorated(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            announced = request.headers.get("Content-Length", "")
            if not announced.isdecimal() or int(announced) > max_bytes:
                raise errors.Forbidden
            return view(request, *args, **kwargs)

        counted = counted_as(lambda request: scope)(require_POST(wrapper))
        return csrf_exempt(counted)

    return decorated


def citizen_required(view: CitizenView[P]) -> View[P]:
    """Return a screen for signed-in citizens; a guest signs in first and comes back (A-22).

    Scripts get 401 with the code `session_ended` instead.
    """

    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if signed_in_citizen(request) is None:
            if wants_json(request):
                raise errors.SessionEnded
            return to_sign_in(page_of(request))
        return _led_to_erasure(request) or view(cast(CitizenRequest, request), *args, **kwargs)

    return screen(update_wrapper(wrapper, view))


_OF_WHO_GOES = frozenset({"own_erasure", "own_copy", "session", "sign_out"})
"""Screens of a person who has asked that their data be erased."""


def _led_to_erasure(request: HttpRequest) -> HttpResponse | None:
    """Lead who has asked that their data be erased to the page that offers to take it back."""
    actor, match = signed_in_citizen(request), request.resolver_match
    if actor is None or actor.citizen.erasure_due is None:
        return None
    if match is not None and match.url_name in _OF_WHO_GOES:
        return None
    if wants_json(request):
        raise errors.ErasureAsked
    return SeeOther(reverse("diia_videoreception:own_erasure"))


def to_sign_in(next_url: str, *, reason: SignInReason | None = None) -> HttpResponse:
    """Send the browser to the sign-in page, from where it comes back to `next_url`."""
    query = {"next": next_url} | ({"reason": reason.value} if reason else {})
    return SeeOther(f"{reverse('diia_videoreception:sign_in')}?{urlencode(query)}")


def _sign_in_afresh(request: HttpRequest) -> HttpResponse:
    """Show what was to be done is asked for again after the sign-in: nothing happens by coming back."""
    return to_sign_in(page_of(request), reason=SignInReason.FRESH)
