"""How long the person stays signed in, for the warning before the end (WCAG 2.2.1)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone

from diia_videoreception.conf import app_settings
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.middleware import session_of, signed_in_citizen
from diia_videoreception.web.pages import WARN_SECONDS, SessionClock, session_clock


@screen
def session(request: HttpRequest) -> HttpResponse:
    """Show seconds left, and the dialog that goes with them; a POST stays signed in, looking does not.

    JSON looks like {"seconds": 110, "whose": "9f…", "token": "Xk…", "state": "warning",
    "dialog": "<dialog…"}; an empty dialog means that there is nothing to say yet. `token` is for
    the forms of the page: each sign-in makes those of before worthless. A page of another person,
    which tells in the query whose it is, gets none.
    """
    if request.method == "POST":
        # To be known is to be there: that moves the deadline on.
        bool(signed_in_citizen(request))
    now = timezone.now()
    own = session_of(request)
    clock = session_clock(own, now=now)
    state = _state(clock, request.GET.get("whose", ""))
    dialog = ""
    if state:
        values = {
            "state": state,
            "can_stay": own is not None and (own.deadline - now).total_seconds() > WARN_SECONDS,
            "max_hours": app_settings.session_max_hours,
        }
        template = "diia_videoreception/citizen/session_dialog.html"
        dialog = render_to_string(template, values, request=request)
    token = get_token(request) if state in {"", "warning"} else ""
    return JsonResponse({**clock, "token": token, "state": state, "dialog": dialog})


def _state(clock: SessionClock, page_of: str) -> str:
    if not clock["seconds"]:
        return "ended"
    if page_of and page_of != clock["whose"]:
        return "other"
    return "warning" if clock["seconds"] <= WARN_SECONDS else ""
