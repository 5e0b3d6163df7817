"""Signing in, stepping up and binding by a signature over a challenge (A-19, B-24; screen C04)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models import Citizen, Purpose
from diia_videoreception.providers import signature_provider
from diia_videoreception.services.accounts import challenges
from diia_videoreception.web import middleware
from diia_videoreception.web.browser_state import Attempt
from diia_videoreception.web.citizen.sign_in import attempts
from diia_videoreception.web.citizen.sign_in.completion import finish_sign_in, refused
from diia_videoreception.web.citizen.signing import (
    NotASignature,
    SigningPage,
    choose_file_again,
    posted_signature,
    session_secret,
    signing_page,
)
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.redirects import SeeOther
from integrations.identity.base import IdentityError, SignatureProvider

_WORDS: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    Purpose.SIGN_IN: (
        _("Sign in with an electronic signature"),
        _("Sign this short text with your key, so that we know it is you."),
        pgettext_lazy("with a signature", "Sign in"),
    ),
    Purpose.STEP_UP: (
        _("Prove your identity with an electronic signature"),
        _("Sign this short text with your key to continue where you were."),
        _("Confirm"),
    ),
    Purpose.BIND: (
        _("Add a key to your account"),
        _("Sign this short text with the key that you want to sign in with from now on."),
        _("Add the key"),
    ),
}


@screen
def sign_in_signature(request: HttpRequest, alias: str) -> HttpResponse:
    """Show the challenge; takes the signature and goes on as the attempt wanted."""
    provider = signature_provider(alias)
    if provider is None:
        raise Http404
    purpose = request.POST.get("purpose") or request.GET.get("purpose", Purpose.SIGN_IN.value)
    attempt = attempts.latest(request, alias=alias, purpose=purpose)
    if attempt is None or purpose not in _WORDS:
        return SeeOther(reverse("diia_videoreception:sign_in"))
    if request.method == "POST":
        return _take(request, provider, attempt)
    return _show(request, provider, attempt)


def _show(request: HttpRequest, provider: SignatureProvider, attempt: Attempt) -> HttpResponse:
    challenge = challenges.issue(
        provider=provider.name,
        purpose=attempt.purpose,
        session_secret=session_secret(request),
        citizen=_citizen(request, attempt),
        now=timezone.now(),
    )
    heading, lead, button = _WORDS[attempt.purpose]
    binding = attempt.purpose == Purpose.BIND
    words = SigningPage(
        heading=heading,
        lead=lead,
        button=button,
        back_url=reverse(f"diia_videoreception:{'profile' if binding else 'sign_in'}"),
        back=_("Back to your details") if binding else _("Back to sign-in methods"),
    )
    return signing_page(request, words, challenge=challenge, provider=provider)


def _take(request: HttpRequest, provider: SignatureProvider, attempt: Attempt) -> HttpResponse:
    now = timezone.now()
    try:
        signature = posted_signature(request, provider)
        proof = challenges.answer(
            key=request.POST.get("challenge", ""),
            signature=signature,
            session_secret=session_secret(request),
            provider=provider,
            purpose=attempt.purpose,
            citizen=_citizen(request, attempt),
            now=now,
        )
    except NotASignature as error:
        return choose_file_again(request, error)
    except IdentityError as error:
        return refused(request, error, alias=provider.name)
    return finish_sign_in(request, proof, attempt, now=now)


def _citizen(request: HttpRequest, attempt: Attempt) -> Citizen | None:
    """Return whom the challenge is for: nobody yet when signing in."""
    actor = middleware.signed_in_citizen(request)
    return actor.citizen if actor and attempt.purpose != Purpose.SIGN_IN else None
