"""What has passed between the people in a room."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from diia_videoreception.models import (
    Application,
    Document,
    Participant,
    Room,
    RoomMessage,
    Signal,
    SignatureRequest,
)

MAX_AT_ONCE = 200
"""Signals or messages in one answer; the rest comes with the next."""


def signals_for(participant: Participant, *, after: int) -> list[Signal]:
    """Return signals to this participant that their page has not got yet, oldest first."""
    waiting = Signal.objects.filter(recipient=participant, sequence__gt=after)
    return list(waiting.select_related("sender")[:MAX_AT_ONCE])


def messages_of(room: Room, *, after: int, since: datetime | None = None) -> list[RoomMessage]:
    """Return messages of the room, oldest first; only those from `since` on where it is given."""
    later = RoomMessage.objects.filter(room=room, sequence__gt=after)
    if since is not None:
        later = later.filter(created_at__gte=since)
    return list(later.select_related("sender")[:MAX_AT_ONCE])


def messages_kept(application: Application) -> list[RoomMessage]:
    """Return what was written in the room of an application, where the agency keeps it, oldest first.

    Whoever may see the application may see this.
    """
    kept = RoomMessage.objects.filter(room__application=application, room__tidied_at__isnull=False)
    return list(kept.select_related("sender"))


def documents_in(room: Room) -> QuerySet[Document]:
    """Return the documents that those in the room see: of the application as it stands, and added in the room."""
    standing = Document.objects.filter(application=room.application_id, replaced_by=None)
    return standing.select_related("added_by", "signature_request")


def signatures_asked_in(room: Room) -> QuerySet[SignatureRequest]:
    """Return the requests to sign a document that were made in the room, whatever has become of them."""
    return SignatureRequest.objects.filter(document__application=room.application_id)


def document_in(room: Room, public_id: uuid.UUID) -> Document | None:
    found = documents_in(room).select_related("application__official")
    return found.filter(public_id=public_id).first()


def documents_added_in(room: Room) -> QuerySet[Document]:
    return documents_in(room).filter(Q(added_by__room=room))
