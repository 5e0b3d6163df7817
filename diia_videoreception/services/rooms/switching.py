"""Going on in another conference when one fails: nobody is invited again."""

import uuid
from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import Room, Signal
from diia_videoreception.providers import conference_providers
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.booking.conferences import other_conference
from diia_videoreception.selectors.rooms.seats import Visitor, room_phase
from diia_videoreception.services.booking.receptions import hold_elsewhere
from diia_videoreception.services.rooms.places import (
    asking_outside,
    close_outside,
    locked_room,
    meeting_of,
    note_change,
    own_reception,
    was_here,
)
from diia_videoreception.services.transactions import act
from integrations.conference.base import ConferenceAccess

MANY_GUESTS = 3
"""So many do not fit into a room where each browser sends to each other one."""


def fit_guests(room: Room, *, staff_id: int | None, now: datetime) -> None:
    """Choose the agency's larger conference before anybody of the agency has come in, where many are invited.

    In the transaction of the caller, with the room locked. Its page stays, so nobody is told.
    """
    application, invited = room.application, room.invitations.filter(ended_at__isnull=True).count()
    alias = other_conference(application)
    if invited < MANY_GUESTS or room.opened_at is not None or not alias:
        return
    present, other = (conference_providers().get(name) for name in (room.conference, alias))
    wanted = invited + rules.PARTIES
    if other is None or not other.capabilities.in_browser or other.capabilities.max_people < wanted:
        return
    if present is not None and present.capabilities.max_people >= wanted:
        return
    room.conference = hold_elsewhere(
        application, room.conference, alias, None, staff_id=staff_id, is_told=False, now=now
    )
    room.save(update_fields=["conference"])


def switch(*, visitor: Visitor, public_id: uuid.UUID, away_from: str, now: datetime) -> str:
    """Let a reception go on in its agency's other conference; both parties are told by letter as well.

    Args:
        away_from: The conference that the page has seen failing; when somebody has switched
            meanwhile, nothing is done.

    Returns:
        The alias of the conference in which it goes on.

    Raises:
        NotFound: the visitor is not staff of this reception, or nobody has come in yet.
        RoomClosed: it is not open, or was moved meanwhile.
        NoOtherConference: the agency has no other one.
        ConferenceDown: the other one fails too.
    """
    application = own_reception(visitor, public_id)
    if not visitor.is_staff or not hasattr(application, "reception"):
        raise errors.NotFound
    if application.reception.conference != away_from:
        return str(application.reception.conference)
    alias = other_conference(application)
    if not alias:
        raise errors.NoOtherConference
    room = Room.objects.filter(application=application).first()
    if room is None:
        raise errors.NotFound
    if room_phase(application, room, now=now) is not None:
        raise errors.RoomClosed  # Nobody outside is asked for what cannot be any more.
    provider, meeting = conference_providers()[alias], meeting_of(application)
    start = application.start
    with asking_outside():
        access = provider.prepare(
            number=application.number, start=application.start, end=application.end
        )
        provider.ensure_room(meeting)
    try:
        present = _switch(visitor, public_id, away_from, alias, access, start=start, now=now)
    except errors.RoomClosed:
        close_outside(application, at=alias)
        raise
    if present == alias:
        close_outside(application, at=away_from)
    return present


@act
def _switch(
    visitor: Visitor,
    public_id: uuid.UUID,
    away_from: str,
    alias: str,
    access: ConferenceAccess | None,
    *,
    start: datetime,
    now: datetime,
) -> str:
    found = own_reception(visitor, public_id)
    if not was_here(found):
        raise errors.NotFound
    # The application too: a letter must not tell of a time from which the reception is moved meanwhile.
    application, room = locked_room(found, now=now)
    if application.start != start or room_phase(application, room, now=now) is not None:
        raise errors.RoomClosed
    staff_id = visitor.user.pk if visitor.user else None
    present = hold_elsewhere(application, away_from, alias, access, staff_id=staff_id, now=now)
    room.conference = present
    room.save(update_fields=["conference"])
    Signal.objects.filter(room=room).delete()
    note_change(room, now=now)
    return present
