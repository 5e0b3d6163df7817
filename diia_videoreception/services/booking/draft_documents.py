"""Documents of a draft: checked, counted under the draft's lock, kept in private storage (A-44 to A-47)."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import DocumentLimit, NotFound, TooManyFiles
from diia_videoreception.models import Citizen, Clarification, Correction, Document, Draft
from diia_videoreception.rules.transitions import OPEN_STATES
from diia_videoreception.services.booking.drafts import open_draft
from diia_videoreception.services.documents.inspection import InspectedDocument, inspect_document
from diia_videoreception.services.documents.storage import (
    create_document,
    delete_documents,
    deleted_unless_kept,
    store,
)
from diia_videoreception.services.transactions import lock_citizen, locking_act

MIN_COUNTED = timedelta(days=1)
"""What was added so lately counts whatever became of its application."""


def add_document(
    *,
    citizen: Citizen,
    data: bytes,
    filename: str,
    now: datetime,
    proves_authority: bool = False,
) -> Document:
    """Check a document and add it to the citizen's draft.

    The check and the writing of the file happen before the transaction; a file that loses the
    race for the tenth place is removed again.

    Args:
        proves_authority: whether it is the scan of what allows them to speak for somebody else.

    Raises:
        DocumentRefused: type, size or content does not fit; the text says how to mend it.
        TooManyFiles: the draft has as many as it may.
        DocumentLimit: the citizen's documents in all would come to more than they may.
        NotFound: the draft was filed meanwhile.
    """
    draft = Draft.objects.filter(citizen=citizen).first() or open_draft(citizen=citizen, now=now)
    require_limit(citizen.pk, more=1, now=now, draft=draft)
    inspected = inspect_document(
        data, filename=filename, person=f"citizen {citizen.pk}", limits=app_settings.upload_limits
    )
    public_id = uuid.uuid4()
    path = store(public_id, inspected)
    with deleted_unless_kept(path):
        return _attach(
            citizen,
            draft,
            public_id=public_id,
            path=path,
            inspected=inspected,
            proves_authority=proves_authority,
            now=now,
        )


@locking_act
def _attach(
    citizen: Citizen,
    draft: Draft,
    *,
    public_id: uuid.UUID,
    path: str,
    inspected: InspectedDocument,
    proves_authority: bool,
    now: datetime,
) -> Document:
    lock_citizen(citizen)
    locked = Draft.objects.select_for_update(no_key=True).filter(pk=draft.pk).first()
    if locked is None:
        raise NotFound
    require_limit(citizen.pk, more=len(inspected.content), now=now, draft=locked)
    return create_document(
        inspected,
        public_id=public_id,
        path=path,
        now=now,
        draft=locked,
        proves_authority=proves_authority,
    )


def require_limit(
    citizen_id: int,
    *,
    more: int,
    now: datetime,
    draft: Draft | None = None,
    clarification: Clarification | None = None,
    correction: Correction | None = None,
) -> None:
    """Refuse one more document of `more` bytes when the person would then have piled up too much.

    Args:
        draft: what it is for, if that is a draft, which takes only so many.
        clarification: the same for an answer to this question.
        correction: the same for this correction, while it is not sent.

    Raises:
        TooManyFiles, DocumentLimit
    """
    of_applications = Q(application__citizen=citizen_id) & (
        Q(application__state__in=OPEN_STATES) | Q(created_at__gt=now - MIN_COUNTED)
    )
    unsent = Q(application__isnull=True) & (
        Q(draft__citizen=citizen_id)
        | Q(clarification__application__citizen=citizen_id)
        | Q(correction__application__citizen=citizen_id)
    )
    of_one = Q(draft=draft, clarification=clarification, correction=correction)
    kept = Document.objects.filter(unsent | of_applications).aggregate(
        files=Count("pk"), size=Sum("size", default=0), of_one=Count("pk", filter=of_one)
    )
    most = app_settings.upload_limits.files
    if (draft or clarification or correction) and kept["of_one"] >= most:
        raise TooManyFiles(limit=most)
    limits = app_settings.kept_limits
    if not limits.allow(kept["files"] + 1, kept["size"] + more):
        raise DocumentLimit(files=limits.files, megabytes=limits.megabytes)


@locking_act
def remove_document(*, citizen: Citizen, public_id: uuid.UUID) -> None:
    """Remove a document from the citizen's draft, file and row; removing it again is no error.

    Raises:
        NotFound: the document belongs to somebody else or to a filed application.
    """
    # Filing holds the same lock: it files the documents that were shown or none.
    lock_citizen(citizen)
    document = (
        Document.objects.select_for_update(of=("self",))
        .filter(public_id=public_id)
        .select_related("draft")
        .first()
    )
    if document is None:
        return
    if document.draft is None or document.draft.citizen_id != citizen.pk:
        raise NotFound
    delete_documents([document])
