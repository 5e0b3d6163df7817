"""What the pages of booking show around themselves at a self-service workplace: the bars of the place."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from diia_videoreception.rules.kiosk import COUNTDOWN_SECONDS, IDLE_SECONDS
from diia_videoreception.web.kiosk.browser import at_place, looks_of

FRAME = "diia_videoreception/kiosk/frame.html"


def frame_of(request: HttpRequest) -> dict[str, Any]:
    """Return what a page needs to stand in the frame of the place; nothing in any other browser."""
    found = at_place(request)
    if found is None:
        return {}
    place = found.browser.workplace if found.browser else None
    return {
        "base_template": FRAME,
        "place": place,
        "place_centre": place.centre if place else None,
        "visitor": found.visitor,
        "looks": looks_of(request),
        "is_reset_due": bool(looks_of(request)) or settings.LANGUAGE_COOKIE_NAME in request.COOKIES,
        "other_languages": [one for one in settings.LANGUAGES if one[0] != get_language()],
        "idle_seconds": IDLE_SECONDS,
        "countdown_seconds": COUNTDOWN_SECONDS,
        # Whoever is signed in sees it by the bars of the place, not by a menu of their account.
        "session_clock": None,
    }
