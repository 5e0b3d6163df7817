"""Rendering a screen: what every template of ours finds in its context."""

import math
from datetime import datetime
from http import HTTPStatus
from typing import TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Citizen, CitizenSession
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.web import notices
from diia_videoreception.web.kiosk.frame import frame_of
from diia_videoreception.web.middleware import signed_in_citizen

STEPS = 4
"""Steps of a booking: official and time, question and contacts, check, done."""
WARN_SECONDS = 120
"""How long before the end of the session the person is asked; the script has the same number."""


class SessionClock(TypedDict):
    """Seconds until a session ends if nothing happens, and a word for whose it is."""

    seconds: int
    whose: str


def session_clock(session: CitizenSession | None, *, now: datetime) -> SessionClock:
    """Return the clock of a session; of none it has run out."""
    if session is None:
        return {"seconds": 0, "whose": ""}
    left = (min(session.idle_deadline, session.deadline) - now).total_seconds()
    return {"seconds": max(0, math.ceil(left)), "whose": whose_page(session.citizen)}


def whose_page(citizen: Citizen) -> str:
    """Return the word by which a page knows whose it is, though somebody else has signed in meanwhile."""
    return lookup_hash("whose", str(citizen.public_id))[:16]


def render_page(
    request: HttpRequest,
    template: str,
    *,
    heading: str | Promise,
    step: int | None = None,
    status: int = HTTPStatus.OK,
    **context: object,
) -> HttpResponse:
    """Render a screen below `diia_videoreception/`.

    Args:
        heading: the one h1 of the page, repeated in its title.
        step: number of the booking step, which the title and the steps show.
        context: further variables; `error_summary`, a list of (id of the field, text), also
            marks the title.
    """
    signed_in = signed_in_citizen(request)
    now = timezone.now()
    own = signed_in.session if signed_in else None
    values: dict[str, object] = {
        "heading": heading,
        "step": step,
        "steps": STEPS,
        "signed_in": signed_in,
        "session_clock": session_clock(own, now=now) if own else None,
        "now": now,
        "support_phone": app_settings.support_phone,
        "support_url": app_settings.support_url,
        "other_ways": app_settings.other_ways,
        "service_url": app_settings.service_url,
        "just_done": notices.take(request),
        **frame_of(request),
    }
    return render(request, f"diia_videoreception/{template}", values | context, status=status)
