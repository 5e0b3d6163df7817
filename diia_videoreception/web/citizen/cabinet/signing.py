"""Signing a filed application with КЕП, and the signature as a file (B-24, B-29)."""

import uuid

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from diia_videoreception.downloads import as_download, signed_answer_response
from diia_videoreception.errors import ActRefused
from diia_videoreception.models import Application, Purpose
from diia_videoreception.providers import signature_provider
from diia_videoreception.selectors.booking.applications import application_of, signature_of
from diia_videoreception.services.accounts import challenges
from diia_videoreception.services.booking import signatures
from diia_videoreception.web.citizen.sign_in.completion import refused
from diia_videoreception.web.citizen.signing import (
    NotASignature,
    SigningPage,
    choose_file_again,
    posted_signature,
    session_secret,
    signing_page,
)
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.redirects import SeeOther
from integrations.identity.base import IdentityError, SignatureProvider


@citizen_required
def sign(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what the citizen signs, and take the signature."""
    application = application_of(request.citizen.citizen, public_id)
    provider = signature_provider()
    if application is None or provider is None:
        raise Http404
    here = reverse("diia_videoreception:case", args=[public_id])
    try:
        signatures.require_signable(application)
    except ActRefused:
        return SeeOther(here)
    if request.method != "POST":
        return _show(request, application, provider)
    try:
        signature = posted_signature(request, provider)
        now = timezone.now()
        proof = challenges.answer(
            key=request.POST.get("challenge", ""),
            signature=signature,
            session_secret=session_secret(request),
            provider=provider,
            purpose=Purpose.SIGN,
            citizen=request.citizen.citizen,
            application=application,
            now=now,
        )
        signatures.sign(actor=request.citizen, public_id=public_id, proof=proof, now=now)
    except NotASignature as error:
        return choose_file_again(request, error)
    except IdentityError as error:
        return refused(request, error, alias=provider.name, next_url=here)
    return SeeOther(f"{here}#signature")


def _show(
    request: CitizenRequest,
    application: Application,
    provider: SignatureProvider,
) -> HttpResponse:
    challenge = challenges.issue(
        provider=provider.name,
        purpose=Purpose.SIGN,
        session_secret=session_secret(request),
        citizen=request.citizen.citizen,
        application=application,
        document=signatures.manifest_of(application),
        now=timezone.now(),
    )
    words = SigningPage(
        heading=_("Sign the application"),
        lead=_(
            "Your signature shows the agency that the application is yours and that nobody "
            "has changed it. You do not need to sign: you have already submitted the "
            "application."
        ),
        button=_("Sign the application"),
        back_url=reverse("diia_videoreception:case", args=[application.public_id]),
        back=_("Back to the application"),
    )
    return signing_page(
        request,
        words,
        challenge=challenge,
        provider=provider,
        application=application,
    )


@require_safe
@citizen_required
def answer_signature(request: CitizenRequest, public_id: uuid.UUID) -> FileResponse:
    """Return the agency's answer with its КЕП, or the scan of the paper."""
    return signed_answer_response(application_of(request.citizen.citizen, public_id))


@require_safe
@citizen_required
def signature(request: CitizenRequest, public_id: uuid.UUID) -> FileResponse:
    """Return the container of the own signature."""
    found = signature_of(request.citizen.citizen, public_id)
    if found is None:
        raise Http404
    file = signatures.file_of(found)
    return as_download(file.data, name=file.name, media_type=file.media_type)
