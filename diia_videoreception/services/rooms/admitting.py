"""What staff decide in a room: who comes in, and what those who wait are told."""

import uuid
from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import JournalAct, Participant, Room
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.selectors.rooms.seats import Visitor, reception_of, room_phase
from diia_videoreception.services import journal
from diia_videoreception.services.rooms.places import (
    dismiss,
    end_attendance,
    forget_signals,
    lock_room,
    note_change,
)
from diia_videoreception.services.transactions import act

State = Participant.State
MAX_NOTE = 300


def staff_room(visitor: Visitor, public_id: uuid.UUID, *, now: datetime) -> Room:
    """Lock a room for an act of staff.

    Raises:
        NotFound: the visitor is not staff of this reception, or nobody has come in yet.
        RoomClosed: it is not open.
    """
    application = reception_of(visitor, public_id) if visitor.is_staff else None
    room = Room.objects.filter(application=application).first() if application else None
    if application is None or room is None:
        raise errors.NotFound
    room = lock_room(room.pk)
    if room_phase(application, room, now=now) is not None:
        raise errors.RoomClosed
    room.application = application
    return room


def _guest_in(room: Room, participant: uuid.UUID) -> Participant:
    """Return whom staff may admit or refuse: anybody but staff, and guests whose access has not ended."""
    found = (
        room.participants.filter(public_id=participant)
        .exclude(role__in=[Participant.Role.OFFICIAL, Participant.Role.MODERATOR])
        .exclude(invitation__ended_at__isnull=False)
        .first()
    )
    if found is None:
        raise errors.NotFound
    return found


@act
def admit(*, visitor: Visitor, public_id: uuid.UUID, participant: uuid.UUID, now: datetime) -> None:
    """Let somebody in who waits, or was refused before; letting in twice changes nothing.

    Who has gone meanwhile is in as soon as they come back.

    Raises:
        NotFound, RoomClosed: as `staff_room`; or there is no such participant.
    """
    room = staff_room(visitor, public_id, now=now)
    found = _guest_in(room, participant)
    if found.admitted_at is not None:
        return
    found.admitted_at = now
    if found.state != State.LEFT:
        found.state = State.ADMITTED
    found.save(update_fields=["admitted_at", "state"])
    _record(JournalAct.ADMIT, visitor, room, found, now=now)


def refuse(
    *, visitor: Visitor, public_id: uuid.UUID, participant: uuid.UUID, now: datetime
) -> None:
    """Do not let somebody in, or send somebody out; until they are admitted they stay outside.

    Raises:
        NotFound, RoomClosed: as `admit`.
    """
    sent_out = _refuse(visitor, public_id, participant, now=now)
    if sent_out is not None:
        dismiss(sent_out, at=sent_out.room.conference)


@act
def _refuse(
    visitor: Visitor, public_id: uuid.UUID, participant: uuid.UUID, *, now: datetime
) -> Participant | None:
    """Return who has to be put out; None where that is done already."""
    room = staff_room(visitor, public_id, now=now)
    found = _guest_in(room, participant)
    if found.state in {State.REFUSED, State.REMOVED}:
        return None
    found.state = State.REFUSED if found.admitted_at is None else State.REMOVED
    found.admitted_at = None
    found.save(update_fields=["admitted_at", "state"])
    end_attendance(found, at=now)
    forget_signals(found)
    _record(JournalAct.REFUSE_ENTRY, visitor, room, found, now=now)
    found.room = room
    return found


def _record(
    act_name: JournalAct, visitor: Visitor, room: Room, found: Participant, *, now: datetime
) -> None:
    note_change(room, now=now)
    journal.record(
        act_name,
        subject=room.application,
        staff_id=visitor.user.pk if visitor.user else None,
        now=now,
        details={"participant": str(found.public_id), "role": found.role},
    )


@act
def note(*, visitor: Visitor, public_id: uuid.UUID, text: str, now: datetime) -> str:
    """Tell those who wait something in a line; an empty one takes it back.

    Raises:
        NotFound, RoomClosed: as `staff_room`.
        MessageTooLong: it is longer than a line may be.
    """
    room = staff_room(visitor, public_id, now=now)
    line = clean_line(text)
    if len(line) > MAX_NOTE:
        raise errors.MessageTooLong(limit=MAX_NOTE)
    room.note = line
    room.save(update_fields=["note"])
    return line
