"""Documents of a correction that is not sent: examined and kept as those of a draft (A-44 to A-47)."""

import uuid
from datetime import datetime

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import CorrectionClosed, NotFound
from diia_videoreception.models import Document
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.applications import application_of
from diia_videoreception.selectors.booking.corrections import (
    may_correct,
    unsent_correction,
    unsent_documents,
)
from diia_videoreception.services.booking.corrections import lock_own, open_correction
from diia_videoreception.services.booking.draft_documents import require_limit
from diia_videoreception.services.documents.inspection import InspectedDocument, inspect_document
from diia_videoreception.services.documents.storage import (
    create_document,
    delete_documents,
    deleted_unless_kept,
    store,
)
from diia_videoreception.services.transactions import lock_citizen, locking_act


def add(
    *, actor: SignedIn, public_id: uuid.UUID, data: bytes, filename: str, now: datetime
) -> Document:
    """Check a document and add it to the correction; the agency sees it once that is sent.

    Raises:
        NotFound, CorrectionClosed: as `corrections.correct`.
        DocumentRefused, TooManyFiles, DocumentLimit, StorageUnavailable: as for a document of a draft.
    """
    citizen = actor.citizen
    application = application_of(citizen, public_id)
    if application is None:
        raise NotFound
    if not may_correct(application, now=now):
        raise CorrectionClosed
    correction = unsent_correction(citizen, public_id)
    require_limit(citizen.pk, more=1, now=now, correction=correction)
    inspected = inspect_document(
        data, filename=filename, person=f"citizen {citizen.pk}", limits=app_settings.upload_limits
    )
    document_id = uuid.uuid4()
    path = store(document_id, inspected)
    with deleted_unless_kept(path):
        return _attach(actor, public_id, document_id, path, inspected, now=now)


@locking_act
def _attach(
    actor: SignedIn,
    public_id: uuid.UUID,
    document_id: uuid.UUID,
    path: str,
    inspected: InspectedDocument,
    *,
    now: datetime,
) -> Document:
    correction = open_correction(lock_own(actor, public_id, now=now))
    more = len(inspected.content)
    require_limit(actor.citizen.pk, more=more, now=now, correction=correction)
    return create_document(
        inspected, public_id=document_id, path=path, now=now, correction=correction
    )


@locking_act
def remove(*, actor: SignedIn, public_id: uuid.UUID, document_id: uuid.UUID) -> None:
    """Remove a document from a correction that is not sent; removing it again is no error.

    Raises:
        NotFound: the application is not this citizen's.
    """
    lock_citizen(actor.citizen)
    if application_of(actor.citizen, public_id) is None:
        raise NotFound
    correction = unsent_correction(actor.citizen, public_id)
    if correction is not None:
        delete_documents(list(unsent_documents(correction).filter(public_id=document_id)))
