"""Signing a document in the room: the citizen signs on a page of its own, and the talk goes on beside it."""

import uuid
from typing import Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from diia_videoreception import errors
from diia_videoreception.downloads import container_response
from diia_videoreception.models import Application, Look, Purpose, SignatureRequest
from diia_videoreception.providers import signature_provider
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.accounts import challenges
from diia_videoreception.services.booking.document_signatures import manifest_of
from diia_videoreception.services.rooms import documents
from diia_videoreception.services.rooms import signing as room_signing
from diia_videoreception.web.citizen.sign_in.completion import refused
from diia_videoreception.web.citizen.signing import (
    NotASignature,
    SigningPage,
    choose_file_again,
    posted_signature,
    session_secret,
    signing_page,
)
from diia_videoreception.web.decorators import citizen_required, screen
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.room.endpoints import Call, endpoint
from diia_videoreception.web.room.visitors import Side, look_at_document, to_own_sign_in, visitor_of
from integrations.identity.base import IdentityError, SignatureProvider


@endpoint("room_act")
def ask(call: Call) -> dict[str, Any]:
    """Ask the citizen to sign a document."""
    room_signing.ask(
        visitor=call.visitor,
        public_id=call.public_id,
        document=call.uuid("document"),
        now=timezone.now(),
    )
    return {}


@endpoint("room_act")
def recall(call: Call) -> dict[str, Any]:
    """Ask no more for a signature."""
    room_signing.withdraw(
        visitor=call.visitor,
        public_id=call.public_id,
        document=call.uuid("document"),
        now=timezone.now(),
    )
    return {}


@endpoint("room_act")
def decline(call: Call) -> dict[str, Any]:
    """Say that the document will not be signed."""
    room_signing.decline(
        visitor=call.visitor,
        public_id=call.public_id,
        document=call.uuid("document"),
        window=call.window,
        now=timezone.now(),
    )
    return {}


@citizen_required
def sign(
    request: CitizenRequest, side: Side, public_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponse:
    """Show what the citizen signs, take the signature, and then say that it is there."""
    visitor = cast(Visitor, visitor_of(request, side))
    provider = signature_provider()
    if provider is None:
        raise errors.NotFound
    now = timezone.now()
    asked = room_signing.find(visitor=visitor, public_id=public_id, document=document_id, now=now)
    if asked.state == SignatureRequest.State.SIGNED:
        return _signed(request, public_id, asked)
    if request.method != "POST":
        return _show(request, public_id, asked, provider)
    here = request.get_full_path()
    try:
        proof = challenges.answer(
            key=request.POST.get("challenge", ""),
            signature=posted_signature(request, provider),
            session_secret=session_secret(request),
            provider=provider,
            purpose=Purpose.SIGN,
            citizen=visitor.citizen,
            application=asked.document.application,
            now=now,
        )
        room_signing.sign(
            visitor=visitor, public_id=public_id, document=document_id, proof=proof, now=now
        )
    except NotASignature as error:
        return choose_file_again(request, error)
    except IdentityError as error:
        return refused(request, error, alias=provider.name, next_url=here)
    return SeeOther(here)


def _show(
    request: CitizenRequest,
    public_id: uuid.UUID,
    asked: SignatureRequest,
    provider: SignatureProvider,
) -> HttpResponse:
    challenge = challenges.issue(
        provider=provider.name,
        purpose=Purpose.SIGN,
        session_secret=session_secret(request),
        citizen=request.citizen.citizen,
        application=asked.document.application,
        document=manifest_of(asked),
        now=timezone.now(),
    )
    words = SigningPage(
        heading=_("Sign the document"),
        lead=_(
            "The official asks you to sign this document. Read it first. You do not have to sign. "
            "The conversation goes on in the other tab."
        ),
        button=pgettext_lazy("button", "Sign the document"),
    )
    return signing_page(
        request, words, challenge=challenge, provider=provider, document=_shown(public_id, asked)
    )


def _shown(public_id: uuid.UUID, asked: SignatureRequest) -> dict[str, Any]:
    """Return what the page tells of the document."""
    document, of_document = asked.document, [public_id, asked.document.public_id]
    return {
        "name": document.name,
        "size": document.size,
        "url": reverse("diia_videoreception:room_document", args=of_document),
        "container_url": reverse("diia_videoreception:room_container", args=of_document),
        "signer": asked.signer,
        "signed_at": asked.answered_at,
    }


def _signed(request: CitizenRequest, public_id: uuid.UUID, asked: SignatureRequest) -> HttpResponse:
    application = cast(Application, asked.document.application)
    return render_page(
        request,
        "room/signed.html",
        heading=_("The document is signed"),
        document=_shown(public_id, asked),
        agency=application.official.agency,
    )


@screen
@require_safe
def container(
    request: HttpRequest, side: Side, public_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponse | FileResponse:
    """Return a signed document with its signature, for saving."""
    visitor = visitor_of(request, side)
    if visitor is None:
        return to_own_sign_in(request, side)
    found = documents.find(
        visitor=visitor, public_id=public_id, document_id=document_id, now=timezone.now()
    )
    look_at_document(visitor, found, Look.What.EVIDENCE)
    return container_response(found)
