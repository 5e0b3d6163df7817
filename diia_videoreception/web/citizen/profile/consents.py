"""«Згоди на допомогу»: by which consents centres act for the person, and taking them back."""

import uuid

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.selectors.assistance.mandates import (
    mandates_of,
    read_text,
    signed_consents_of,
)
from diia_videoreception.services.assistance.revoking import revoke_in_account
from diia_videoreception.web import notices
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.person.signing import signed_response
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import throttled

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("draft")
def consents(request: CitizenRequest) -> HttpResponse:
    """List the consents of the person, the newest first; the POST takes one back."""
    now = timezone.now()
    if request.method == "POST":
        key = read_uuid(request.POST.get("consent", ""))
        revoke_in_account(key, actor=request.citizen, now=now)
        notices.add(request, "consent_revoked")
        return SeeOther(reverse("diia_videoreception:consents"))
    citizen = request.citizen.citizen
    signed = set(signed_consents_of(citizen).values_list("pk", flat=True))
    rows = [
        (
            mandate,
            mandate.is_live(now),
            read_text(mandate) if mandate.person_id == citizen.pk or mandate.pk in signed else "",
            mandate.pk in signed,
        )
        for mandate in mandates_of(citizen)[:SHOWN]
    ]
    return render_page(request, "citizen/consents.html", heading=_("Consents to help"), rows=rows)


@require_safe
@citizen_required
def signed(request: CitizenRequest, public_id: uuid.UUID) -> FileResponse:
    """Give the person a consent that they have signed with their key, with the signature (B-29)."""
    return signed_response(
        signed_consents_of(request.citizen.citizen).filter(public_id=public_id).first()
    )
