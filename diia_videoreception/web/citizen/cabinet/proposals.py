"""Answering a proposed time: the page of the application asks, each answer is a POST (C13)."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models import DayPart
from diia_videoreception.rules.proposals import MAX_WISHES
from diia_videoreception.services.booking import proposals
from diia_videoreception.web import notices
from diia_videoreception.web.citizen.cabinet.case import own_application
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, show_again
from diia_videoreception.web.throttling import throttled


@require_POST
@citizen_required
@throttled("draft")
def accept(request: CitizenRequest, public_id: uuid.UUID, proposal_id: uuid.UUID) -> HttpResponse:
    """Take the proposed time; it is confirmed at once."""
    own_application(request, public_id)
    here = reverse("diia_videoreception:case", args=[public_id])
    try:
        proposals.accept(
            actor=request.citizen,
            public_id=public_id,
            proposal_id=proposal_id,
            now=timezone.now(),
        )
    except ActRefused as refusal:
        return show_again(request, here, Refused({"main": [str(refusal)]}))
    notices.add(request, "proposal_accepted")
    return SeeOther(here)


@require_POST
@citizen_required
@throttled("draft")
def refuse(request: CitizenRequest, public_id: uuid.UUID, proposal_id: uuid.UUID) -> HttpResponse:
    """Send back the proposed time, with wishes; refused wishes are handed back."""
    own_application(request, public_id)
    here = reverse("diia_videoreception:case", args=[public_id])
    sent, wishes = set(request.POST.getlist("day_parts")), request.POST.get("wishes", "")
    parts = [part for part in DayPart.values if part in sent]
    try:
        proposals.refuse(
            actor=request.citizen,
            public_id=public_id,
            proposal_id=proposal_id,
            day_parts=parts,
            wishes=wishes,
            now=timezone.now(),
        )
    except Incomplete as refusal:
        fields = {name: [str(text)] for name, text in refusal.fields.items()}
        typed = {"wishes": [wishes[: 2 * MAX_WISHES]], "day_parts": parts}
        return show_again(request, f"{here}#proposal", Refused(fields, typed))
    except ActRefused as refusal:
        return show_again(request, here, Refused({"main": [str(refusal)]}))
    notices.add(request, "proposal_refused")
    return SeeOther(here)
