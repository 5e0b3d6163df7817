"""How long a page waits for the person, and more time for who needs it (WCAG 2.2.1)."""

import math
from datetime import datetime
from typing import TypedDict

from django.http import HttpRequest, HttpResponse, JsonResponse

from diia_videoreception.models import HandOver
from diia_videoreception.services.accounts import sessions
from diia_videoreception.web import notices
from diia_videoreception.web.errors import wants_json


class WaitingClock(TypedDict):
    """What `includes/waiting.html` needs."""

    seconds_left: int
    minutes_left: int
    can_extend: bool


def waiting_clock(handover: HandOver, *, now: datetime) -> WaitingClock:
    """Return the clock of a page behind a verified sign-in."""
    left = max(0, math.ceil((handover.expires_at - now).total_seconds()))
    return {
        "seconds_left": left,
        "minutes_left": math.ceil(left / 60),
        "can_extend": handover.extensions < sessions.MAX_EXTENSIONS,
    }


def extended(request: HttpRequest, handover: HandOver, *, now: datetime) -> HttpResponse | None:
    """Give more time; the answer for the script, or None where the page has to be shown again.

    JSON looks like {"seconds": 1800, "more": true}; without more the next warning is the last.
    """
    before = handover.expires_at
    is_longer = sessions.extend_handover(handover, now=now) > before
    if not wants_json(request):
        if is_longer:
            notices.add(request, "more_time")
        return None
    clock = waiting_clock(handover, now=now)
    return JsonResponse({"seconds": clock["seconds_left"], "more": clock["can_extend"]})
