"""What follows a verified proof, whichever way it came: the same for every provider."""

import logging
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from device_check.web.browsers import short_name
from diia_videoreception.errors import AuthenticationTooOld, NotFound
from diia_videoreception.models import CitizenSession
from diia_videoreception.providers import identity_providers
from diia_videoreception.services.accounts import consents, sign_in
from diia_videoreception.services.accounts.sign_in import (
    CredentialBound,
    RegistrationNeeded,
    SessionOpened,
)
from diia_videoreception.web import middleware
from diia_videoreception.web.browser_state import (
    CONSENT,
    REGISTRATION,
    Attempt,
    PendingRegistration,
)
from diia_videoreception.web.citizen.sign_in import attempts, refusals
from diia_videoreception.web.decorators import to_sign_in
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.sign_in_reasons import SignInReason
from integrations.common.local_urls import local_url
from integrations.identity.base import IdentityError, Proof

logger = logging.getLogger(__name__)


def finish_sign_in(
    request: HttpRequest, proof: Proof, attempt: Attempt, *, now: datetime
) -> HttpResponse:
    """Sign in, step up, bind or lead to the registration, as the attempt wanted.

    The caller has verified the proof and used up what may be used once. Refusals become pages.
    """
    try:
        outcome = sign_in.complete(
            proof,
            purpose=attempt.purpose,
            actor=middleware.signed_in_citizen(request),
            browser=browser_of(request),
            now=now,
        )
    except IdentityError as error:
        return refused(request, error, alias=attempt.alias, next_url=attempt.next)
    except AuthenticationTooOld:
        # Not back to this address, which worked once.
        return to_sign_in(reverse("diia_videoreception:means_bind"), reason=SignInReason.FRESH)
    attempts.forget_all(request)
    match outcome:
        case RegistrationNeeded(key):
            # Under a fresh session key: the page shows personal data.
            request.session.cycle_key()
            REGISTRATION.save(request, PendingRegistration(key, attempt.next))
            return SeeOther(reverse("diia_videoreception:registration"))
        case SessionOpened(session):
            return enter(request, session, next_url=attempt.next, now=now)
        case CredentialBound():
            done = urlencode({"done": "bound"})
            return SeeOther(f"{reverse('diia_videoreception:profile')}?{done}")


def enter(
    request: HttpRequest, session: CitizenSession, *, next_url: str, now: datetime
) -> HttpResponse:
    """Put the session into the browser, with the terms ticked as a guest, and goes on."""
    ticked = CONSENT.take(request)
    # Somebody else may have gone before the end of theirs at this computer.
    REGISTRATION.drop(request)
    middleware.remember(request, session)
    if ticked is not None and ticked.is_live(now):
        # Terms that have changed meanwhile will be asked for again by the booking.
        with suppress(NotFound):
            consents.accept(citizen=session.citizen, text_id=ticked.text_id, now=now)
    return SeeOther(local_url(next_url) or reverse("diia_videoreception:cabinet"))


def refused(
    request: HttpRequest, error: IdentityError, *, alias: str = "", next_url: str = ""
) -> HttpResponse:
    """Write down which check failed, and show the page with the text for it."""
    logger.warning("Sign-in refused: %s %s", error.reason, error.detail)
    return refusals.page(
        request,
        error,
        provider=identity_providers().get(alias),
        next_url=local_url(next_url) or attempts.latest_next(request),
    )


def browser_of(request: HttpRequest) -> str:
    return short_name(request.headers.get("User-Agent", ""))
