"""Guests: a link for one browser, given by staff, what it opens, and the citizen's objection to it."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.crypto import constant_time_compare

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    JournalAct,
    Participant,
    Room,
    RoomInvitation,
)
from diia_videoreception.models.rooms import MAX_GUEST_NAME
from diia_videoreception.rules import rooms as rules
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.selectors.rooms.guests import (
    browser_hash,
    browser_token,
    opens,
    secret_hash,
)
from diia_videoreception.selectors.rooms.seats import Visitor, room_phase, times_of
from diia_videoreception.services import journal
from diia_videoreception.services.booking.receptions import tell_of_guest
from diia_videoreception.services.rooms.places import (
    dismiss,
    end_attendance,
    forget_signals,
    lock_room,
    locked_room,
    note_change,
    own_reception,
    provider_of,
)
from diia_videoreception.services.rooms.switching import fit_guests
from diia_videoreception.services.transactions import act

End = RoomInvitation.End
MAX_INVITATIONS = 10
"""Links of one reception that open something at the same time."""
SECRET_BYTES = 32
MIN_KEY = 32
"""Shortest key of a browser, in characters: nobody may guess it."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the browser of a guest keeps, and until when it may open anything."""

    token: str = field(repr=False)
    until: datetime


@act
def invite(
    *, visitor: Visitor, public_id: uuid.UUID, role: str, name: str, now: datetime
) -> tuple[RoomInvitation, str]:
    """Make a link for one guest, from before the room opens until it closes.

    The citizen learns of it by the page when they are in the room, else by letter.

    Returns:
        The invitation and the secret of its link, which is told this once and kept nowhere.

    Raises:
        NotFound: the visitor is not staff of this reception, or it is not held in a room of ours.
        RoomClosed: it is over.
        Malformed: there is no such role, or the name is too long.
        GuestLimit: there are enough.
    """
    if not visitor.is_staff:
        raise errors.NotFound
    found = own_reception(visitor, public_id)
    provider_of(found)
    application, room = locked_room(found, now=now)
    if room_phase(application, room, now=now) not in {None, rules.Phase.EARLY}:
        raise errors.RoomClosed
    if room.invitations.filter(ended_at__isnull=True).count() >= MAX_INVITATIONS:
        raise errors.GuestLimit(limit=MAX_INVITATIONS)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = RoomInvitation(
        room=room, role=_role(role), name=_name(name), secret_hash=secret_hash(secret),
        created_at=now,
    )  # fmt: skip
    if visitor.user is not None:
        invitation.invited_by_id = visitor.user.pk
    invitation.save()
    fit_guests(room, staff_id=invitation.invited_by_id, now=now)
    _tell(room, now=now)
    if not _citizen_is_here(room, now=now):
        tell_of_guest(application, invitation.public_id, now=now)
    _record(JournalAct.INVITE_GUEST, invitation, visitor, now=now)
    return invitation, secret


@act
def invite_centre(
    found: Application, *, name: str, staff: AbstractBaseUser, now: datetime
) -> tuple[RoomInvitation, str]:
    """Make a link for somebody of the centre at whose seat the citizen sits; whoever calls says that they may.

    Of each there is one at a time, so that they leave the agency its own.

    Returns:
        The invitation, and the secret of its link; empty where their browser has it already.

    Raises:
        NotFound: it is not held in a room of ours.
        RoomClosed, GuestLimit: as `invite`.
    """
    provider_of(found)
    application, room = locked_room(found, now=now)
    if room_phase(application, room, now=now) not in {None, rules.Phase.EARLY}:
        raise errors.RoomClosed
    open_ones = room.invitations.filter(ended_at__isnull=True)
    own = open_ones.filter(invited_by_id=staff.pk, role=RoomInvitation.Role.CENTRE).first()
    if own is not None and own.spent_at is not None:
        return own, ""
    if own is not None:
        # Its secret is told to nobody any more.
        own.ended_at, own.end = now, End.WITHDRAWN
        own.save(update_fields=["ended_at", "end"])
    if open_ones.count() >= MAX_INVITATIONS:
        raise errors.GuestLimit(limit=MAX_INVITATIONS)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = RoomInvitation.objects.create(
        room=room,
        role=RoomInvitation.Role.CENTRE,
        name=clean_line(name)[:MAX_GUEST_NAME],
        secret_hash=secret_hash(secret),
        created_at=now,
        invited_by_id=staff.pk,
    )
    fit_guests(room, staff_id=staff.pk, now=now)
    _tell(room, now=now)
    if not _citizen_is_here(room, now=now):
        tell_of_guest(application, invitation.public_id, now=now)
    _record(JournalAct.INVITE_GUEST, invitation, Visitor(user=staff), now=now)
    return invitation, secret


def _citizen_is_here(room: Room, *, now: datetime) -> bool:
    """Return whether the page of the room tells the citizen at once."""
    citizen = room.participants.filter(role=Participant.Role.CITIZEN).first()
    return citizen is not None and rules.is_here(
        rules.Seat(citizen.state), citizen.last_seen_at, now=now
    )


def _role(value: str) -> RoomInvitation.Role:
    try:
        return RoomInvitation.Role(value)
    except ValueError:
        raise errors.Malformed from None


def _name(value: str) -> str:
    line = clean_line(value)
    if len(line) > MAX_GUEST_NAME:
        raise errors.Malformed
    return line


