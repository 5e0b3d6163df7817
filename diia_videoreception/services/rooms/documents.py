"""Documents that people add in a room: examined and kept as those of an application (A-44 to A-47)."""

import uuid
from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import Document
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.rooms.contents import document_in, documents_added_in
from diia_videoreception.selectors.rooms.seats import Seats, Visitor
from diia_videoreception.services.booking.draft_documents import require_limit
from diia_videoreception.services.documents.inspection import InspectedDocument, inspect_document
from diia_videoreception.services.documents.storage import (
    create_document,
    deleted_unless_kept,
    store,
)
from diia_videoreception.services.rooms.places import (
    locked_seats,
    own_seats,
    require_admitted,
)
from diia_videoreception.services.transactions import act, lock_citizen


def add(
    *,
    visitor: Visitor,
    public_id: uuid.UUID,
    window: str,
    data: bytes,
    filename: str,
    now: datetime,
) -> Document:
    """Check a document and add it for all in the room; it belongs to the application.

    Raises:
        NotFound, WindowSuperseded, RoomClosed, NotAdmitted: as `require_admitted`; NotFound also
            for guests, who see nothing of the case.
        DocumentRefused, DocumentLimit: as for a document of a draft.
        TooManyFiles: the person has added as many in this room as one may.
    """
    if not visitor.sees_documents:
        raise errors.NotFound
    seats = own_seats(visitor, public_id)
    require_admitted(seats, window, now=now)
    _require_place(seats, visitor, more=1, now=now)
    inspected = inspect_document(
        data, filename=filename, person=visitor.counted_as, limits=app_settings.upload_limits
    )
    document_id = uuid.uuid4()
    path = store(document_id, inspected)
    with deleted_unless_kept(path):
        return _attach(visitor, public_id, window, document_id, path, inspected, now=now)


@act
def _attach(
    visitor: Visitor,
    public_id: uuid.UUID,
    window: str,
    document_id: uuid.UUID,
    path: str,
    inspected: InspectedDocument,
    *,
    now: datetime,
) -> Document:
    if visitor.citizen is not None:
        lock_citizen(visitor.citizen)
    seats = locked_seats(visitor, public_id)
    require_admitted(seats, window, now=now)
    _require_place(seats, visitor, more=len(inspected.content), now=now)
    return create_document(
        inspected,
        public_id=document_id,
        path=path,
        now=now,
        application=seats.application,
        added_by=seats.own,
    )


def _require_place(seats: Seats, visitor: Visitor, *, more: int, now: datetime) -> None:
    """Refuse one more document of `more` bytes where the person has added enough."""
    limit = app_settings.upload_limits.files
    if documents_added_in(seats.room).filter(added_by=seats.own).count() >= limit:
        raise errors.TooManyFiles(limit=limit)
    if visitor.citizen is not None:
        require_limit(visitor.citizen.pk, more=more, now=now)


def find(
    *, visitor: Visitor, public_id: uuid.UUID, document_id: uuid.UUID, now: datetime
) -> Document:
    """Give a document to somebody in the room.

    Raises:
        NotFound: there is none for them, or they are not in the room now, or are a guest.
    """
    if not visitor.sees_documents:
        raise errors.NotFound
    seats = own_seats(visitor, public_id)
    # A file is saved by a link, which knows no window.
    is_in = seats.phase(seats.own.window, now=now) is rules.Phase.ADMITTED
    found = document_in(seats.room, document_id) if is_in else None
    if found is None:
        raise errors.NotFound
    return found
