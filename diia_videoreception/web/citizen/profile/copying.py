"""«Копія даних» and «Хто переглядав»: what is kept of the person, to take along, and who looked at it (C19)."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.downloads import as_download
from diia_videoreception.errors import RequestUnreadable
from diia_videoreception.selectors.booking.looks import looks_at_cases_of
from diia_videoreception.selectors.own_data import own_data_of
from diia_videoreception.services.accounts.own_data import OwnCopy, hand_out_copy
from diia_videoreception.web.citizen.own_data.copies import copy_as_json, copy_as_page
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.throttling import throttled

LOOKS_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("own_copy")
def own_copy(request: CitizenRequest) -> HttpResponseBase:
    """Offer the copy; the POST gives it as a file, for programs or to read, to who has signed in lately."""
    now = timezone.now()
    if request.method != "POST":
        return render_page(request, "citizen/own_copy.html", heading=_("Copy of your data"))
    form = request.POST.get("form", "")
    if form not in set(OwnCopy):
        raise RequestUnreadable
    hand_out_copy(actor=request.citizen, form=OwnCopy(form), now=now)
    data = own_data_of(request.citizen.citizen)
    name = f"moi-dani-{timezone.localdate(now).isoformat()}.{form}"
    if form == OwnCopy.FILE:
        content = copy_as_json(data, now=now)
        return as_download(content, name=name, media_type="application/json")
    content = copy_as_page(data, now=now)
    return as_download(content, name=name, media_type="text/html; charset=utf-8")


@require_safe
@citizen_required
def own_looks(request: CitizenRequest) -> HttpResponse:
    """Show who of the staff looked at any of the person's cases, the newest first."""
    return render_page(
        request,
        "citizen/own_looks.html",
        heading=_("Who looked at your applications"),
        looks=looks_at_cases_of(request.citizen.citizen, most=LOOKS_SHOWN),
        most_looks=LOOKS_SHOWN,
    )
