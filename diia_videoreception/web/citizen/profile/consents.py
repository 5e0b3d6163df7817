"""«Згоди на допомогу»: by which consents centres act for the person, and taking them back."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.selectors.assistance.mandates import mandates_of, read_text
from diia_videoreception.services.assistance.revoking import revoke_in_account
from diia_videoreception.web import notices
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
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
    rows = [
        (
            mandate,
            mandate.is_live(now),
            read_text(mandate) if mandate.person_id == citizen.pk else "",
        )
        for mandate in mandates_of(citizen)[:SHOWN]
    ]
    return render_page(request, "citizen/consents.html", heading=_("Consents to help"), rows=rows)
