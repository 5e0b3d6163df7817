"""A consent that the person of a visit signs with their key, in a browser of their own."""

from datetime import datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from diia_videoreception.downloads import as_download
from diia_videoreception.models import Mandate, PersonView, Purpose
from diia_videoreception.providers import signature_provider
from diia_videoreception.selectors.assistance.mandates import read_text
from diia_videoreception.services.accounts import challenges
from diia_videoreception.services.assistance import kep_consents, person_view
from diia_videoreception.web.browser_state import PERSON_VIEW
from diia_videoreception.web.citizen.sign_in.completion import refused
from diia_videoreception.web.citizen.signing import (
    NotASignature,
    SigningPage,
    choose_file_again,
    posted_signature,
    session_secret,
    text_to_show,
)
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from integrations.identity.base import IdentityError, SignatureProvider


def sign_consent(request: HttpRequest, found: PersonView, *, now: datetime) -> HttpResponse:
    """Show what the key signs; the POST takes the signature, or that there will be none."""
    provider = signature_provider()
    if provider is None:
        raise Http404
    here = reverse("diia_videoreception:person_consent")
    if request.method != "POST":
        return _show(request, found, provider, now=now)
    if "refuse" in request.POST:
        kep_consents.decline(found, now=now)
        PERSON_VIEW.drop(request)
        return SeeOther(reverse("diia_videoreception:choose"))
    # Before the signature is looked at: an old page costs nothing.
    person_view.asked_by(found, kep_consents.KEP, now=now)
    try:
        signature = posted_signature(request, provider)
        proof = challenges.answer(
            key=request.POST.get("challenge", ""),
            signature=signature,
            session_secret=session_secret(request),
            provider=provider,
            purpose=Purpose.CONSENT,
            now=now,
        )
        kep_consents.sign(found, proof, now=now)
    except NotASignature as error:
        return choose_file_again(request, error)
    except IdentityError as error:
        return refused(request, error, alias=provider.name, next_url=here)
    return SeeOther(reverse("diia_videoreception:person_done"))


def _show(
    request: HttpRequest, found: PersonView, provider: SignatureProvider, *, now: datetime
) -> HttpResponse:
    mandate = person_view.asked_by(found, kep_consents.KEP, now=now)
    challenge = challenges.issue(
        provider=provider.name,
        purpose=Purpose.CONSENT,
        session_secret=session_secret(request),
        document=kep_consents.document_of(mandate),
        now=now,
    )
    words = SigningPage(
        heading=_("Consent to help"),
        lead=_(
            "Read the text to the end and sign it with your own key. The centre helps you only after that."
        ),
        button=_("Sign the consent"),
    )
    return render_page(
        request,
        "person/consent_sign.html",
        heading=words.heading,
        mandate=mandate,
        read=read_text(mandate),
        at_centre=found.visit.centre,
        **text_to_show(request, words, challenge=challenge, provider=provider),
    )


def signed_response(mandate: Mandate | None) -> FileResponse:
    """Give the signed consent of who may have it.

    Raises:
        Http404: it was not signed with a key.
    """
    file = kep_consents.signed_file(mandate)
    if file is None:
        raise Http404
    return as_download(file.data, name=file.name, media_type=file.media_type)
