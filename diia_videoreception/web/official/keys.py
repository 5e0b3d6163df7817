"""КЕП as the second factor of staff: setting it up, and giving it at the step."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from diia_videoreception import errors
from diia_videoreception.models import Purpose
from diia_videoreception.providers import signature_provider
from diia_videoreception.selectors.accounts.second_factor import has_app, key_of
from diia_videoreception.services.accounts import challenges, staff_keys
from diia_videoreception.web.citizen.sign_in.refusals import words_of
from diia_videoreception.web.citizen.signing import (
    NotASignature,
    SigningPage,
    choose_file_again,
    posted_signature,
    session_secret,
    text_to_show,
)
from diia_videoreception.web.official.enrolment import enrolment, keep_codes
from diia_videoreception.web.official.second_factor import (
    count_attempt,
    home_of,
    next_of,
    prove,
    step_url,
    with_next,
)
from diia_videoreception.web.official.staff import (
    signed_in_staff,
    staff_page,
    staff_sign_in_required,
)
from diia_videoreception.web.redirects import SeeOther
from integrations.identity.base import IdentityError, Proof, SignatureProvider

logger = logging.getLogger(__name__)

_WORDS: Mapping[Purpose, tuple[str | Promise, str | Promise, str | Promise]] = {
    Purpose.STAFF_BIND: (
        _("Set up an electronic signature as the second factor"),
        _(
            "Sign this short text with your own qualified key (KEP). From then on any qualified key "
            "of yours confirms your sign-in."
        ),
        _("Set up"),
    ),
    Purpose.STAFF_VERIFY: (
        _("Confirm that it is you"),
        _("Sign this short text with your qualified key (KEP)."),
        pgettext_lazy("second factor", "Confirm"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@enrolment
def bind(request: HttpRequest) -> HttpResponse:
    """Take a signature of whose keys are the second factor from now on."""
    provider = signature_provider()
    if provider is None:
        raise errors.NotFound
    if request.method != "POST":
        back = with_next(request, "second_factor_begin")
        return _text(request, provider, Purpose.STAFF_BIND, back_url=back)

    def keep(user: AbstractBaseUser, proof: Proof) -> HttpResponse:
        device, codes = staff_keys.bind(user, proof=proof, now=timezone.now())
        prove(request, device)
        if codes:
            return keep_codes(request, codes)
        return SeeOther(next_of(request) or reverse("diia_videoreception:second_factor_overview"))

    return _answered(request, provider, Purpose.STAFF_BIND, keep)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_sign_in_required
def step(request: HttpRequest) -> HttpResponse:
    """Ask for a signature; then goes on to where the person wanted to be."""
    user, provider = signed_in_staff(request), signature_provider()
    if provider is None or key_of(user) is None:
        return SeeOther(step_url(request, by_recovery=not has_app(user)))
    if request.method != "POST":
        return _text(
            request,
            provider,
            Purpose.STAFF_VERIFY,
            app_url=step_url(request, by_recovery=False) if has_app(user) else "",
            codes_url=step_url(request, by_recovery=True),
        )

    def let_in(user: AbstractBaseUser, proof: Proof) -> HttpResponse:
        prove(request, staff_keys.verify(user, proof=proof))
        return SeeOther(next_of(request) or home_of(request))

    return _answered(request, provider, Purpose.STAFF_VERIFY, let_in)


def _text(
    request: HttpRequest,
    provider: SignatureProvider,
    purpose: Purpose,
    *,
    back_url: str = "",
    **context: Any,
) -> HttpResponse:
    challenge = challenges.issue(
        provider=provider.name,
        purpose=purpose,
        session_secret=session_secret(request),
        user=signed_in_staff(request),
        now=timezone.now(),
    )
    heading, lead, button = _WORDS[purpose]
    words = SigningPage(heading, lead, button, back_url=back_url, back=_("Back"))
    shown = text_to_show(request, words, challenge=challenge, provider=provider)
    return staff_page(request, "second_factor_key.html", heading=heading, **(context | shown))


def _answered(
    request: HttpRequest,
    provider: SignatureProvider,
    purpose: Purpose,
    done: Callable[[AbstractBaseUser, Proof], HttpResponse],
) -> HttpResponse:
    """Check what was sent; what is wrong with it stands on the page, with a fresh text."""
    user = signed_in_staff(request)
    try:
        count_attempt(request)
        proof = challenges.answer(
            key=request.POST.get("challenge", ""),
            signature=posted_signature(request, provider),
            session_secret=session_secret(request),
            provider=provider,
            purpose=purpose,
            user=user,
            now=timezone.now(),
        )
        return done(user, proof)
    except (NotASignature, errors.KeyTooWeak) as error:
        return choose_file_again(request, error)
    except IdentityError as error:
        logger.warning("Second factor refused: %s %s", error.reason, error.detail)
        return choose_file_again(request, words_of(error))