def accept(
    *, invitation: uuid.UUID, secret: str, key: str, role: str, name: str, now: datetime
) -> Accepted:
    """Spend a link: the guest says who they are, and this browser alone may come in from then on.

    A browser that has not got the answer asks again with its key and gets the same; what it said of the
    guest the first time stays.

    Args:
        invitation: Which link.
        secret: What stands in it.
        key: What this browser alone knows, made by it for this link.
        role: As whom the guest takes part.
        name: Of the guest.
        now: The present moment.

    Raises:
        LinkInvalid: there is no such link, or the secret is another's.
        GuestAccessEnded: it was withdrawn, or the citizen objected.
        RoomClosed: the reception is over.
        LinkSpent: another browser has it; the first such attempt is noted for all to see.
        Malformed: the name or the role is missing, or the key is too short.
    """
    wanted, called = _role(role), _name(name)
    if not called or len(key) < MIN_KEY:
        raise errors.Malformed
    accepted = _accept(invitation, secret, key, wanted, called, now=now)
    if accepted is None:
        raise errors.LinkSpent
    return accepted


@act
def _accept(
    public_id: uuid.UUID,
    secret: str,
    key: str,
    role: RoomInvitation.Role,
    name: str,
    *,
    now: datetime,
) -> Accepted | None:
    """Return what the browser keeps; None when another has come before, which is noted."""
    found = RoomInvitation.objects.filter(public_id=public_id).first()
    if not opens(found, secret) or found is None:
        raise errors.LinkInvalid
    room = lock_room(found.room_id)
    invitation = RoomInvitation.objects.select_related("room__application").get(pk=found.pk)
    if invitation.ended_at is not None:
        raise errors.GuestAccessEnded
    application = invitation.room.application
    if room_phase(application, room, now=now) not in {None, rules.Phase.EARLY}:
        raise errors.RoomClosed
    token = browser_token(invitation, key)
    if invitation.spent_at is None:
        invitation.role, invitation.name = role, name
        invitation.spent_at, invitation.browser_hash = now, browser_hash(token)
        invitation.save(update_fields=["role", "name", "spent_at", "browser_hash"])
        _tell(room, now=now)
        _record(JournalAct.ACCEPT_INVITATION, invitation, None, now=now)
    elif not constant_time_compare(browser_hash(token), invitation.browser_hash):
        _note_other_browser(invitation, room, now=now)
        return None
    return Accepted(token, times_of(application).closes_at)


def _note_other_browser(invitation: RoomInvitation, room: Room, *, now: datetime) -> None:
    if invitation.tried_at is None:
        invitation.tried_at = now
        invitation.save(update_fields=["tried_at"])
        _tell(room, now=now)
        _record(JournalAct.REFUSE_BROWSER, invitation, None, now=now)


def withdraw(
    *, visitor: Visitor, public_id: uuid.UUID, invitation: uuid.UUID, now: datetime
) -> None:
    """End the access of a guest at once, also of one who is in the room; twice changes nothing.

    Raises:
        NotFound: the visitor is not staff of this reception, or there is no such invitation to it.
    """
    if not visitor.is_staff:
        raise errors.NotFound
    _end(JournalAct.WITHDRAW_INVITATION, End.WITHDRAWN, visitor, public_id, invitation, now=now)


def object_to(
    *, visitor: Visitor, public_id: uuid.UUID, invitation: uuid.UUID, now: datetime
) -> None:
    """Keep out, as the citizen of this reception, a guest; one who is in the room has to go.

    Raises:
        NotFound: the visitor is not its citizen, or there is no such invitation to it.
        LevelTooLow: as `own_reception`.
    """
    if visitor.citizen is None:
        raise errors.NotFound
    _end(JournalAct.OBJECT_TO_GUEST, End.OBJECTED, visitor, public_id, invitation, now=now)


def _end(
    name: JournalAct,
    end: RoomInvitation.End,
    visitor: Visitor,
    public_id: uuid.UUID,
    invitation: uuid.UUID,
    *,
    now: datetime,
) -> None:
    application = own_reception(visitor, public_id)
    for participant in _end_access(name, end, visitor, application, invitation, now=now):
        dismiss(participant, at=participant.room.conference)


@act
def _end_access(
    name: JournalAct,
    end: RoomInvitation.End,
    visitor: Visitor,
    application: Application,
    invitation: uuid.UUID,
    *,
    now: datetime,
) -> list[Participant]:
    """Return who has to be put out at the server of the conference, too."""
    found = RoomInvitation.objects.filter(room__application=application, public_id=invitation)
    first = found.first()
    if first is None:
        raise errors.NotFound
    room = lock_room(first.room_id)
    room.application = application
    ended = found.select_related("room__application").get()
    if ended.ended_at is not None:
        return []
    ended.ended_at, ended.end = now, end
    ended.save(update_fields=["ended_at", "end"])
    seats = list(Participant.objects.filter(invitation=ended))
    for participant in seats:
        participant.room = room
        participant.state, participant.admitted_at = Participant.State.REMOVED, None
        participant.save(update_fields=["state", "admitted_at"])
        end_attendance(participant, at=now)
        forget_signals(participant)
    _tell(room, now=now)
    _record(name, ended, visitor, now=now)
    return seats


def _tell(room: Room, *, now: datetime) -> None:
    """Let the pages of a locked room ask for the invitations again."""
    room.sequence += 1
    room.guests = room.sequence
    room.save(update_fields=["sequence", "guests"])
    note_change(room, now=now)


def _record(
    name: JournalAct, invitation: RoomInvitation, visitor: Visitor | None, *, now: datetime
) -> None:
    user = visitor.user if visitor else None
    journal.record(
        name,
        subject=invitation.room.application,
        citizen=visitor.citizen if visitor else None,
        staff_id=user.pk if user else None,
        now=now,
        details={"invitation": str(invitation.public_id), "role": invitation.role},
    )
