"""Putting letters to people of centres into the outbox: invitations, and why access was refused."""

from datetime import datetime

from django.conf import settings

from diia_videoreception.models import (
    Application,
    CentreAccessRequest,
    CentreInvitation,
    Letter,
    Mandate,
)
from diia_videoreception.services.letters.delivery import enqueue_delivery
from diia_videoreception.services.letters.queueing import new_sms_key, to_address


def queue_centre_invitation(invitation: CentreInvitation, *, now: datetime) -> Letter:
    """Write the letter with the secret of an invitation; it is filled in while sending."""
    return to_address(
        Letter.Kind.CENTRE_INVITATION,
        address=invitation.address,
        language=settings.LANGUAGE_CODE,
        centre=invitation.centre,
        facts={"invitation": str(invitation.public_id)},
        now=now,
    )


def queue_access_refused(request: CentreAccessRequest, *, now: datetime) -> Letter:
    """Tell the head who was named why the centre gets no access."""
    return to_address(
        Letter.Kind.CENTRE_REFUSED,
        address=request.head_email,
        language=settings.LANGUAGE_CODE,
        access_request=request,
        now=now,
    )


def queue_to_phone(kind: Letter.Kind, mandate: Mandate, *, now: datetime) -> Letter:
    """Write a text message to the phone of who is helped, and nowhere else; a code is filled in while sending."""
    letter = Letter.objects.create(
        kind=kind,
        citizen=mandate.person,
        centre=mandate.centre,
        phone=mandate.phone,
        language=mandate.language or settings.LANGUAGE_CODE,
        facts={"mandate": str(mandate.public_id)},
        message_id=new_sms_key(),
        state=Letter.State.QUEUED,
        next_attempt_at=now,
        created_at=now,
    )
    enqueue_delivery(letter)
    return letter


def queue_slip(application: Application, *, address: str = "", now: datetime) -> Letter:
    """Write the slip of an application that was made in a centre: to an address, else as a text to its phone.

    It is not among the letters of the case: whose the address is nobody has proven.
    """
    facts = {"application": str(application.public_id)}
    if address:
        return to_address(
            Letter.Kind.SLIP,
            address=address,
            language=application.language,
            centre=application.centre,
            facts=facts,
            now=now,
        )
    letter = Letter.objects.create(
        kind=Letter.Kind.SLIP_TEXT,
        citizen=application.citizen,
        centre=application.centre,
        phone=application.phone,
        language=application.language,
        facts=facts,
        message_id=new_sms_key(),
        state=Letter.State.QUEUED,
        next_attempt_at=now,
        created_at=now,
    )
    enqueue_delivery(letter)
    return letter
