"""The end of a room, and what goes with it."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    JournalAct,
    Participant,
    Room,
    RoomInvitation,
    RoomMessage,
    Signal,
)
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.rooms.contents import documents_added_in, signatures_asked_in
from diia_videoreception.selectors.rooms.seats import Visitor, times_of
from diia_videoreception.services import journal
from diia_videoreception.services.documents.storage import delete_documents, delete_signatures
from diia_videoreception.services.rooms import signing
from diia_videoreception.services.rooms.admitting import staff_room
from diia_videoreception.services.rooms.places import close_outside, end_attendance
from diia_videoreception.services.transactions import act

State = Participant.State


def end(*, visitor: Visitor, public_id: uuid.UUID, now: datetime) -> None:
    """End the reception in the room for everybody.

    What was written and added there is erased with it, unless the agency keeps it.

    Raises:
        NotFound: the visitor is not staff of this reception, or nobody has come in yet.
        RoomClosed: it is not open, or has ended.
        EndTooEarly: the reception has not begun, and the citizen was not let in yet.
    """
    ended = _end(visitor, public_id, now=now)
    close_outside(ended.application, at=ended.conference)


@act
def _end(visitor: Visitor, public_id: uuid.UUID, *, now: datetime) -> Room:
    """Return the room as it was ended: it may have been switched until then."""
    room = staff_room(visitor, public_id, now=now)
    was_in = Q(admitted_at__isnull=False) | Q(state=State.REMOVED)
    has_met = room.participants.filter(was_in, role=Participant.Role.CITIZEN).exists()
    if not rules.may_end(times_of(room.application), has_met=has_met, now=now):
        raise errors.EndTooEarly
    people = room.participants.filter(admitted_at__isnull=False).count()
    _tidy(room, at=now)
    room.ended_at = now
    room.save(update_fields=["ended_at"])
    journal.record(
        JournalAct.END_ROOM,
        subject=room.application,
        staff_id=visitor.user.pk if visitor.user else None,
        now=now,
        details={"people": people},
    )
    return room


def _tidy(room: Room, *, at: datetime) -> None:
    """Send everybody out of a locked room, and erase what does not outlive it."""
    for participant in room.participants.all():
        if participant.state in {State.WAITING, State.ADMITTED}:
            seat, seen_at = rules.Seat(participant.state), participant.last_seen_at
            was_here = rules.is_here(seat, seen_at, now=at)
            end_attendance(participant, at=at if was_here else seen_at)
            participant.state = State.LEFT
            participant.save(update_fields=["state"])
    Signal.objects.filter(room=room).delete()
    _end_invitations(room, at=at)
    if not room.application.official.unit.agency.keep_room_messages:
        RoomMessage.objects.filter(room=room).delete()
        delete_documents(list(documents_added_in(room)))
        delete_signatures(signatures_asked_in(room))
    signing.expire(room, at=at)
    room.note = ""
    room.tidied_at = at
    room.save(update_fields=["note", "tidied_at"])


def _end_invitations(room: Room, *, at: datetime) -> None:
    """Let no link outlive the reception; who was there is told by attendance, who was not by nothing."""
    invitations = RoomInvitation.objects.filter(room=room)
    invitations.filter(ended_at__isnull=True).update(ended_at=at, end=RoomInvitation.End.OVER)
    invitations.filter(participant__isnull=True).update(name="")


def tidy_closed(*, now: datetime) -> int:
    """Tidy the rooms that nobody has ended and whose time is over.

    Returns:
        How many there were.
    """
    tidied = 0
    for room in list(_untidied(now).select_related("application")):
        if _tidy_one(room.pk, now=now):
            tidied += 1
            close_outside(room.application, at=room.conference)
    return tidied


def _untidied(now: datetime) -> QuerySet[Room]:
    closes = timedelta(minutes=app_settings.room_closes_minutes)
    return Room.objects.filter(tidied_at__isnull=True, application__end__lte=now - closes)


@act
def _tidy_one(key: int, *, now: datetime) -> int:
    room = (
        _untidied(now)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("application__official__unit__agency")
        .filter(pk=key)
        .first()
    )
    if room is None:
        return 0
    _tidy(room, at=now)
    return 1
