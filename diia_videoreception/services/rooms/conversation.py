"""Messages in a room."""

import uuid
from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import Room, RoomMessage
from diia_videoreception.models.rooms import MAX_MESSAGE
from diia_videoreception.rules.texts import clean_text
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms.places import (
    locked_seats,
    require_admitted,
    require_window,
)
from diia_videoreception.services.transactions import act

MAX_MESSAGES = 2000
"""In one room: an hour of two people who never stop writing."""


@act
def say(
    *,
    visitor: Visitor,
    public_id: uuid.UUID,
    window: str,
    text: str,
    key: str,
    now: datetime,
) -> RoomMessage:
    """Add a message for all in the room; who waits may write as well, unless they are a guest.

    Args:
        key: Makes sending the same message again harmless.

    Raises:
        NotFound, WindowSuperseded, RoomClosed, NotAdmitted: as `require_window`.
        Malformed: there is no text.
        MessageTooLong, MessageLimit: there is too much.
    """
    line = clean_text(text)
    if not line:
        raise errors.Malformed
    if len(line) > MAX_MESSAGE:
        raise errors.MessageTooLong(limit=MAX_MESSAGE)
    seats = locked_seats(visitor, public_id)
    require = require_window if visitor.guest is None else require_admitted
    require(seats, window, now=now)
    earlier = RoomMessage.objects.filter(sender=seats.own, key=key).first()
    if earlier is not None:
        return earlier
    if RoomMessage.objects.filter(room=seats.room).count() >= MAX_MESSAGES:
        raise errors.MessageLimit
    sequence = seats.room.sequence + 1
    Room.objects.filter(pk=seats.room.pk).update(sequence=sequence, messages=sequence)
    return RoomMessage.objects.create(
        room=seats.room, sequence=sequence, sender=seats.own, key=key, text=line, created_at=now
    )
