"""Files of a case: documents, signatures and signed answers; always as a download, never shown."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils.decorators import method_decorator
from django.views.generic import View

from diia_videoreception.downloads import (
    as_download,
    container_response,
    document_response,
    signed_answer_response,
)
from diia_videoreception.models import Document, Look
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.services.booking.signatures import file_of
from diia_videoreception.services.journal import record_look
from diia_videoreception.wagtail_admin.cases.views import ScopedCase
from diia_videoreception.wagtail_admin.guard import freshly_proven


class Download(ScopedCase, View):
    """A citizen's document: always as a download, never shown by the portal's own origin."""

    permission_required = "view"
    looks_at = None
    what = Look.What.DOCUMENT
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        document = worklist.document_visible_to(
            request.user,
            application_id=self.application.public_id,
            document_id=kwargs["document_id"],
        )
        if document is None:
            raise Http404
        # Not before it is found: the rows stay for ever, and are of what there is.
        record_look(
            request.user,
            self.application,
            what=self.what,
            object_id=document.public_id,
            now=self.now,
        )
        return self.answer(document)

    def answer(self, document: Document) -> FileResponse:
        return document_response(document)


@method_decorator(freshly_proven, name="dispatch")
class ContainerDownload(Download):
    """A document with the citizen's signature on it."""

    what = Look.What.EVIDENCE

    def answer(self, document: Document) -> FileResponse:
        return container_response(document)


@method_decorator(freshly_proven, name="dispatch")
class SignatureDownload(ScopedCase, View):
    """The file, to be checked with the state's verifier; always as a download."""

    permission_required = "view"
    looks_at = Look.What.EVIDENCE
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        signature = worklist.signature_visible_to(request.user, self.application.public_id)
        if signature is None:
            raise Http404
        file = file_of(signature)
        return as_download(file.data, name=file.name, media_type=file.media_type)


@method_decorator(freshly_proven, name="dispatch")
class AnswerSignatureDownload(ScopedCase, View):
    """The agency's answer with its КЕП, or the scan of the paper, as the citizen gets it; always as a download."""

    permission_required = "view"
    looks_at = Look.What.EVIDENCE
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        return signed_answer_response(self.application)
