"""The day list of a centre: receptions at its seats, who has come, and opening the room there."""

import uuid
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.models import CentreMember
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.rules.centres import ACTING
from diia_videoreception.selectors.centres.receptions import (
    SeatReception,
    day_of,
    receptions_at_seats,
)
from diia_videoreception.services.assistance import seat_receptions as service
from diia_videoreception.web import notices
from diia_videoreception.web.browser_state import SEAT_CODE
from diia_videoreception.web.centre.acting import ACT
from diia_videoreception.web.centre.forms import DayForm
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.redirects import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def receptions(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Show the receptions of a day at the seats of the centre; the POST notes who has come, or opens the room."""
    now = timezone.now()
    day, days = day_of(member, DayForm(request.GET).wanted, now=now)
    here = f"{url_of(member, 'receptions')}?day={day:%Y-%m-%d}"
    if request.method == "POST":
        return _act(request, member, read_uuid(request.POST.get("reception", "")), here=here)
    found = receptions_at_seats(member, day, now=now)
    return centre_page(
        request,
        member,
        "receptions.html",
        here="receptions",
        heading=_("Receptions at the seats"),
        day=day,
        days=days,
        receptions=[(one, _shown_code(request, one, now=now)) for one in found],
        may_open=member.role in ACTING,
        seat_url=request.build_absolute_uri(reverse("diia_videoreception:seat_start")),
        zone=member.centre.time_zone,
    )


def _act(
    request: HttpRequest, member: CentreMember, reception: uuid.UUID, *, here: str
) -> HttpResponse:
    about, who = (member.centre.public_id, reception), who_acts(request)
    match request.POST.get(ACT):
        case "arrived" | "not_arrived" as told:
            service.note_arrival(*about, is_here=told == "arrived", **who)
        case "open":
            _entry, code = service.open_at_seat(*about, **who)
            until = who["now"] + service.CODE_LIVES
            SEAT_CODE.save(request, (str(reception), encrypt(code), until.timestamp()))
            return SeeOther(f"{here}#r-{reception}")
        case "close":
            service.close_at_seat(*about, **who)
            SEAT_CODE.drop(request)
        case "beside":
            invitation, secret = service.sit_beside(*about, **who)
            room = reverse("diia_videoreception:room_guest", args=[invitation.public_id])
            return SeeOther(f"{room}#{secret}" if secret else room)
        case _:
            raise Http404
    notices.add(request, "centre_saved")
    return SeeOther(here)


def _shown_code(request: HttpRequest, one: SeatReception, *, now: datetime) -> str:
    """Return the code that was made in this browser, while it works."""
    kept = SEAT_CODE.load(request)
    if kept is None or kept[0] != str(one.application.public_id) or kept[2] <= now.timestamp():
        return ""
    if one.entry is None or one.entry.code_hash is None:
        return ""
    try:
        code = decrypt(kept[1])
    except InvalidToken:
        return ""
    return f"{code[:4]}-{code[4:]}"
