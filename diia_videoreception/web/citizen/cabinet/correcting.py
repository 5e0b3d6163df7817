"""Correcting an application before the decision: a page to write and add on, each step is a POST.

What was typed and the files that were accepted wait on the page until the correction is sent.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import ActRefused, CorrectionClosed, Incomplete, RequestUnreadable
from diia_videoreception.models import Application, Correction, Document
from diia_videoreception.selectors.booking.applications import signature_of
from diia_videoreception.selectors.booking.corrections import (
    may_correct,
    replaceable_documents,
    unsent_correction,
    unsent_documents,
)
from diia_videoreception.services.booking import correction_documents, corrections
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.web import notices
from diia_videoreception.web.citizen.application.counter import characters_left, counter_texts
from diia_videoreception.web.citizen.application.files import (
    RefusedFile,
    add_files,
    content_of,
    count_in_words,
    sent_files,
)
from diia_videoreception.web.citizen.application.forms import CorrectionForm
from diia_videoreception.web.citizen.application.guard import (
    CORRECTED,
    TOPIC,
    application_screen,
)
from diia_videoreception.web.citizen.cabinet.case import UNSENT, own_application
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import MAX_VALUE, Refused, fill, refused_of, show_again
from diia_videoreception.wording import phone as phone_in_words

REPLACED, OWN_ADDRESS = "replaced", "own_address"


@application_screen("upload")
def correct(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the form; a POST sends the correction, what is refused waits on the page with everything else."""
    application = own_application(request, public_id)
    if request.method != "POST":
        if not may_correct(application, now=timezone.now()):
            return SeeOther(_case_url(public_id))
        return _page(request, application)

    def send() -> HttpResponse:
        version = request.POST.get(CORRECTED, "")
        corrections.correct(
            actor=request.citizen,
            public_id=public_id,
            answers=_answers(request),
            replaced=_replaced(request),
            own_address=OWN_ADDRESS in request.POST,
            version=int(version) if version.isascii() and version.isdecimal() else 0,
            now=timezone.now(),
        )
        notices.add(request, "corrected")
        return SeeOther(_case_url(public_id))

    return _kept(request, public_id, send)


