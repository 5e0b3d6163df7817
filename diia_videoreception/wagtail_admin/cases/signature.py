"""The citizen's КЕП on an application, for staff (B-29)."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.views.generic import View

from diia_videoreception.downloads import as_download
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.services.booking import signatures
from diia_videoreception.wagtail_admin.cases.views import ScopedCase


class SignatureDownload(ScopedCase, View):
    """The file, to be checked with the state's verifier; always as a download."""

    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        signature = worklist.signature_visible_to(request.user, self.application.public_id)
        if signature is None:
            raise Http404
        file = signatures.file_of(signature)
        return as_download(file.octets, name=file.name, media_type=file.media_type)
