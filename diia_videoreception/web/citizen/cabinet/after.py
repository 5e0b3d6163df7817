"""After a reception: the citizen goes on with the question, or says what they thought of it (C17)."""

import uuid
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models.fields import zone
from diia_videoreception.rules.objections import MAX_OBJECTION
from diia_videoreception.rules.transitions import OUTCOMES
from diia_videoreception.services.booking import answers, drafts, objections
from diia_videoreception.web import notices
from diia_videoreception.web.citizen.cabinet.case import own_application
from diia_videoreception.web.citizen.choosing.forms import ChoiceForm
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.moments import moment_value
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, show_again
from diia_videoreception.web.throttling import throttled


@require_POST
@citizen_required
@throttled("draft")
def again(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lead to the times of the same official, one of them chosen if asked, with this number filled in."""
    application = own_application(request, public_id)
    if application.state not in OUTCOMES.values():
        return SeeOther(reverse("diia_videoreception:case", args=[public_id]))
    drafts.go_on_from(
        citizen=request.citizen.citizen, number=application.number, now=timezone.now()
    )
    official = application.official
    chosen: dict[str, object] = {"agency": official.agency.pk, "official": official.pk}
    asked = ChoiceForm(request.POST)
    if asked.moment is not None:
        local = timezone.localtime(asked.moment, zone(official.agency.time_zone))
        chosen |= {"week": local.date().isoformat(), "time": moment_value(asked.moment)}
    query = urlencode(chosen)
    return SeeOther(f"{reverse('diia_videoreception:choose')}?{query}#times")


@require_POST
@citizen_required
@throttled("draft")
def rate(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Keep the rating; it can be given once."""
    here = reverse("diia_videoreception:case", args=[public_id])
    stars, words = request.POST.get("stars", ""), request.POST.get("words", "")
    try:
        answers.rate(
            actor=request.citizen,
            public_id=public_id,
            stars=int(stars) if stars in {"1", "2", "3", "4", "5"} else 0,
            words=words,
            now=timezone.now(),
        )
    except Incomplete as refusal:
        fields = {name: [str(text)] for name, text in refusal.fields.items()}
        return show_again(request, f"{here}#rating", Refused(fields))
    except ActRefused as refusal:
        return show_again(request, here, Refused({"main": [str(refusal)]}))
    notices.add(request, "rated")
    return SeeOther(here)


@require_POST
@citizen_required
@throttled("draft")
def object_to(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send what the citizen has against the outcome; a refused text is handed back."""
    here = reverse("diia_videoreception:case", args=[public_id])
    text = request.POST.get("text", "")
    try:
        objections.object_to_outcome(
            actor=request.citizen, public_id=public_id, text=text, now=timezone.now()
        )
    except Incomplete as refusal:
        fields = {f"objection_{name}": [str(text)] for name, text in refusal.fields.items()}
        typed = {"objection": [text[: 2 * MAX_OBJECTION]]}
        return show_again(request, f"{here}#objection", Refused(fields, typed))
    except ActRefused as refusal:
        return show_again(request, here, Refused({"main": [str(refusal)]}))
    notices.add(request, "objected")
    return SeeOther(here)
