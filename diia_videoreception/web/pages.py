"""Rendering a screen: what every template of ours finds in its context."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise

from diia_videoreception.conf import app_settings
from diia_videoreception.web.middleware import signed_in_citizen

STEPS = 4
"""Steps of a booking: official and time, question and contacts, check, done."""


def render_page(
    request: HttpRequest,
    template: str,
    *,
    heading: str | Promise,
    step: int | None = None,
    status: int = HTTPStatus.OK,
    **context: object,
) -> HttpResponse:
    """Renders a screen below `diia_videoreception/`.

    Args:
        heading: the one h1 of the page, repeated in its title.
        step: number of the booking step, which the title and the steps show.
        context: further variables; `error_summary`, a list of (id of the field, text), also
            marks the title.
    """
    values: dict[str, object] = {
        "heading": heading,
        "step": step,
        "steps": STEPS,
        "signed_in": signed_in_citizen(request),
        "now": timezone.now(),
        "support_phone": app_settings.support_phone,
        "support_url": app_settings.support_url,
        "service_url": app_settings.service_url,
    }
    return render(request, f"diia_videoreception/{template}", values | context, status=status)
