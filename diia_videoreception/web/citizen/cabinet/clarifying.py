"""Answering a question of the agency: the page of the application asks, each step is a POST.

What was typed and the files that were accepted wait on the page until the answer is sent.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from http import HTTPStatus

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from diia_videoreception.errors import ActRefused, Incomplete, RequestUnreadable
from diia_videoreception.models import Document
from diia_videoreception.rules.clarifications import MAX_KEPT
from diia_videoreception.selectors.booking.clarifications import (
    clarifications_for,
    unsent_documents,
)
from diia_videoreception.services.booking import clarifications, reply_documents
from diia_videoreception.web import notices
from diia_videoreception.web.citizen.application.files import (
    RefusedFile,
    add_files,
    content_of,
    count_in_words,
    sent_files,
)
from diia_videoreception.web.citizen.application.guard import REPLY, application_screen
from diia_videoreception.web.citizen.cabinet.case import own_application
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, show_again


@application_screen("upload")
def reply(request: CitizenRequest, public_id: uuid.UUID, question_id: uuid.UUID) -> HttpResponse:
    """Send the answer; what is refused waits on the page, with everything else."""
    if request.method != "POST":
        return _to_question(public_id)

    def send() -> HttpResponse:
        clarifications.answer(
            actor=request.citizen,
            public_id=public_id,
            question_id=question_id,
            text=request.POST.get(REPLY, ""),
            now=timezone.now(),
        )
        notices.add(request, "clarified")
        return SeeOther(reverse("diia_videoreception:case", args=[public_id]))

    return _kept(request, public_id, question_id, send)


@application_screen("upload")
def documents(
    request: CitizenRequest, public_id: uuid.UUID, question_id: uuid.UUID
) -> HttpResponse:
    """Add the chosen files. Scripts send one and get its row of the list; forms come back whole."""
    if request.method != "POST":
        return _to_question(public_id)
    if wants_json(request):
        return _add_one(request, public_id, question_id)
    return _kept(request, public_id, question_id, lambda: _to_question(public_id, "documents"))


@application_screen("upload")
def remove(
    request: CitizenRequest, public_id: uuid.UUID, question_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponse:
    """Take a document out of the answer; what else the form held is kept."""
    if request.method != "POST":
        return _to_question(public_id)
    reply_documents.remove(
        actor=request.citizen,
        public_id=public_id,
        question_id=question_id,
        document_id=document_id,
    )
    if wants_json(request):
        return JsonResponse(_state(request, public_id, question_id))
    return _kept(request, public_id, question_id, lambda: _to_question(public_id, "documents"))


def _kept(
    request: CitizenRequest,
    public_id: uuid.UUID,
    question_id: uuid.UUID,
    then: Callable[[], HttpResponse],
) -> HttpResponse:
    """Keep text and files of the form, then go on; lead back to the page with whatever was refused."""
    own_application(request, public_id)
    text = request.POST.get(REPLY, "")
    try:
        clarifications.keep_typed(
            actor=request.citizen,
            public_id=public_id,
            question_id=question_id,
            text=text,
            now=timezone.now(),
        )
        refused = add_files(request, lambda file: _add(request, public_id, question_id, file))
        if refused:
            return _refused_files(request, public_id, refused)
        return then()
    except Incomplete as refusal:
        errors = {REPLY: [str(one) for one in refusal.fields.values()]}
        return show_again(request, f"{_case_url(public_id)}#{REPLY}", Refused(errors))
    except ActRefused as refusal:
        # The question is open no more, or never was: the page hands the text back, to be copied.
        typed = {REPLY: [text[:MAX_KEPT]]}
        return show_again(request, _case_url(public_id), Refused({"main": [str(refusal)]}, typed))


def _add(
    request: CitizenRequest, public_id: uuid.UUID, question_id: uuid.UUID, file: UploadedFile
) -> Document:
    return reply_documents.add(
        actor=request.citizen,
        public_id=public_id,
        question_id=question_id,
        data=content_of(file),
        filename=file.name or "",
        now=timezone.now(),
    )


def _add_one(request: CitizenRequest, public_id: uuid.UUID, question_id: uuid.UUID) -> HttpResponse:
    files = sent_files(request)
    if len(files) != 1:
        raise RequestUnreadable
    document = _add(request, public_id, question_id, files[0])
    item = render_to_string(
        "diia_videoreception/citizen/application_document.html",
        {"document": document, "documents_url": _documents_url(public_id, question_id)},
    )
    message = gettext("The file %(name)s has been added.") % {"name": document.name}
    state = _state(request, public_id, question_id)
    return JsonResponse({"item": item, "message": message, **state}, status=HTTPStatus.CREATED)


def _state(
    request: CitizenRequest, public_id: uuid.UUID, question_id: uuid.UUID
) -> dict[str, object]:
    asked = clarifications_for(request.citizen.citizen, public_id).get(public_id=question_id)
    found = list(unsent_documents(asked))
    return {"count": len(found), "summary": count_in_words(found), "draft": ""}


def _refused_files(
    request: CitizenRequest, public_id: uuid.UUID, refused: Sequence[RefusedFile]
) -> HttpResponse:
    errors = {"documents": [file.summary for file in refused]}
    extra = [asdict(file) for file in refused]
    return show_again(request, f"{_case_url(public_id)}#documents", Refused(errors, extra=extra))


def _case_url(public_id: uuid.UUID) -> str:
    return reverse("diia_videoreception:case", args=[public_id])


def _documents_url(public_id: uuid.UUID, question_id: uuid.UUID) -> str:
    return reverse("diia_videoreception:case_reply_documents", args=[public_id, question_id])


def _to_question(public_id: uuid.UUID, place: str = "question") -> HttpResponse:
    return SeeOther(f"{_case_url(public_id)}#{place}")
