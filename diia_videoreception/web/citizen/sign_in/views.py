"""The ways to sign in, leaving for a provider and coming back, and signing out."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import SessionEnded
from diia_videoreception.models import Purpose
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts import sessions
from diia_videoreception.web import middleware
from diia_videoreception.web.browser_state import CITIZEN, REGISTRATION
from diia_videoreception.web.citizen.sign_in import attempts
from diia_videoreception.web.citizen.sign_in.completion import finish_sign_in, refused
from diia_videoreception.web.citizen.sign_in.login_methods import login_methods, rows_of
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.sign_in_reasons import SignInReason, reason_of
from diia_videoreception.web.throttling import enforce_rate_limit, throttled
from integrations.common.local_urls import local_url
from integrations.identity.base import AnyIdentityProvider, Flow, IdentityError
from integrations.identity.reasons import SignInRefusal

MAX_PARAMETERS = 20
MAX_PARAMETER = 4096
"""What a provider may answer in an address, in characters."""


@screen
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the ways to sign in; whoever is signed in goes on, unless they have to step up."""
    if request.method == "POST":
        return SeeOther(request.get_full_path())
    next_url = local_url(request.GET.get("next")) or attempts.latest_next(request)
    reason = reason_of(request.GET.get("reason", ""))
    actor = middleware.signed_in_citizen(request)
    stepping_up = actor is not None and reason is not None and reason.steps_up
    if actor and not stepping_up:
        return SeeOther(next_url or reverse("diia_videoreception:cabinet"))
    left = identity_providers().get(request.GET.get("from", ""))
    return render_page(
        request,
        "citizen/sign_in.html",
        heading=_("How do you want to sign in?"),
        ways=rows_of(login_methods(reason, actor)),
        purpose=Purpose.STEP_UP if stepping_up else Purpose.SIGN_IN,
        next_url=next_url,
        reason=reason,
        new_here="new" in request.GET,
        failed=identity_providers().get(request.GET.get("failed", "")),
        sign_out_url=left.sign_out_url if left and reason is SignInReason.SIGNED_OUT else "",
        ended=actor is None and CITIZEN.is_in(request),
    )


@screen
@throttled("sign_in")
def start(request: HttpRequest, alias: str) -> HttpResponse:
    """Lead to the provider, by way of what has to be chosen first.

    What is chosen from has an address of its own: whoever comes back from the wrong bank finds it.
    """
    provider = provider_of(alias)
    try:
        if request.method != "POST":
            return _choose(request, provider)
        purpose = _allowed_purpose(provider, request.POST.get("purpose", ""), request)
        if provider.flow is Flow.REDIRECT and "choice" not in request.POST and provider.choices():
            query = {
                "button": request.POST.get("button", "")[: attempts.MAX_CHOICE],
                "purpose": purpose.value,
                "next": local_url(request.POST.get("next")),
            }
            return SeeOther(f"{request.path}?{urlencode(query)}")
        return _leave(request, provider, purpose)
    except IdentityError as error:
        return refused(request, error, alias=alias)


def _choose(request: HttpRequest, provider: AnyIdentityProvider) -> HttpResponse:
    choices = provider.choices() if provider.flow is Flow.REDIRECT and request.GET else ()
    if not choices:
        return SeeOther(reverse("diia_videoreception:sign_in"))
    return render_page(
        request,
        "citizen/sign_in_choose.html",
        heading=_("How do you want to prove your identity?"),
        provider=provider,
        choices=choices,
        away=", ".join(choice.label for choice in choices if not choice.available),
        button=request.GET.get("button", ""),
        purpose=_allowed_purpose(provider, request.GET.get("purpose", ""), request),
        next_url=local_url(request.GET.get("next")),
    )


def _allowed_purpose(provider: AnyIdentityProvider, wanted: str, request: HttpRequest) -> Purpose:
    """Return what this sign-in is for: anything but signing in needs somebody who is signed in."""
    actor = middleware.signed_in_citizen(request)
    if wanted == Purpose.BIND:
        if actor is None:
            raise SessionEnded
        if provider.flow is Flow.HANDOVER:
            raise IdentityError(SignInRefusal.NO_CREDENTIAL)
        sessions.require_fresh(actor, now=timezone.now())
        return Purpose.BIND
    return Purpose.STEP_UP if wanted == Purpose.STEP_UP and actor else Purpose.SIGN_IN


