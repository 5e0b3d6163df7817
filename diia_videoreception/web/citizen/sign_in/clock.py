"""How long the person stays signed in, for the warning before the end (WCAG 2.2.1)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from diia_videoreception.conf import app_settings
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.middleware import session_of, signed_in_citizen
from diia_videoreception.web.pages import WARN_SECONDS, session_clock


@screen
def session(request: HttpRequest) -> HttpResponse:
    """Seconds left, and the dialog that goes with them; a POST stays signed in, looking does not.

    JSON looks like {"seconds": 110, "whose": "9f…", "dialog": "<dialog…"}; an empty dialog means
    that there is nothing to say yet.
    """
    if request.method == "POST":
        # To be known is to be there: that moves the deadline on.
        bool(signed_in_citizen(request))
    now = timezone.now()
    own = session_of(request)
    clock = session_clock(own, now=now)
    can_stay = own is not None and (own.deadline - now).total_seconds() > WARN_SECONDS
    dialog = ""
    if clock["seconds"] <= WARN_SECONDS:
        values = {
            "seconds": clock["seconds"],
            "can_stay": can_stay,
            "max_hours": app_settings.session_max_hours,
        }
        template = "diia_videoreception/citizen/session_dialog.html"
        dialog = render_to_string(template, values, request=request)
    return JsonResponse({**clock, "dialog": dialog})
