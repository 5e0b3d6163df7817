"""Signing in by a provider and by the person's own click, and signing out (decisions 7 and 8)."""

import uuid
from contextlib import suppress
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from diia_videoreception.errors import NotFound, SessionEnded
from diia_videoreception.models import HandOver
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.sessions import waiting_handover
from diia_videoreception.services import consents, sessions
from diia_videoreception.web import middleware
from diia_videoreception.web.citizen.sign_in import attempts, waiting_consent
from diia_videoreception.web.decorators import SeeOther, local_url, screen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.throttling import throttled
from integrations.identity.base import IdentityError, IdentityProvider


@screen
def sign_in(request: HttpRequest) -> HttpResponse:
    """The ways to sign in; whoever is signed in goes on, unless a stronger way is asked for."""
    next_url = local_url(request.GET.get("next")) or attempts.latest_next(request)
    reason = request.GET.get("reason", "")
    signed_in = middleware.signed_in_citizen(request)
    if signed_in and reason != "level":
        return SeeOther(next_url or _home())
    return render_page(
        request,
        "citizen/sign_in.html",
        heading=_("How would you like to sign in?"),
        providers=list(identity_providers().values()),
        next_url=next_url,
        reason=reason,
        failed=identity_providers().get(request.GET.get("failed", "")),
        ended=signed_in is None and middleware.SESSION_KEY in request.session,
    )


@screen
@throttled("sign_in")
def start(request: HttpRequest, alias: str) -> HttpResponse:
    """Sends the browser to the provider with a nonce that only this session knows.

    By a page, not by a redirect: the policy `form-action 'self'` of a portal forbids a form to end
    on another host, also by way of redirects.
    """
    provider = _provider(alias)
    if request.method != "POST":
        return SeeOther(reverse("diia_videoreception:sign_in"))
    nonce = attempts.begin(request, next_url=request.POST.get("next", ""))
    return_url = request.build_absolute_uri(
        reverse("diia_videoreception:sign_in_return", args=[alias])
    )
    return render_page(
        request,
        "citizen/sign_in_leave.html",
        heading=_("The sign-in page will open now"),
        address=provider.start(nonce=nonce, return_url=return_url),
    )


@csrf_exempt
@screen
@throttled("sign_in")
def take_handover(request: HttpRequest, alias: str) -> HttpResponse:
    """Takes the token that the portal's page posts.

    The post comes from another site, so there is no session and no CSRF token: nobody is signed
    in here. The person does that on the page that follows.
    """
    _provider(alias)
    if request.method != "POST":
        return SeeOther(f"{reverse('diia_videoreception:sign_in')}?failed={alias}")
    try:
        handover = sessions.receive_handover(
            provider=alias, token=request.POST.get("token", ""), now=timezone.now()
        )
    except IdentityError:
        return _refused(request)
    return SeeOther(reverse("diia_videoreception:sign_in_confirm", args=[handover.key]))


@screen
def confirm(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """«Ви входите як …»: only the person's own POST signs in."""
    handover = waiting_handover(key, now=timezone.now())
    if handover is None:
        # A second click or the way back after signing in is no failure.
        return SeeOther(_home()) if middleware.signed_in_citizen(request) else _refused(request)
    if request.method == "POST":
        return _sign_in(request, handover)
    identity = sessions.waiting_identity(handover)
    return render_page(
        request,
        "citizen/sign_in_confirm.html",
        heading=_("Is this you?"),
        identity=identity,
        full_name=" ".join(
            part for part in (identity.last_name, identity.first_name, identity.patronymic) if part
        ),
        provider=identity_providers().get(handover.provider),
        begun_here=attempts.begun_here(request, handover),
    )


def _sign_in(request: HttpRequest, handover: HandOver) -> HttpResponse:
    now = timezone.now()
    before = middleware.signed_in_citizen(request)
    try:
        session = sessions.sign_in(key=handover.key, now=now)
    except SessionEnded:
        return _refused(request)
    if before is not None and before.session is not None:
        sessions.sign_out(before.session, now=now)
    next_url = attempts.finish(request, handover)
    text_id = waiting_consent.take(request, now=now)
    middleware.remember(request, session)
    if text_id is not None:
        # Terms that have changed meanwhile will be asked for again by the booking.
        with suppress(NotFound):
            consents.accept(citizen=session.citizen, text_id=text_id, now=now)
    return SeeOther(next_url or _home())


@screen
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the citizen's session; a staff sign-in in the same browser stays."""
    signed_in = middleware.signed_in_citizen(request)
    if request.method == "POST" and signed_in is not None:
        if signed_in.session is not None:
            sessions.sign_out(signed_in.session, now=timezone.now())
        middleware.forget(request)
        return SeeOther(f"{reverse('diia_videoreception:sign_in')}?reason=signed_out")
    return SeeOther(reverse("diia_videoreception:sign_in"))


def _provider(alias: str) -> IdentityProvider:
    try:
        return identity_providers()[alias]
    except KeyError:
        raise Http404 from None


def _refused(request: HttpRequest) -> HttpResponse:
    """One page for every sign-in that failed; which check it was stands only in the log."""
    return render_page(
        request,
        "citizen/sign_in_refused.html",
        heading=_("You are not signed in"),
        status=HTTPStatus.BAD_REQUEST,
    )


def _home() -> str:
    return reverse("diia_videoreception:cabinet")
