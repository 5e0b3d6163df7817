"""A page of the room asks what is new, and thereby says that the person is still there."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from diia_videoreception.models import (
    Document,
    Participant,
    RoomInvitation,
    RoomMessage,
    Signal,
)
from diia_videoreception.providers import conference_providers
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.rooms.contents import documents_in, messages_of, signals_for
from diia_videoreception.selectors.rooms.glances import seats_at_a_glance
from diia_videoreception.selectors.rooms.guests import invitations_to
from diia_videoreception.selectors.rooms.seats import Seats, Visitor
from diia_videoreception.services.rooms.places import (
    attend,
    entry_of,
    lock_room,
    note_change,
    note_quality,
    own_seats,
)
from diia_videoreception.services.transactions import act


@dataclass(frozen=True, slots=True)
class Report:
    """What a page tells of itself: what it has got, its devices, its line."""

    window: str
    after: int = 0
    messages_after: int = 0
    guests_after: int = 0
    media: dict[str, bool] | None = None
    quality: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class News:
    """What a page learns; `after`, `messages_after` and `guests_after` are what it asks from next time.

    Attributes:
        people: Who is in the room or waits to come in.
        invitations: All there are, when any has changed; None otherwise and for guests.
    """

    seats: Seats
    phase: rules.Phase
    poll_ms: int
    after: int
    messages_after: int
    guests_after: int
    people: list[Participant]
    invitations: list[RoomInvitation] | None = None
    signals: list[Signal] = field(default_factory=list)
    messages: list[RoomMessage] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    badges: dict[int, str] = field(default_factory=dict)


def poll(*, visitor: Visitor, public_id: uuid.UUID, report: Report, now: datetime) -> News:
    """Tell what is new in the room; for who waits and misses nothing that is one query.

    Raises:
        NotFound: they have no seat, or may not have it any more.
    """
    seats = own_seats(visitor, public_id, read=seats_at_a_glance)
    phase = seats.phase(report.window, now=now)
    is_in = phase in {rules.Phase.WAITING, rules.Phase.ADMITTED}
    if is_in:
        _note_presence(seats.own, report, now=now)
    room, is_admitted = seats.room, phase is rules.Phase.ADMITTED
    is_guest = visitor.guest is not None
    # A guest learns nothing before being let in, and of the text nothing that was written before.
    hears = is_in if not is_guest else is_admitted
    since = seats.own.admitted_at if is_guest else None
    signals = (
        signals_for(seats.own, after=report.after)
        if is_admitted and room.signals > report.after
        else []
    )
    messages = (
        messages_of(room, after=report.messages_after, since=since)
        if hears and room.messages > report.messages_after
        else []
    )
    return News(
        seats=seats,
        phase=phase,
        poll_ms=rules.poll_ms(phase, changed_at=room.changed_at, now=now),
        after=signals[-1].sequence if signals else max(report.after, room.signals),
        messages_after=(
            messages[-1].sequence if messages else max(report.messages_after, room.messages)
        ),
        guests_after=max(report.guests_after, room.guests),
        people=seats.everybody if hears or not is_guest else [seats.own],
        invitations=(
            invitations_to(seats.application)
            if is_in and not is_guest and room.guests > report.guests_after
            else None
        ),
        signals=signals,
        messages=messages,
        documents=list(documents_in(room)) if is_admitted and visitor.sees_documents else [],
        badges=_badges(seats) if is_admitted else {},
    )


def _badges(seats: Seats) -> dict[int, str]:
    """Return by what the page recognises each person at the server of the conference, by primary key."""
    provider = conference_providers().get(seats.room.conference)
    if provider is None:
        return {}
    return {seat.pk: provider.badge(entry_of(seats.application, seat)) for seat in seats.everybody}


def _note_presence(own: Participant, report: Report, *, now: datetime) -> None:
    """Write down that the person is here, at most every few seconds unless something has changed."""
    media = own.media if report.media is None else report.media
    acknowledged = max(own.acknowledged, min(report.after, own.room.signals))
    is_due = now - own.last_seen_at >= rules.PRESENCE_EVERY
    if not is_due and media == own.media and acknowledged == own.acknowledged:
        return
    was_away = now - own.last_seen_at >= rules.HERE
    if was_away:
        _come_back(own, now=now)
    own.media, own.acknowledged = media, acknowledged
    seen_at = own.last_seen_at = max(own.last_seen_at, now)
    _mine(own).update(media=media, acknowledged=acknowledged, last_seen_at=seen_at)
    if is_due and report.quality:
        note_quality(own, report.quality)


def _mine(own: Participant) -> QuerySet[Participant]:
    """Return the row, unless another window has taken the seat meanwhile."""
    return Participant.objects.filter(pk=own.pk, window=own.window, session=own.session)


@act
def _come_back(own: Participant, *, now: datetime) -> None:
    """Welcome back a page that slept: what was under way ended when it was last seen."""
    room = lock_room(own.room_id)
    attend(own, seen_before=own.last_seen_at, now=now)
    note_change(room, now=now)
