"""Coming into a room and going out; who may, and as whom, `selectors/rooms/seats.py` says."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalAct, Participant, Room
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.rooms.seats import (
    Visitor,
    room_phase,
    seats_of,
    times_of,
)
from diia_videoreception.services import journal
from diia_videoreception.services.rooms.places import (
    asking_outside,
    attend,
    close_outside,
    dismiss,
    end_attendance,
    entry_of,
    forget_signals,
    locked_room,
    locked_seats,
    meeting_of,
    note_change,
    own_reception,
    provider_of,
)
from diia_videoreception.services.transactions import act
from integrations.conference.base import ConferenceProvider, Joining

State, Role = Participant.State, Participant.Role


@dataclass(frozen=True, slots=True)
class Entered:
    """What a page gets that has come in; no participant while the room is not open."""

    application: Application
    phase: rules.Phase
    times: rules.RoomTimes
    participant: Participant | None = None
    joining: Joining | None = None
    engine: str = ""
    conference: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A room from outside; `phase` says why nobody can be in it, None when it is open."""

    application: Application
    provider: ConferenceProvider
    times: rules.RoomTimes
    phase: rules.Phase | None


def look(*, visitor: Visitor, public_id: uuid.UUID, now: datetime) -> Door:
    """See whether the room is open, without coming in.

    Raises:
        NotFound: it is no reception of theirs, or not held in a room of ours.
        LevelTooLow: the agency receives only people who are known more surely.
        ConferenceUnavailable: the portal's settings do not have its conference any more.
    """
    application = own_reception(visitor, public_id)
    provider = provider_of(application)
    room = Room.objects.filter(application=application).first()
    phase = room_phase(application, room, now=now)
    if phase is None and not is_held_in_browser(application):
        phase = rules.Phase.MOVED
    return Door(application, provider, times_of(application), phase)


def enter(
    *, visitor: Visitor, public_id: uuid.UUID, window: str, earlier: str = "", now: datetime
) -> Entered:
    """Take the person's seat in the room by this window; any earlier window of theirs loses it.

    Staff are in at once. A citizen waits to be admitted, and once admitted may go and come back; a
    guest waits each time that they open the page.

    Args:
        window: Made by the page; the same again when the page has got no answer.
        earlier: The window that the same page had before, when it connects anew.

    Raises:
        NotFound, LevelTooLow, ConferenceUnavailable: as `look`.
        RoomFull: as many people are in it as it holds.
        ConferenceDown: the server of its conference fails; the seat is taken all the same.
    """
    door = look(visitor=visitor, public_id=public_id, now=now)
    application, provider, times, closed = door.application, door.provider, door.times, door.phase
    meeting = meeting_of(application)
    participant = None
    if closed is None:
        closed, participant = _enter(
            visitor, application, window, earlier, provider.capabilities.max_people, now=now
        )
    if participant is None:
        phase = closed or rules.Phase.CLOSED
        return Entered(application, phase, times, conference=provider.name)
    phase = rules.seat_phase(rules.Seat(participant.state))
    if phase is rules.Phase.REFUSED:
        # Who is kept outside gets nothing that opens the relays.
        return Entered(application, phase, times, participant, conference=provider.name)
    if phase is rules.Phase.WAITING and provider.capabilities.has_server:
        return Entered(
            application,
            phase,
            times,
            participant,
            Joining(relay_only=False),
            provider.engine,
            provider.name,
        )
    entry = entry_of(application, participant)
    with asking_outside():
        if visitor.is_staff:
            provider.ensure_room(meeting)
        joining = provider.join(entry, until=times.credentials_until)
    if provider.capabilities.has_server:
        phase = _phase_after_joining(visitor, participant, provider, now=now)
    if phase is not rules.seat_phase(rules.Seat(participant.state)):
        return Entered(application, phase, times, participant, conference=provider.name)
    return Entered(application, phase, times, participant, joining, provider.engine, provider.name)


def _phase_after_joining(
    visitor: Visitor, joined: Participant, provider: ConferenceProvider, *, now: datetime
) -> rules.Phase:
    """Read again where somebody stands whom a server has let in: it was asked outside the lock.

    Who has been sent out, has left or has come in by another window meanwhile is put out there again, and
    a room that has ended or gone on elsewhere is taken down, for joining has made it anew.

    Raises:
        NotFound: they may not enter any more.
    """
    application = joined.room.application
    seats = seats_of(visitor, application.public_id)
    if seats is None:
        dismiss(joined, at=provider.name)
        raise errors.NotFound
    phase = seats.phase(joined.window, now=now)
    if phase is rules.Phase.ADMITTED and seats.own.session != joined.session:
        phase = rules.Phase.SUPERSEDED
    is_elsewhere = seats.room.conference != provider.name
    if is_elsewhere or phase in {rules.Phase.ENDED, rules.Phase.CLOSED}:
        close_outside(application, at=provider.name)
    elif phase is not rules.Phase.ADMITTED:
        dismiss(joined, at=provider.name)
    return phase


