"""What the browser of a self-service workplace may open: the pages of the place, and in a visit those of booking.

Whatever else of ours it asks for leads back to the start: that is how Back, an address from the history
or a page left open come to nothing after the wipe, and why no page with personal data opens there.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from diia_videoreception import errors
from diia_videoreception.services.kiosk import visitors
from diia_videoreception.web.kiosk.browser import at_place, wipe
from diia_videoreception.web.redirects import SeeOther
from integrations.common.local_urls import local_url

PREFIX = "kiosk_"
"""Names of the addresses of places begin with it; their pages see to themselves."""
IN_VISIT = frozenset(
    {
        "choose",
        "choose_seat",
        "find_official",
        "reserve",
        "holding",
        "release",
        "captcha",
        "application",
        "check",
        "submit",
        "filing",
        "done",
        "status",
        "status_shown",
    }
)
"""What else opens in a visit, by name: the way from choosing to «надіслано», and how an application stands."""
SIGN_IN = "sign_in"


def led_back(request: HttpRequest) -> HttpResponse | None:
    """Return the way back for a browser of a workplace that asks for what does not open there; None lets it go on.

    Raises:
        SessionEnded: a script asks.
    """
    found = at_place(request)
    name = request.resolver_match.url_name if request.resolver_match else None
    if found is None or (name or "").startswith(PREFIX):
        return None
    is_script = request.headers.get("Accept", "").startswith("application/json")
    if found.visitor is not None and name in IN_VISIT:
        if not is_script:
            visitors.keep_alive(found.visitor, step=name or "", now=timezone.now())
        return None
    if is_script:
        raise errors.SessionEnded
    if found.visitor is not None and name == SIGN_IN:
        query = urlencode({"next": local_url(request.GET.get("next"))})
        return SeeOther(f"{reverse('diia_videoreception:kiosk_phone')}?{query}")
    if found.visitor is not None:
        return SeeOther(reverse("diia_videoreception:kiosk_home"))
    return visit_over(request)


def visit_over(request: HttpRequest) -> HttpResponse:
    """Lead to the start, and leave nothing of a visit that is over; not even where it ended by itself."""
    return wipe(request, SeeOther(reverse("diia_videoreception:kiosk_start")))
