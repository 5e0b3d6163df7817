"""«Листи»: every letter is here too, without the conference password (A-16, B-70)."""

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from diia_videoreception.selectors.booking.applications import letters_of
from diia_videoreception.services.letters.rendering import render_letter
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.wording import masked_phone

ON_PAGE = 20


@require_safe
@citizen_required
def letters(request: CitizenRequest) -> HttpResponse:
    """Show the citizen's letters, newest first."""
    pages = Paginator(letters_of(request.citizen.citizen), ON_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render_page(
        request,
        "citizen/letters.html",
        heading=_("Letters"),
        page=page,
        letters_address=request.citizen.citizen.letters_address,
    )


@require_safe
@citizen_required
def letter(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one letter as it was sent, save for the password."""
    found = letters_of(request.citizen.citizen).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    rendered = render_letter(found, for_sending=False, now=timezone.now())
    return render_page(
        request,
        "citizen/letter.html",
        heading=rendered.title,
        letter=rendered,
        stored=found,
        where=found.address or masked_phone(found.phone),
        application=found.application,
    )
