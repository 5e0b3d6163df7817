"""The portal's side of the sign-in: choose a citizen, get a real hand-over token, press the button.

Exists only with DEBUG: it lets anybody in as anybody.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from integrations.identity.portal_issuer import issue_handover
from sandbox.demo.citizens import CITIZENS, DemoCitizen, citizen
from sandbox.secret_store import portal_keys

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only_in_debug(view: View[P]) -> View[P]:
    """Answer 404 when DEBUG is off."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@only_in_debug
@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    """Show the public keys of the portal."""
    return JsonResponse(portal_keys(settings.SECRETS).public_jwks())


@only_in_debug
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Ask who signs in; a POST issues the token and shows the button that carries it back."""
    answers = request.POST if request.method == "POST" else request.GET
    nonce, return_url = answers.get("nonce") or None, answers.get("return_url", "")
    if not _is_ours(return_url, request):
        return HttpResponseBadRequest("return_url", content_type="text/plain")
    context: dict[str, object] = {"nonce": nonce or "", "return_url": return_url}
    person = citizen(request.POST.get("citizen", ""))
    if person is None:
        context["people"] = CITIZENS
        return render(request, "sandbox/identity_choose.html", context)
    context |= {"person": person, "token": _token(person, nonce)}
    return render(request, "sandbox/identity_hand_over.html", context)


def _is_ours(return_url: str, request: HttpRequest) -> bool:
    """Return whether it is an absolute address on this very host; no other takes a token."""
    return bool(urlsplit(return_url).netloc) and url_has_allowed_host_and_scheme(
        return_url, allowed_hosts={request.get_host()}
    )


def _token(person: DemoCitizen, nonce: str | None) -> str:
    now = timezone.now()
    return issue_handover(
        person.identity(now),
        key=portal_keys(settings.SECRETS).active,
        issuer=settings.PORTAL_ISSUER,
        audience=settings.PORTAL_AUDIENCE,
        nonce=nonce,
        now=now,
    )
