"""Who comes to the pages of a centre, and that nobody finds them open who only found the computer."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import CentreMember
from diia_videoreception.second_factor import (
    DEVICE_KEY,
    SINCE_KEY,
    proof_of,
    second_factor_required,
    to_step,
)
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.web.browser_state import CENTRE_SEEN
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.official.staff import (
    signed_in_staff,
    staff_page,
    staff_sign_in_required,
)
from integrations.common.local_urls import page_of

P = ParamSpec("P")
MemberView = Callable[Concatenate[HttpRequest, CentreMember, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
POLL = "X-VR-Poll"
"""Header of a request that a page sends by itself: nobody is there because of it."""
WRITE_EVERY = 30
"""Seconds between two notes of the session that somebody is there."""


def centre_staff_required(view: View[P], *, fresh: bool = False) -> View[P]:
    """Return a page for signed-in staff who have given the second factor, and have been there lately."""

    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return _again_after_idling(request, now=timezone.now()) or view(request, *args, **kwargs)

    guarded = second_factor_required(update_wrapper(wrapper, view), fresh=fresh)
    return staff_sign_in_required(guarded)


def member_required(view: MemberView[P]) -> View[Any]:
    """Return a page of a centre for who works there; of a foreign centre nobody learns that it exists."""

    def wrapper(
        request: HttpRequest, /, centre: uuid.UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        return view(request, _member(request, centre), *args, **kwargs)

    return centre_staff_required(update_wrapper(wrapper, view))


def head_required(view: MemberView[P], *, fresh: bool = False) -> View[Any]:
    """Return a page for the head of a centre.

    Args:
        fresh: whether the second factor is given again, as where rights are given.
    """

    def wrapper(
        request: HttpRequest, /, centre: uuid.UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        member = _member(request, centre)
        if not member.is_head:
            raise Http404
        if member.is_blocked:
            raise errors.MemberBlocked
        return view(request, member, *args, **kwargs)

    return centre_staff_required(update_wrapper(wrapper, view), fresh=fresh)


def _member(request: HttpRequest, centre: uuid.UUID) -> CentreMember:
    member = membership_in(signed_in_staff(request), centre)
    if member is None:
        raise Http404
    return member


def _again_after_idling(request: HttpRequest, *, now: datetime) -> HttpResponse | None:
    """Return the way to the step for who gave the second factor and then did nothing for too long.

    Raises:
        SecondFactorRequired: a script asks.
    """
    proof = proof_of(request)
    seconds = CENTRE_SEEN.load(request) or 0
    if proof is not None:
        last = max(seconds, proof.at.timestamp())
        idle = timedelta(seconds=now.timestamp() - last)
        if idle >= timedelta(minutes=app_settings.centre_idle_minutes):
            request.session.pop(DEVICE_KEY, None)
            request.session.pop(SINCE_KEY, None)
            if wants_json(request):
                raise errors.SecondFactorRequired
            return to_step(page_of(request))
    if POLL not in request.headers and not 0 <= now.timestamp() - seconds < WRITE_EVERY:
        CENTRE_SEEN.save(request, now.timestamp())
    return None


def centre_page(
    request: HttpRequest, member: CentreMember, template: str, **context: object
) -> HttpResponse:
    """Show a page of a centre, with its name and what the member may open there."""
    return staff_page(
        request, template, folder="centre", member=member, centre=member.centre, **context
    )
