"""The demonstration authority's addresses, and a page that signs with its keys.

Exists only with DEBUG: the keys of all people lie on this server, and anybody signs with any.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from diia_videoreception.web.csp import policy_with
from sandbox.authority.parties import keyring, signed
from sandbox.authority.people import SIGNERS, Algorithm, signer
from sandbox.authority.responder import MAX_REQUEST, certificate_list, status_answer
from sandbox.identity.views import only_in_debug

MAX_BYTES = 256 * 1024
IN_A_FRAME = policy_with({"frame-ancestors": ["'self'"]})


@only_in_debug
@require_GET
def crl(request: HttpRequest, algorithm: Algorithm) -> HttpResponse:
    """Show the list of revoked certificates."""
    data = certificate_list(keyring(), algorithm, now=timezone.now().replace(microsecond=0))
    return HttpResponse(data, content_type="application/pkix-crl")


@csrf_exempt
@only_in_debug
@require_POST
def ocsp(request: HttpRequest, algorithm: Algorithm) -> HttpResponse:
    """Show whether one certificate is good."""
    if int(request.headers.get("Content-Length") or 0) > MAX_REQUEST:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    now = timezone.now().replace(microsecond=0)
    data = status_answer(keyring(), algorithm, request.body, now=now)
    return HttpResponse(data, content_type="application/ocsp-response")


@only_in_debug
@never_cache
@xframe_options_sameorigin
@require_GET
def signing_page(request: HttpRequest) -> HttpResponse:
    """Choose a key; alone it signs a file, in a frame it is the signing widget of the portal."""
    return _page(request)


@only_in_debug
@never_cache
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign a file; the answer is the signature, or the page again with what is missing."""
    chosen, file = signer(request.POST.get("signer", "")), request.FILES.get("file")
    if chosen is None:
        return HttpResponseBadRequest("signer", content_type="text/plain")
    if file is None or not file.size or file.size > MAX_BYTES:
        return _page(request, problem=_("Choose a file with a text, up to 256 KB."))
    attached = "detached" not in request.POST
    signature = signed(file.read(), keyring().person(chosen), attached=attached)
    return HttpResponse(
        signature,
        content_type="application/pkcs7-signature",
        headers={"Content-Disposition": f'attachment; filename="signed-{chosen.slug}.p7s"'},
    )


def _page(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    context = {"signers": SIGNERS, "framed": "address" in request.GET, "problem": problem}
    response = render(
        request,
        "sandbox/signing.html",
        context,
        status=HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
    )
    response.headers["Content-Security-Policy"] = IN_A_FRAME
    return response
