"""Personal invitations to work in a centre: sent by letter, taken up by who can sign in as staff.

The secret is known to the letter alone: here it is a keyed hash, and encrypted until it is spent, so
that the letter can be sent. Nobody's account is made by it.
"""

import uuid
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import (
    AddressMalformed,
    AlreadyInCentre,
    InvitationForAnother,
    InvitationInvalid,
    NotFound,
    TooManyInCentre,
)
from diia_videoreception.models import Centre, CentreInvitation, CentreMember, JournalAct
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.services import journal, letters
from diia_videoreception.services.centres.guard import centre_managed_by, locked_centre
from diia_videoreception.services.transactions import act
from integrations.common.readable_codes import readable_code
from integrations.identity.values import is_letters_address

LIFETIME = timedelta(days=7)
MAX_OPEN = 200
SECRET_LENGTH = 16
"""Signs of a secret, five bits each."""
_MARKS = str.maketrans("", "", " -\t\r\n")


@act
def invite(
    centre_id: uuid.UUID,
    *,
    role: CentreRole,
    name: str,
    address: str,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreInvitation:
    """Invite somebody to a centre as its head, or as the operator.

    An earlier invitation of the same address is worth nothing any more.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks neither heads the centre nor is the operator.
        AddressMalformed: no letter would come there.
        AlreadyInCentre: an account with this address works there.
        TooManyInCentre: too many invitations wait.
    """
    centre = centre_managed_by(centre_id, staff)
    members = CentreMember.objects.live().filter(centre=centre).select_related("user")
    if any(address_of(member.user) == address.casefold() for member in members):
        raise AlreadyInCentre
    open_ones = CentreInvitation.objects.open().filter(centre=centre)
    if open_ones.exclude(address=address.lower()).count() >= MAX_OPEN:
        raise TooManyInCentre(limit=MAX_OPEN)
    return send_invitation(centre, role=role, name=name, address=address, staff=staff, now=now)


def send_invitation(
    centre: Centre,
    *,
    role: CentreRole,
    name: str,
    address: str,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreInvitation:
    """Make an invitation and its letter, inside an act that holds the centre's lock."""
    if not is_letters_address(address):
        raise AddressMalformed
    address = address.lower()
    _withdraw_open(centre, address, now=now)
    secret = readable_code(SECRET_LENGTH)
    invitation = CentreInvitation.objects.create(
        centre=centre,
        name=clean_line(name),
        address=address,
        role=role,
        secret_hash=hash_of(secret),
        secret_encrypted=encrypt(secret),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    letters.queue_centre_invitation(invitation, now=now)
    _record(JournalAct.INVITE_MEMBER, invitation, staff_id=staff.pk, now=now)
    return invitation


@act
def withdraw(
    centre_id: uuid.UUID, invitation_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Make an invitation worth nothing.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: it is not theirs to withdraw, or is open no more.
    """
    centre = centre_managed_by(centre_id, staff)
    found = CentreInvitation.objects.open().filter(centre=centre, public_id=invitation_id)
    invitation = found.first()
    if invitation is None:
        raise NotFound
    found.update(withdrawn_at=now, secret_encrypted="")
    _record(JournalAct.WITHDRAW_MEMBER_INVITATION, invitation, staff_id=staff.pk, now=now)


def invitation_of(secret: str, *, now: datetime) -> CentreInvitation:
    """Return the invitation with this secret, typed or from the link; nothing is spent by it.

    Raises:
        InvitationInvalid: it is wrong, expired, spent or withdrawn, or the centre is suspended.
    """
    plain = secret.translate(_MARKS).upper()
    if len(plain) != SECRET_LENGTH or not plain.isascii():
        raise InvitationInvalid
    return _live(CentreInvitation.objects.live(now).filter(secret_hash=hash_of(plain)).first())


def invitation_with(public_id: uuid.UUID, *, now: datetime) -> CentreInvitation:
    """Return an invitation whose secret this browser has given.

    Raises:
        InvitationInvalid: as `invitation_of`.
    """
    return _live(CentreInvitation.objects.live(now).filter(public_id=public_id).first())


def _live(invitation: CentreInvitation | None) -> CentreInvitation:
    if invitation is None or not invitation.centre.is_active:
        raise InvitationInvalid
    return invitation


@act
def join(public_id: uuid.UUID, *, user: AbstractBaseUser, now: datetime) -> CentreMember:
    """Take an invitation up: who is signed in works in the centre from now on.

    Args:
        public_id: an invitation whose secret was given in this browser.

    Raises:
        InvitationInvalid: as `invitation_of`; of two who come at once the second gets it.
        InvitationForAnother: the account has another address than the one that was invited.
        AlreadyInCentre: the person works there.
    """
    centre = locked_centre(invitation_with(public_id, now=now).centre.public_id)
    invitation = invitation_with(public_id, now=now)
    if address_of(user) not in {"", invitation.address.casefold()}:
        raise InvitationForAnother
    if CentreMember.objects.live().filter(centre=centre, user_id=user.pk).exists():
        raise AlreadyInCentre
    member = CentreMember(centre=centre, role=invitation.role, joined_at=now)
    member.user_id = user.pk
    member.save(force_insert=True)
    invitation.spent_at, invitation.member, invitation.secret_encrypted = now, member, ""
    invitation.save(update_fields=["spent_at", "member", "secret_encrypted"])
    _record(JournalAct.JOIN_CENTRE, invitation, staff_id=user.pk, now=now)
    return member


def address_of(user: AbstractBaseUser) -> str:
    """Return the address of an account as it is compared; empty where it has none."""
    return str(getattr(user, "email", "")).strip().casefold()


def _withdraw_open(centre: Centre, address: str, *, now: datetime) -> None:
    found = CentreInvitation.objects.open().filter(centre=centre, address=address)
    found.update(withdrawn_at=now, secret_encrypted="")


def hash_of(secret: str) -> str:
    return lookup_hash("centre_invitation", secret)


def _record(
    act_: JournalAct, invitation: CentreInvitation, *, staff_id: int | None, now: datetime
) -> None:
    details: dict[str, object] = {
        "invitation": str(invitation.public_id),
        "role": str(invitation.role),
    }
    journal.record(act_, subject=invitation.centre, staff_id=staff_id, now=now, details=details)