@act
def _enter(
    visitor: Visitor,
    found: Application,
    window: str,
    earlier: str,
    max_people: int,
    *,
    now: datetime,
) -> tuple[rules.Phase | None, Participant | None]:
    """Seat the person, unless the room has closed meanwhile: then say why."""
    application, room = locked_room(found, now=now)
    if visitor.guest is not None or visitor.at_seat is not None:
        # Withdrawn while this request waited for the lock.
        own_reception(visitor, application.public_id)
    closed = room_phase(application, room, now=now)
    if closed is not None:
        return closed, None
    participant = room.participants.filter(visitor.seat()).first()
    is_new = participant is None
    if participant is None:
        participant = Participant(
            room=room, citizen=visitor.citizen, invitation=visitor.guest, last_seen_at=now
        )
        if visitor.user is not None:
            participant.user_id = visitor.user.pk
    participant.role = visitor.role_in(application)
    _require_place(room, participant, max_people, now=now)
    seen_before = participant.last_seen_at
    participant.name = visitor.name_in(application)
    participant.state = _state_of(participant, visitor, {window, earlier})
    if participant.state != State.ADMITTED:
        participant.admitted_at = None
    elif participant.admitted_at is None:
        participant.admitted_at = now
    participant.window = window
    participant.session += 1
    participant.acknowledged = room.sequence
    participant.last_seen_at = max(seen_before, now)
    participant.media = {}
    participant.save()
    forget_signals(participant)
    if participant.state in {State.WAITING, State.ADMITTED}:
        attend(participant, seen_before=seen_before, now=now)
    if visitor.is_staff and is_new:
        _journal_opening(room, participant, now=now)
    note_change(room, now=now)
    return None, participant


def _state_of(participant: Participant, visitor: Visitor, windows: set[str]) -> str:
    """Return where somebody comes in; of a guest a page that was in stays in, by any window of its own."""
    if visitor.is_staff:
        return State.ADMITTED
    if participant.state in {State.REFUSED, State.REMOVED}:
        return participant.state
    if visitor.guest is not None:
        is_same_page = participant.state == State.ADMITTED and participant.window in windows
        return State.ADMITTED if is_same_page else State.WAITING
    return State.ADMITTED if participant.admitted_at else State.WAITING


def _require_place(room: Room, participant: Participant, max_people: int, *, now: datetime) -> None:
    others = [
        other
        for other in room.participants.exclude(pk=participant.pk)
        if rules.is_here(rules.Seat(other.state), other.last_seen_at, now=now)
    ]
    guests = [other for other in others if other.role == Role.GUEST]
    match participant.role:
        case Role.CITIZEN | Role.OFFICIAL:
            is_full = False  # Whom the reception is for, and who holds it, are never left outside.
        case Role.GUEST:
            is_full = len(guests) >= rules.places_for_guests(max_people)
        case _:
            is_full = len(others) >= max_people
    if is_full:
        raise errors.RoomFull


def _journal_opening(room: Room, participant: Participant, *, now: datetime) -> None:
    if room.opened_at is None:
        room.opened_at = now
        room.save(update_fields=["opened_at"])
    journal.record(
        JournalAct.OPEN_ROOM,
        subject=room.application,
        staff_id=participant.user_id,
        now=now,
        details={"role": participant.role},
    )


def leave(*, visitor: Visitor, public_id: uuid.UUID, window: str, now: datetime) -> None:
    """Give up the seat; leaving by a window that has lost it, or twice, changes nothing.

    Raises:
        NotFound: they have no seat.
    """
    left = _leave(visitor, public_id, window, now=now)
    if left is not None:
        # Who is not shown any more does not hear either.
        dismiss(left, at=left.room.conference)


@act
def _leave(
    visitor: Visitor, public_id: uuid.UUID, window: str, *, now: datetime
) -> Participant | None:
    """Return who has to be put out; None where that is done already."""
    seats = locked_seats(visitor, public_id)
    own = seats.own
    if own.window != window or own.state not in {State.WAITING, State.ADMITTED}:
        return None
    own.state, own.last_seen_at = State.LEFT, max(own.last_seen_at, now)
    own.save(update_fields=["state", "last_seen_at"])
    end_attendance(own, at=now)
    forget_signals(own)
    note_change(seats.room, now=now)
    return own
