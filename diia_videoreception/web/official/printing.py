"""Sheets of a reception for its official to print."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from diia_videoreception.printing import has_card, printed
from diia_videoreception.web.official.staff import staff_required
from diia_videoreception.web.official.views import own_visit


@require_safe
@staff_required
def application(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the application as a sheet to print."""
    return _sheet(request, public_id, "application.html")


@require_safe
@staff_required
def card(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show «Картка особистого прийому» as a sheet to print."""
    return _sheet(request, public_id, "card.html")


def _sheet(request: HttpRequest, public_id: uuid.UUID, template: str) -> HttpResponse:
    found = own_visit(request, public_id).application
    if not has_card(found):
        raise Http404
    phone_is_seen = found.official.agency.officials_see_phone
    return render(
        request,
        f"diia_videoreception/print/{template}",
        {
            "back_url": reverse("diia_videoreception:official_reception", args=[public_id]),
            **printed(found, with_phone=phone_is_seen, now=timezone.now()),
        },
    )
