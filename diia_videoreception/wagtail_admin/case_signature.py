"""The citizen's КЕП on an application, for staff (B-29)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.generic import View

from diia_videoreception.selectors import worklist
from diia_videoreception.services import signatures
from diia_videoreception.wagtail_admin.case import ScopedCase


class SignatureDownload(ScopedCase, View):
    """The container, to be checked with the state's verifier; always as a download."""

    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        signature = worklist.signature_visible_to(request.user, self.application.public_id)
        if signature is None:
            raise Http404
        container = signatures.container_of(signature)
        return HttpResponse(
            container.octets,
            content_type=container.media_type,
            headers={
                "Content-Disposition": content_disposition_header(
                    as_attachment=True, filename=container.name
                ),
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )
