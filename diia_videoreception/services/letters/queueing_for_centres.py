"""Putting letters to people of centres into the outbox: invitations, and why access was refused."""

from datetime import datetime

from django.conf import settings

from diia_videoreception.models import CentreAccessRequest, CentreInvitation, Letter, Mandate
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
