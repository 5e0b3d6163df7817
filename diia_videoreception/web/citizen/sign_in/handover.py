"""A sign-in that the portal hands over, and the person's own click on it."""

import logging
import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from diia_videoreception.errors import SessionEnded
from diia_videoreception.models import HandOver
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.accounts.sessions import waiting_handover
from diia_videoreception.services.accounts import sessions
from diia_videoreception.web import middleware
from diia_videoreception.web.browser_state import Attempt
from diia_videoreception.web.citizen.sign_in import attempts, refusals
from diia_videoreception.web.citizen.sign_in.completion import finish_sign_in
from diia_videoreception.web.citizen.sign_in.views import provider_of
from diia_videoreception.web.citizen.sign_in.waiting_clock import extended, waiting_clock
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import throttled
from integrations.identity.base import Flow, IdentityError

logger = logging.getLogger(__name__)

COOKIE = "diia_videoreception_handover"
"""Ties a waiting sign-in to the browser that the portal has sent."""


def _over_tls(request: HttpRequest) -> bool:
    return request.is_secure() or settings.SESSION_COOKIE_SECURE


def cookie_name(request: HttpRequest) -> str:
    """Return the name that browsers take over https only, so that nobody on the way can plant another.

    Not `__Host-`, which allows no path: there is one cookie for each waiting page.
    """
    return f"__Secure-{COOKIE}" if _over_tls(request) else COOKIE


@csrf_exempt
@screen
@throttled("sign_in")
def take_handover(request: HttpRequest, alias: str) -> HttpResponse:
    """Take the token that the portal's page posts.

    The post comes from another site, so there is no session and no CSRF token: nobody is signed
    in here. The person does that on the page that follows.
    """
    if provider_of(alias).flow is not Flow.HANDOVER:
        raise Http404
    if request.method != "POST":
        return SeeOther(f"{reverse('diia_videoreception:sign_in')}?failed={alias}")
    try:
        handover, secret = sessions.receive_handover(
            provider=alias, token=request.POST.get("token", ""), now=timezone.now()
        )
    except IdentityError:
        return refusals.page_of_portal(request)
    page = reverse("diia_videoreception:sign_in_confirm", args=[handover.key])
    response = SeeOther(page)
    # One for each tab: the path tells them apart.
    response.set_cookie(
        cookie_name(request),
        secret,
        path=page,
        secure=_over_tls(request),
        httponly=True,
        samesite="Lax",
    )
    return response


@screen
def confirm(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """«Ви входите як …»: only the person's own POST signs in, in the browser that came from the portal."""
    now = timezone.now()
    handover = waiting_handover(key, secret=request.COOKIES.get(cookie_name(request), ""), now=now)
    if handover is None:
        return _gone(request)
    attempt = attempts.of_handover(request, handover, now=now)
    if handover.nonce_hash and attempt is None:
        logger.warning("Sign-in refused: begun in another browser, or too long ago")
        return _gone(request)
    if "more" in request.POST:
        return extended(request, handover, now=now) or SeeOther(request.path)
    if request.method == "POST":
        response = _sign_in(request, handover, attempt)
        response.delete_cookie(cookie_name(request), path=request.path, samesite="Lax")
        return response
    identity = sessions.pending_proof(handover).identity
    return render_page(
        request,
        "citizen/sign_in_confirm.html",
        heading=_("Is this you?"),
        identity=identity,
        full_name=identity.full_name,
        provider=identity_providers().get(handover.provider),
        begun_here=attempt is not None,
        **waiting_clock(handover, now=now),
    )


def _sign_in(request: HttpRequest, handover: HandOver, attempt: Attempt | None) -> HttpResponse:
    now = timezone.now()
    try:
        proof = sessions.consume_handover(key=handover.key, now=now)
    except SessionEnded:
        return _gone(request)
    begun_elsewhere = Attempt(nonce="", alias=handover.provider)
    return finish_sign_in(request, proof, attempt or begun_elsewhere, now=now)


def _gone(request: HttpRequest) -> HttpResponse:
    """Show a second click or the way back after signing in is no failure."""
    if middleware.signed_in_citizen(request):
        return SeeOther(reverse("diia_videoreception:cabinet"))
    return refusals.page_of_portal(request)
