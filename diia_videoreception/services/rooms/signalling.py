"""Passing on what two browsers tell each other to connect; nothing of it is kept."""

import uuid
from datetime import datetime

from django.db.models import F

from diia_videoreception import errors
from diia_videoreception.models import Participant, Room, Signal
from diia_videoreception.rules.signals import MalformedSignal, SignalKind, clean_signal
from diia_videoreception.selectors.rooms.seats import Seats, Visitor
from diia_videoreception.services.rooms.places import (
    locked_seats,
    own_reception,
    provider_of,
    require_admitted,
)
from diia_videoreception.services.transactions import act

MAX_WAITING = 200
"""Signals that may wait for one page: some ten connections made anew."""


def signal(
    *,
    visitor: Visitor,
    public_id: uuid.UUID,
    window: str,
    to: uuid.UUID,
    session: int,
    kind: SignalKind,
    payload: object,
    now: datetime,
) -> int | None:
    """Pass a signal on to another person in the room, without any network address but the relay's.

    Args:
        session: Which coming-in of the other person it is meant for.

    Returns:
        Its number; None for a candidate that is not passed on.

    Raises:
        NotFound: there is no such room or person for the visitor.
        Malformed: it is none of the signals that browsers send.
        WindowSuperseded, RoomClosed, NotAdmitted: as `require_admitted`.
        StaleSession: the other person has come in anew.
        SignalsPileUp: the other page does not fetch its signals.
    """
    application = own_reception(visitor, public_id)
    provider = provider_of(application)
    try:
        cleaned = clean_signal(
            kind, payload, direct=provider.tells_addresses, relays=provider.relays
        )
    except MalformedSignal as error:
        raise errors.Malformed from error
    if cleaned is None:
        return None
    return _pass_on(visitor, public_id, window, to, session, kind, cleaned, now=now)


@act
def _pass_on(
    visitor: Visitor,
    public_id: uuid.UUID,
    window: str,
    to: uuid.UUID,
    session: int,
    kind: SignalKind,
    payload: dict[str, object],
    *,
    now: datetime,
) -> int:
    seats = locked_seats(visitor, public_id)
    require_admitted(seats, window, now=now)
    recipient = _recipient(seats, to)
    if recipient.session != session:
        raise errors.StaleSession
    _require_fetched(recipient)
    sequence = seats.room.sequence + 1
    Signal.objects.create(
        room=seats.room,
        sequence=sequence,
        sender=seats.own,
        recipient=recipient,
        session=seats.own.session,
        kind=kind.value,
        payload=payload,
    )
    Room.objects.filter(pk=seats.room.pk).update(
        sequence=sequence, signals=sequence, changed_at=now
    )
    return sequence


def _recipient(seats: Seats, public_id: uuid.UUID) -> Participant:
    for other in seats.everybody:
        if other.public_id == public_id and other.pk != seats.own.pk:
            if other.state == Participant.State.ADMITTED:
                return other
            raise errors.StaleSession
    raise errors.NotFound


def _require_fetched(recipient: Participant) -> None:
    """Drop what the recipient's page has got, and count what it has not."""
    mine = Signal.objects.filter(recipient=recipient)
    mine.filter(sequence__lte=F("recipient__acknowledged")).delete()
    if mine.count() >= MAX_WAITING:
        raise errors.SignalsPileUp
