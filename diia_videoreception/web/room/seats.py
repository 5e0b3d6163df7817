"""The room at a seat of a centre: a code that is typed there once, and the page that it opens in that browser."""

import uuid
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from diia_videoreception.services.assistance import seat_receptions
from diia_videoreception.services.assistance.seat_receptions import EnteredAtSeat
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.kiosk.views import without_staff
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.room.forms import SeatCodeForm
from diia_videoreception.web.room.views import room_page
from diia_videoreception.web.room.visitors import SEAT_COOKIE, Side, coming
from diia_videoreception.web.throttling import throttled

START = "diia_videoreception:seat_start"


@screen
@require_safe
@without_staff
def start(request: HttpRequest) -> HttpResponse:
    """Show where to type the code; whose reception it opens is not told before."""
    return _code_page(request, shown(request, SeatCodeForm()))


def _code_page(request: HttpRequest, form: SeatCodeForm, status: int = 200) -> HttpResponse:
    return render_page(
        request,
        "room/seat.html",
        heading=_("Enter the room from this place"),
        form=form,
        error_summary=summary_of(form),
        status=status,
    )


@screen
@require_POST
@throttled("kiosk_pair")
@without_staff
def begin(request: HttpRequest) -> HttpResponse:
    """Give this browser the way into the room whose code is entered."""
    entered: list[EnteredAtSeat] = []

    def act(form: SeatCodeForm) -> None:
        entered.append(seat_receptions.enter_at_seat(form.cleaned_data["code"], now=timezone.now()))

    response = sent(
        request,
        SeatCodeForm(request.POST),
        act,
        here=reverse(START),
        notice="",
        at="code",
        page=lambda form, status: _code_page(request, form, status),
    )
    if not entered:
        return response
    room_url = reverse("diia_videoreception:room_seat", args=[entered[0].entry.public_id])
    response = SeeOther(room_url)
    left = (entered[0].until - timezone.now()).total_seconds()
    response.set_cookie(
        SEAT_COOKIE,
        entered[0].token,
        max_age=max(1, ceil(left)),
        path=room_url,
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@screen
@require_safe
@ensure_csrf_cookie
@without_staff
def room(request: HttpRequest, side: Side, public_id: uuid.UUID) -> HttpResponse:
    """Show the room to the browser that has given the code; any other is led to where one types it."""
    # Whoever else is signed in in this browser has no part in the page.
    request.citizen = None  # type: ignore[attr-defined]
    found = coming(request, side, public_id)
    if found is None:
        return SeeOther(reverse(START))
    response = room_page(request, found.visitor, found.public_id)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
