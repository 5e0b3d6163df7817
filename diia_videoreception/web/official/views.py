"""«Мій день» of an official, and what the citizens have sent (O01)."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from diia_videoreception.downloads import (
    container_response,
    document_response,
    signed_answer_response,
)
from diia_videoreception.errors import Forbidden
from diia_videoreception.models import Document, Look
from diia_videoreception.selectors.access import officials_of
from diia_videoreception.selectors.booking.official_day import (
    Visit,
    day_of,
    day_of_official,
    document_of_reception,
    visit_of,
)
from diia_videoreception.services.journal import record_look
from diia_videoreception.web.official.staff import staff_page, staff_required


@require_safe
@staff_required
def day(request: HttpRequest) -> HttpResponse:
    """Show the own receptions of a day; today's without one in the address."""
    if not officials_of(request.user).exists():
        raise Forbidden
    shown = day_of_official(
        request.user, day=day_of(request.GET.get("day", "")), now=timezone.now()
    )
    return staff_page(request, "day.html", heading=_("My day"), shown=shown)


def own_visit(
    request: HttpRequest, public_id: uuid.UUID, *, what: Look.What = Look.What.CASE
) -> Visit:
    """Return the reception at this address, and write down that its official looks at it.

    Args:
        what: is looked at.

    Raises:
        Http404: it is none of this member of staff.
    """
    visit = visit_of(request.user, public_id, now=timezone.now())
    if visit is None:
        raise Http404
    record_look(request.user, visit.application, what=what, now=timezone.now())
    return visit


def _document_of(
    request: HttpRequest, public_id: uuid.UUID, document_id: uuid.UUID, *, what: Look.What
) -> Document:
    found = document_of_reception(request.user, application_id=public_id, document_id=document_id)
    if found is None or found.application is None:
        raise Http404
    now = timezone.now()
    record_look(request.user, found.application, what=what, object_id=found.public_id, now=now)
    return found


@require_safe
@staff_required
def document(
    request: HttpRequest, public_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponseBase:
    """Show a document of the citizen: always as a download."""
    found = _document_of(request, public_id, document_id, what=Look.What.DOCUMENT)
    return document_response(found)


@require_safe
@staff_required
def container(
    request: HttpRequest, public_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponseBase:
    """Show a document with the citizen's signature: always as a download."""
    found = _document_of(request, public_id, document_id, what=Look.What.EVIDENCE)
    return container_response(found)


@require_safe
@staff_required
def signed_answer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Show the answer after the reception with its КЕП, or the scan of the paper: always as a download."""
    visit = own_visit(request, public_id, what=Look.What.EVIDENCE)
    return signed_answer_response(visit.application)