def _leave(request: HttpRequest, provider: AnyIdentityProvider, purpose: Purpose) -> HttpResponse:
    """Send the browser on with a nonce that only this session knows.

    By a page, not by a redirect: the policy `form-action 'self'` of a portal forbids a form to end
    on another host, also by way of redirects.
    """
    attempt = attempts.begin(
        request,
        next_url=request.POST.get("next", ""),
        alias=provider.name,
        button=request.POST.get("button", ""),
        choice=request.POST.get("choice", ""),
        purpose=purpose,
        now=timezone.now(),
    )
    if provider.flow is Flow.SIGNATURE:
        page = reverse("diia_videoreception:sign_in_signature", args=[provider.name])
        return SeeOther(f"{page}?{urlencode({'purpose': purpose.value})}")
    if provider.flow is Flow.REDIRECT:
        url = provider.start(
            nonce=attempt.nonce,
            return_url=_return_url(request, provider),
            button=attempt.button,
            choice=attempt.choice,
        )
    else:
        url = provider.start(nonce=attempt.nonce, return_url=_return_url(request, provider))
    return render_page(
        request,
        "citizen/sign_in_leave.html",
        heading=_("The sign-in page will open now"),
        url=url,
    )


@screen
def callback(request: HttpRequest, alias: str) -> HttpResponse:
    """Take the code that a provider sends the browser back with (identity rule C.6).

    A GET that acts: it is guarded by the state, which works once and in this browser only.
    """
    provider = provider_of(alias)
    if provider.flow is not Flow.REDIRECT:
        raise Http404
    if request.method != "GET" or not request.GET:
        return SeeOther(f"{reverse('diia_videoreception:sign_in')}?{urlencode({'failed': alias})}")
    enforce_rate_limit(request, "sign_in")
    now = timezone.now()
    attempt = None
    try:
        answer = _answer(request)
        attempt = attempts.take(request, alias=alias, state=answer.get("state", ""), now=now)
        if attempt is None:
            raise IdentityError(SignInRefusal.UNKNOWN_STATE)
        proof = provider.finish(
            answer, return_url=_return_url(request, provider), choice=attempt.choice, now=now
        )
    except IdentityError as error:
        return refused(request, error, alias=alias, next_url=attempt.next if attempt else "")
    return finish_sign_in(request, proof, attempt, now=now)


def _answer(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of the answer, each once and of a sensible length.

    Raises:
        IdentityError: they are not (`bad_answer`).
    """
    if len(request.GET) > MAX_PARAMETERS:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "parameters")
    answer = {}
    for name, values in request.GET.lists():
        if len(values) != 1 or len(name) + len(values[0]) > MAX_PARAMETER:
            raise IdentityError(SignInRefusal.BAD_ANSWER, "parameters")
        answer[name] = values[0]
    return answer


@screen
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the citizen's session; a staff sign-in in the same browser stays."""
    actor = middleware.signed_in_citizen(request)
    page = reverse("diia_videoreception:sign_in")
    if request.method != "POST" or actor is None:
        return SeeOther(page)
    query = {"reason": SignInReason.SIGNED_OUT.value} | _provider_to_leave(actor)
    if actor.session is not None:
        sessions.sign_out(actor.session, now=timezone.now())
    REGISTRATION.drop(request)
    attempts.forget_all(request)
    middleware.forget(request)
    return SeeOther(f"{page}?{urlencode(query)}")


def _provider_to_leave(actor: SignedIn) -> dict[str, str]:
    """Return the provider at whose place the person may still be signed in."""
    alias = actor.session.provider if actor.session else ""
    provider = identity_providers().get(alias)
    return {"from": alias} if provider and provider.sign_out_url else {}


def provider_of(alias: str) -> AnyIdentityProvider:
    """Return the way of this alias.

    Raises:
        Http404: the portal has none.
    """
    try:
        return identity_providers()[alias]
    except KeyError:
        raise Http404 from None


def _return_url(request: HttpRequest, provider: AnyIdentityProvider) -> str:
    name = "sign_in_return" if provider.flow is Flow.HANDOVER else "sign_in_callback"
    return request.build_absolute_uri(reverse(f"diia_videoreception:{name}", args=[provider.name]))
