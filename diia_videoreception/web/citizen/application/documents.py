"""Adding, removing and reading one's own documents (A-44 to A-47)."""

import uuid
from http import HTTPStatus

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from diia_videoreception.downloads import container_response, document_response
from diia_videoreception.errors import RequestUnreadable
from diia_videoreception.models import Citizen, Document
from diia_videoreception.selectors.booking.applications import document_of, draft_of
from diia_videoreception.services.booking.draft_documents import remove_document
from diia_videoreception.services.booking.drafts import require_own_draft
from diia_videoreception.web.citizen.application.files import (
    AUTHORITY,
    add_file,
    add_files,
    count_in_words,
    sent_files,
)
from diia_videoreception.web.citizen.application.form import keep_answers, refused_files
from diia_videoreception.web.citizen.application.guard import application_screen, draft_token
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.redirects import SeeOther


@application_screen("upload")
def add(request: CitizenRequest) -> HttpResponse:
    """Add the chosen files. Scripts send one and get its row of the list; forms come back whole."""
    if request.method != "POST":
        return _to_documents()
    if wants_json(request):
        return _add_one(request)
    keep_answers(request)
    refused = add_files(request)
    if refused:
        return refused_files(request, refused)
    return _to_documents("on_behalf" if sent_files(request, AUTHORITY) else "documents")


def _add_one(request: CitizenRequest) -> HttpResponse:
    files = sent_files(request)
    if len(files) != 1:
        raise RequestUnreadable
    citizen = request.citizen.citizen
    token = draft_token(request)
    if token is not None:
        require_own_draft(citizen=citizen, token=token)
    document = add_file(citizen, files[0])
    item = render_to_string(
        "diia_videoreception/citizen/application_document.html",
        {
            "document": document,
            "documents_url": reverse("diia_videoreception:application_documents"),
        },
    )
    message = gettext("The file %(name)s has been added.") % {"name": document.name}
    return JsonResponse(
        {"item": item, "message": message, **_state(citizen)}, status=HTTPStatus.CREATED
    )


@application_screen("upload")
def remove(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a document out of the draft; what else the form held is kept."""
    if request.method != "POST":
        return _to_documents()
    citizen = request.citizen.citizen
    if wants_json(request):
        remove_document(citizen=citizen, public_id=public_id)
        return JsonResponse(_state(citizen))
    keep_answers(request)
    remove_document(citizen=citizen, public_id=public_id)
    refused = add_files(request)
    if refused:
        return refused_files(request, refused)
    return _to_documents()


def _state(citizen: Citizen) -> dict[str, object]:
    documents = _documents(citizen)
    draft = draft_of(citizen)
    return {
        "count": len(documents),
        "summary": count_in_words(documents),
        "draft": str(draft.token) if draft else "",
    }


def _documents(citizen: Citizen) -> list[Document]:
    draft = draft_of(citizen)
    return list(draft.documents.all()) if draft else []


def _to_documents(place: str = "documents") -> HttpResponse:
    return SeeOther(f"{reverse('diia_videoreception:application')}#{place}")


@citizen_required
def document(request: CitizenRequest, public_id: uuid.UUID) -> FileResponse:
    """Return a document of the person's own draft or application, for saving; never shown in place."""
    found = document_of(request.citizen.citizen, public_id)
    if found is None:
        raise Http404
    return document_response(found)


@require_safe
@citizen_required
def container(request: CitizenRequest, public_id: uuid.UUID) -> FileResponse:
    """Return an own document with the signature that was put on it in the room, for saving."""
    found = document_of(request.citizen.citizen, public_id)
    if found is None:
        raise Http404
    return container_response(found)