@application_screen("upload")
def documents(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Add the chosen files. Scripts send one and get its row of the list; forms come back whole."""
    if request.method != "POST":
        return _to_form(public_id)
    if wants_json(request):
        return _add_one(request, public_id)
    return _kept(request, public_id, lambda: _to_form(public_id))


@application_screen("upload")
def remove(request: CitizenRequest, public_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Take a document out of the correction; what else the form held is kept."""
    if request.method != "POST":
        return _to_form(public_id)
    correction_documents.remove(actor=request.citizen, public_id=public_id, document_id=document_id)
    if wants_json(request):
        return JsonResponse(_state(request, public_id))
    return _kept(request, public_id, lambda: _to_form(public_id))


def _kept(
    request: CitizenRequest, public_id: uuid.UUID, then: Callable[[], HttpResponse]
) -> HttpResponse:
    """Keep answers and files of the form, then go on; lead back to the page with whatever was refused."""
    own_application(request, public_id)
    try:
        corrections.keep_typed(
            actor=request.citizen,
            public_id=public_id,
            answers=_answers(request),
            replaced=_replaced(request),
            own_address=OWN_ADDRESS in request.POST,
            now=timezone.now(),
        )
        refused = add_files(request, lambda file: _add(request, public_id, file))
        if refused:
            return _refused_files(request, public_id, refused)
        return then()
    except CorrectionClosed as refusal:
        # The page of the application hands the text back, to be copied.
        typed = {UNSENT: [request.POST.get(TOPIC, "")[:MAX_VALUE]]}
        return show_again(request, _case_url(public_id), Refused({"main": [str(refusal)]}, typed))
    except Incomplete as refusal:
        errors = {name: [str(text)] for name, text in refusal.fields.items()}
        return show_again(request, _form_url(public_id), Refused(errors))
    except ActRefused as refusal:
        return show_again(request, _form_url(public_id), Refused({"main": [str(refusal)]}))


def _answers(request: CitizenRequest) -> DraftAnswers:
    return CorrectionForm(request.POST).answers()


def _replaced(request: CitizenRequest) -> list[uuid.UUID]:
    """Read which documents shall go; what names none is of no page of ours, and replaces nothing."""
    found = []
    for text in request.POST.getlist(REPLACED):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _add(request: CitizenRequest, public_id: uuid.UUID, file: UploadedFile) -> Document:
    return correction_documents.add(
        actor=request.citizen,
        public_id=public_id,
        data=content_of(file),
        filename=file.name or "",
        now=timezone.now(),
    )


def _add_one(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    files = sent_files(request)
    if len(files) != 1:
        raise RequestUnreadable
    document = _add(request, public_id, files[0])
    item = render_to_string(
        "diia_videoreception/citizen/application_document.html",
        {"document": document, "documents_url": _documents_url(public_id)},
    )
    message = gettext("The file %(name)s has been added.") % {"name": document.name}
    state = _state(request, public_id)
    return JsonResponse({"item": item, "message": message, **state}, status=HTTPStatus.CREATED)


def _state(request: CitizenRequest, public_id: uuid.UUID) -> dict[str, object]:
    found = _unsent(unsent_correction(request.citizen.citizen, public_id))
    return {"count": len(found), "summary": count_in_words(found), "draft": ""}


def _unsent(correction: Correction | None) -> list[Document]:
    return list(unsent_documents(correction)) if correction is not None else []


def _refused_files(
    request: CitizenRequest, public_id: uuid.UUID, refused: Sequence[RefusedFile]
) -> HttpResponse:
    errors = {"documents": [file.summary for file in refused]}
    extra = [asdict(file) for file in refused]
    return show_again(request, _form_url(public_id), Refused(errors, extra=extra))


def _page(request: CitizenRequest, application: Application) -> HttpResponse:
    refused = refused_of(request)
    citizen = request.citizen.citizen
    correction = unsent_correction(citizen, application.public_id)
    typed = correction.typed if correction is not None else {}
    form = _form(application, typed)
    if refused is not None:
        errors = {name: texts for name, texts in refused.errors.items() if name in form.fields}
        fill(form, Refused(errors, _as_sent(form.initial)))
    unsent = _unsent(correction)
    limits = app_settings.upload_limits
    return render_page(
        request,
        "citizen/case_correct.html",
        heading=_("Correct the application"),
        error_summary=refused.summary if refused else [],
        application=application,
        official=application.official,
        agency=application.official.agency,
        form=form,
        version=application.version,
        counter=characters_left(str(form["topic"].value() or "")),
        counter_texts=counter_texts(),
        standing=list(replaceable_documents(application)),
        replaced=typed.get("replaced", ()),
        own_address=typed.get("own_address", False),
        letters_address=citizen.letters_address,
        signature=signature_of(citizen, application.public_id),
        unsent=unsent,
        documents_count=count_in_words(unsent),
        refused=[RefusedFile(**file) for file in refused.extra if isinstance(file, dict)]
        if refused
        else [],
        upload_limits=limits,
        megabytes=limits.megabytes,
        documents_url=_documents_url(application.public_id),
    )


def _form(application: Application, typed: dict[str, object]) -> CorrectionForm:
    answers = {
        name: typed.get(name, getattr(application, name))
        for name in ("topic", "phone", "needs", "companion")
    }
    return CorrectionForm(initial=answers | {"phone": phone_in_words(str(answers["phone"]))})


def _as_sent(initial: Mapping[str, object]) -> dict[str, list[str]]:
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in initial.items()
    }


def _case_url(public_id: uuid.UUID) -> str:
    return reverse("diia_videoreception:case", args=[public_id])


def _form_url(public_id: uuid.UUID) -> str:
    return reverse("diia_videoreception:case_correct", args=[public_id])


def _documents_url(public_id: uuid.UUID) -> str:
    return reverse("diia_videoreception:case_correct_documents", args=[public_id])


def _to_form(public_id: uuid.UUID) -> HttpResponse:
    return SeeOther(f"{_form_url(public_id)}#documents")
