"""The second factor in the browser's session: until when it holds, and who is sent to the step.

django-otp keeps in the session which device has verified the user; beside it stands here since
when, because it holds for SECOND_FACTOR_HOURS only, and what is most delicate asks again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import SecondFactorRequired
from diia_videoreception.rules.second_factor import is_live
from diia_videoreception.selectors.accounts.second_factor import (
    has_device,
    is_installed,
    is_unnoticed,
    is_verified,
    lacks_second_factor,
)
from integrations.common.local_urls import page_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

DEVICE_KEY = "otp_device_id"
"""Where django-otp keeps the device that has verified the user (`DEVICE_ID_SESSION_KEY`)."""
SINCE_KEY = "diia_videoreception_second_factor"
FRESH = "fresh"
"""Why the step is asked for again."""


@dataclass(frozen=True, slots=True)
class SessionProof:
    """Which device has verified the user of this session, and when."""

    device: str
    at: datetime


def proof_of(request: HttpRequest) -> SessionProof | None:
    """Return the proof of this session; None for none, and for what cannot be read."""
    match request.session.get(SINCE_KEY):
        case [str(device), int() | float() as seconds]:
            try:
                return SessionProof(device, datetime.fromtimestamp(seconds, UTC))
            except (ValueError, OverflowError, OSError):
                return None
    return None


def keep_proof(request: HttpRequest, *, device: str, now: datetime) -> None:
    """Remember that this device has verified the user just now."""
    request.session[SINCE_KEY] = [device, now.timestamp()]


def end_old_proof(request: HttpRequest, *, now: datetime) -> bool:
    """Forget a verification that is too old, or whose device is gone.

    One that the portal's own sign-in has made holds from when it is first seen here.

    Returns:
        Whether there was one.
    """
    device = request.session.get(DEVICE_KEY)
    if device is None:
        return request.session.pop(SINCE_KEY, None) is not None
    proof = proof_of(request)
    if proof is None or proof.device != device:
        keep_proof(request, device=str(device), now=now)
    elif not is_live(proof.at, now=now, lifetime=timedelta(hours=app_settings.second_factor_hours)):
        del request.session[DEVICE_KEY], request.session[SINCE_KEY]
        return True
    return False


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """Return whether the second factor was given a moment ago."""
    proof = proof_of(request)
    lifetime = timedelta(minutes=app_settings.second_factor_fresh_minutes)
    return (
        proof is not None
        and proof.device == request.session.get(DEVICE_KEY)
        and is_live(proof.at, now=now, lifetime=lifetime)
    )


def step_instead(request: HttpRequest, *, fresh: bool = False) -> HttpResponse | None:
    """Return the way to the step of the second factor where it is wanted first; None where it is not.

    Args:
        fresh: whether a second factor of before is asked for again.

    Raises:
        SecondFactorRequired: a script asks, which can show no step; or the portal has none to show.
    """
    user = request.user
    if is_unnoticed(user):
        raise SecondFactorRequired
    lacks = lacks_second_factor(user)
    again = fresh and has_device(user) and not is_fresh(request, now=timezone.now())
    if not lacks and not again:
        return None
    if not is_installed() or _asks_by_script(request):
        raise SecondFactorRequired
    return to_step(page_of(request), reason="" if lacks else FRESH)


def verified_only(
    view: View[P],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Return a view for whom a second factor has verified, whatever their role asks of them."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        step = step_instead(request)
        if step is None and not is_verified(request.user):
            step = to_step(page_of(request))
        return step or view(request, *args, **kwargs)

    return wrapper


def to_step(next_url: str, *, reason: str = "") -> HttpResponse:
    """Send the browser to the step, from where it comes back to `next_url`."""
    query = {"next": next_url} | ({"reason": reason} if reason else {})
    url = reverse("diia_videoreception:second_factor")
    return HttpResponseRedirect(f"{url}?{urlencode(query)}", status=HTTPStatus.SEE_OTHER)


def _asks_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.headers.get(
        "Accept", ""
    ).startswith("application/json")


def second_factor_required(
    view: View[P], *, fresh: bool = False
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Return a view before which staff give the second factor that their role needs.

    Args:
        fresh: whether who has a second factor gives it again, as before a password is shown.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return step_instead(request, fresh=fresh) or view(request, *args, **kwargs)

    return wrapper
