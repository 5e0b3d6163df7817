"""«Стерти мої дані»: what goes and when, what agencies keep, asking for it and taking it back (C19)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import ErasureHindered
from diia_videoreception.selectors.accounts.citizens import mailbox_of
from diia_videoreception.selectors.booking.erasing import (
    hindrances_to_erasing,
    kept_by_agencies,
)
from diia_videoreception.services.booking.erasing import ask_to_erase, take_erasure_back
from diia_videoreception.web import notices
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again
from diia_videoreception.web.throttling import throttled


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("draft")
def own_erasure(request: CitizenRequest) -> HttpResponse:
    """Say what would go and what stays; the POST asks for it, or takes it back."""
    now = timezone.now()
    here = reverse("diia_videoreception:own_erasure")
    if request.method == "POST":
        if request.POST.get("act") == "back":
            if take_erasure_back(actor=request.citizen, now=now):
                notices.add(request, "erasure_taken_back")
            return SeeOther(here)
        if request.POST.get("sure") != "on":
            text = str(_("Tick that you want us to erase your data."))
            return show_again(request, here, Refused({"sure": [text]}))
        try:
            ask_to_erase(actor=request.citizen, now=now)
        except ErasureHindered as error:
            return show_again(request, here, Refused({"first": [str(error)]}))
        return SeeOther(here)
    citizen = request.citizen.citizen
    refused = refused_of(request)
    return render_page(
        request,
        "citizen/own_erasure.html",
        heading=_("Erase my data"),
        due=citizen.erasure_due,
        days=app_settings.erasure_wait.days,
        hindrances=hindrances_to_erasing(citizen, now=now),
        kept=kept_by_agencies(citizen),
        mailbox=mailbox_of(citizen),
        problem=refused.summary[0][1] if refused else "",
        error_summary=refused.summary if refused else [],
    )
