"""Documents of an answer that the citizen is writing: examined and kept as those of a draft (A-44 to A-47)."""

import uuid
from datetime import datetime

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import NotFound
from diia_videoreception.models import Clarification, Document
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.clarifications import (
    clarifications_for,
    unsent_documents,
)
from diia_videoreception.services.booking.clarifications import lock_own, require_open
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
    *,
    actor: SignedIn,
    public_id: uuid.UUID,
    question_id: uuid.UUID,
    data: bytes,
    filename: str,
    now: datetime,
) -> Document:
    """Check a document and add it to the answer; the agency sees it once the answer is sent.

    Raises:
        NotFound, ClarificationClosed: as `clarifications.answer`.
        DocumentRefused, TooManyFiles, DocumentLimit, StorageUnavailable: as for a document of a draft.
    """
    citizen = actor.citizen
    asked = clarifications_for(citizen, public_id).filter(public_id=question_id).first()
    if asked is None:
        raise NotFound
    require_open(asked, now=now)
    require_limit(citizen.pk, more=1, now=now, clarification=asked)
    inspected = inspect_document(
        data, filename=filename, person=f"citizen {citizen.pk}", limits=app_settings.upload_limits
    )
    document_id = uuid.uuid4()
    path = store(document_id, inspected)
    with deleted_unless_kept(path):
        return _attach(actor, public_id, asked, document_id, path, inspected, now=now)


@locking_act
def _attach(
    actor: SignedIn,
    public_id: uuid.UUID,
    asked: Clarification,
    document_id: uuid.UUID,
    path: str,
    inspected: InspectedDocument,
    *,
    now: datetime,
) -> Document:
    lock_citizen(actor.citizen)
    _application, locked = lock_own(actor, public_id, asked.public_id)
    require_open(locked, now=now)
    more = len(inspected.content)
    require_limit(actor.citizen.pk, more=more, now=now, clarification=locked)
    return create_document(
        inspected, public_id=document_id, path=path, now=now, clarification=locked
    )


@locking_act
def remove(
    *, actor: SignedIn, public_id: uuid.UUID, question_id: uuid.UUID, document_id: uuid.UUID
) -> None:
    """Remove a document from an answer that is not sent; removing it again is no error.

    Raises:
        NotFound: the question was not asked of this citizen.
    """
    lock_citizen(actor.citizen)
    _application, asked = lock_own(actor, public_id, question_id)
    delete_documents(list(unsent_documents(asked).filter(public_id=document_id)))
