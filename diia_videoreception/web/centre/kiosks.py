"""Self-service places as staff see them: their state, calls for help, more time; and pairing, for the head."""

from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.models import CentreMember, CentreWorkplace
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.selectors.centres.kiosks import place_seen_by, places_seen_by
from diia_videoreception.services.kiosk import pairing, visitors
from diia_videoreception.web import notices
from diia_videoreception.web.browser_state import PAIRING_CODE
from diia_videoreception.web.centre.acting import ACT
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.redirects import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def places(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Show anybody of the centre how its self-service places stand; the POST helps a visitor."""
    here = url_of(member, "places")
    if request.method == "POST":
        about = (member.centre.public_id, read_uuid(request.POST.get("visitor", "")))
        match request.POST.get(ACT):
            case "coming":
                visitors.promise_help(*about, **who_acts(request))
            case "came":
                visitors.answer_call(*about, **who_acts(request))
            case "extend":
                visitors.extend(*about, **who_acts(request))
            case "wipe":
                visitors.end_by_staff(*about, **who_acts(request))
            case _:
                raise Http404
        notices.add(request, "centre_saved")
        return SeeOther(here)
    return centre_page(
        request,
        member,
        "places.html",
        here="places",
        heading=_("Self-service places"),
        places=places_seen_by(member, now=timezone.now()),
    )


def act_on_pairing(request: HttpRequest, head: CentreMember, place: CentreWorkplace) -> None:
    """Make a code for the browser of a place, or shut that browser out.

    Raises:
        Http404: neither was asked for.
    """
    about = (head.centre.public_id, place.public_id)
    who = who_acts(request)
    match request.POST.get(ACT):
        case "pair":
            code = pairing.make_code(*about, **who)
            until = who["now"] + pairing.CODE_LIVES
            PAIRING_CODE.save(request, (str(place.public_id), encrypt(code), until.timestamp()))
        case "unpair":
            pairing.unpair(*about, **who)
            PAIRING_CODE.drop(request)
        case _:
            raise Http404


def pairing_of(request: HttpRequest, head: CentreMember, place: CentreWorkplace) -> dict[str, Any]:
    """Return what the page of a self-service place shows about its browser; nothing for other places."""
    if place.kind != CentreWorkplace.Kind.SELF_SERVICE:
        return {}
    now = timezone.now()
    return {
        "kiosk": place_seen_by(head, place, now=now),
        "pairing_code": _shown_code(request, place, now=now),
        "kiosk_url": request.build_absolute_uri(reverse("diia_videoreception:kiosk_start")),
    }


def _shown_code(request: HttpRequest, place: CentreWorkplace, *, now: datetime) -> str:
    """Return the code that was made in this browser, while it works."""
    kept = PAIRING_CODE.load(request)
    if kept is None or kept[0] != str(place.public_id) or kept[2] <= now.timestamp():
        return ""
    browser = getattr(place, "paired_browser", None)
    if browser is None or browser.code_hash is None:
        return ""
    try:
        code = decrypt(kept[1])
    except InvalidToken:
        return ""
    return f"{code[:4]}-{code[4:]}"
