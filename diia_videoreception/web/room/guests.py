"""Guests of a room: the page behind their link, and what staff and the citizen decide about them."""

import uuid
from datetime import datetime
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from diia_videoreception import errors
from diia_videoreception.models import RoomInvitation
from diia_videoreception.models.rooms import MAX_GUEST_NAME
from diia_videoreception.selectors.rooms.seats import Visitor, times_of
from diia_videoreception.services.rooms import inviting
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.room import answers
from diia_videoreception.web.room.endpoints import Call, Sent, endpoint, open_endpoint
from diia_videoreception.web.room.views import room_page
from diia_videoreception.web.room.visitors import GUEST_COOKIE, Side, coming, require_access

MAX_TYPED = 10 * MAX_GUEST_NAME


@screen
@require_safe
@ensure_csrf_cookie
def room(request: HttpRequest, side: Side, public_id: uuid.UUID) -> HttpResponse:
    """Show the room to the browser that has accepted the link, and to any other how to accept it.

    The secret stands behind the `#`, which no browser sends: opening the link changes nothing and
    tells nobody whether there is such a link.
    """
    # Whoever else is signed in in this browser has no part in the page.
    request.citizen = None  # type: ignore[attr-defined]
    found = coming(request, side, public_id)
    if found is None:
        response = render_page(
            request,
            "room/guest.html",
            heading=_("Invitation to a video reception"),
            accept_url=reverse("diia_videoreception:room_guest_accept", args=[public_id]),
            roles=RoomInvitation.Role.choices,
            max_name=MAX_GUEST_NAME,
        )
    else:
        require_access(found.visitor)
        response = room_page(request, found.visitor, found.public_id)
        _keep(response, public_id, request.COOKIES[GUEST_COOKIE], until=_closing(found.visitor))
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@open_endpoint("room_guest")
def accept(request: HttpRequest, public_id: uuid.UUID, sent: Sent) -> HttpResponse:
    """Exchange the secret of a link for the cookie of this browser."""
    accepted = inviting.accept(
        invitation=public_id,
        secret=sent.text("secret", most=100),
        key=sent.text("key"),
        role=sent.text("role"),
        name=sent.text("name", most=MAX_TYPED),
        now=timezone.now(),
    )
    response = JsonResponse({})
    _keep(response, public_id, accepted.token, until=accepted.until)
    return response


def _closing(visitor: Visitor) -> datetime | None:
    return times_of(visitor.guest.room.application).closes_at if visitor.guest else None


def _keep(
    response: HttpResponse, public_id: uuid.UUID, token: str, *, until: datetime | None
) -> None:
    """Let the browser keep the cookie of a guest as long as the room may be open.

    Said anew with each view of the page, for the reception may be moved.
    """
    left = (until - timezone.now()).total_seconds() if until else 0
    if left > 0:
        response.set_cookie(
            GUEST_COOKIE,
            token,
            max_age=ceil(left),
            path=reverse("diia_videoreception:room_guest", args=[public_id]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


@endpoint("room_act")
def invite(call: Call) -> dict[str, Any]:
    """Make a link for a guest; it is told this once."""
    name = call.data.get("name", "")
    if not isinstance(name, str) or len(name) > MAX_TYPED:
        raise errors.Malformed
    invitation, secret = inviting.invite(
        visitor=call.visitor,
        public_id=call.public_id,
        role=call.text("role"),
        name=name,
        now=timezone.now(),
    )
    address = reverse("diia_videoreception:room_guest", args=[invitation.public_id])
    url = f"{call.request.build_absolute_uri(address)}#{secret}"
    return {"guest": answers.guest(invitation), "url": url}


@endpoint("room_act")
def withdraw(call: Call) -> dict[str, Any]:
    """End the access of a guest."""
    inviting.withdraw(
        visitor=call.visitor,
        public_id=call.public_id,
        invitation=call.uuid("guest"),
        now=timezone.now(),
    )
    return {}


@endpoint("room_act")
def object_to(call: Call) -> dict[str, Any]:
    """Keep a guest out, as the citizen."""
    inviting.object_to(
        visitor=call.visitor,
        public_id=call.public_id,
        invitation=call.uuid("guest"),
        now=timezone.now(),
    )
    return {}
