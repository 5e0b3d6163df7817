"""Files of documents in private storage, under random names."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import StorageUnavailable
from diia_videoreception.models import (
    AnswerSignature,
    Application,
    Clarification,
    ConsentEvidence,
    Correction,
    Document,
    Draft,
    Evidence,
    Participant,
    SignatureRequest,
    TypedPaper,
)
from diia_videoreception.services.documents.inspection import InspectedDocument
from integrations.common.failures import isolated, traceback_without_message

logger = logging.getLogger(__name__)

FOLDER = "documents"
ORPHAN_RETENTION = timedelta(days=1)
"""A file without a row may be on its way into one."""


def private_storage() -> Storage:
    """Return where documents lie; never under a public address."""
    return storages[app_settings.private_storage]


def store(public_id: uuid.UUID, inspected: InspectedDocument) -> str:
    """Write the file of a document; gives its path. The person's own name is only in the table.

    Raises:
        StorageUnavailable: the storage did not take it.
    """
    path = f"{FOLDER}/{public_id.hex[:2]}/{public_id.hex}"
    with _or_unavailable():
        return private_storage().save(path, ContentFile(inspected.content))


def read(document: Document) -> bytes:
    """Return the file of a document whole: from a storage elsewhere, it is all here or it is refused.

    Raises:
        FileNotFoundError: there is none, as after a restored backup.
        StorageUnavailable: the storage did not give it.
    """
    with _or_unavailable():
        try:
            with private_storage().open(document.path) as file:
                return bytes(file.read())
        except FileNotFoundError:
            pass
    raise FileNotFoundError


@contextmanager
def _or_unavailable() -> Iterator[None]:
    """Raise StorageUnavailable for whatever error a storage has: each backend has errors of its own."""
    with isolated() as one:
        yield
    if one.error is not None:
        logger.error("The storage of documents failed: %s", traceback_without_message(one.error))
        raise StorageUnavailable from one.error


def create_document(
    inspected: InspectedDocument,
    *,
    public_id: uuid.UUID,
    path: str,
    now: datetime,
    draft: Draft | None = None,
    application: Application | None = None,
    clarification: Clarification | None = None,
    correction: Correction | None = None,
    added_by: Participant | None = None,
    answer_signature: AnswerSignature | None = None,
    consent: ConsentEvidence | None = None,
    typed_paper: TypedPaper | None = None,
    proves_authority: bool = False,
) -> Document:
    """Write the row of a stored file, inside the act of whoever holds it: a draft, an application, an answer or a correction."""
    return Document.objects.create(
        public_id=public_id,
        draft=draft,
        application=application,
        clarification=clarification,
        correction=correction,
        added_by=added_by,
        answer_signature=answer_signature,
        consent=consent,
        typed_paper=typed_paper,
        name=inspected.display_name,
        media_type=inspected.media_type,
        size=len(inspected.content),
        sha256=inspected.sha256,
        path=path,
        is_signed=inspected.signed,
        has_attachments=inspected.has_attachments,
        proves_authority=proves_authority,
        created_at=now,
    )


@contextmanager
def deleted_unless_kept(path: str) -> Iterator[None]:
    """Delete a stored file when what is done inside fails, whatever the reason, and left no row of it.

    Where the database cannot say whether there is a row, the file stays for `delete_orphans`: a row without
    its file would be worse.
    """
    try:
        yield
    except BaseException:
        try:
            is_kept = Document.objects.filter(path=path).exists()
        except DatabaseError:
            is_kept = True
        if not is_kept:
            _delete_file(path)
        raise


def delete_documents(documents: list[Document]) -> None:
    """Delete rows now, with the signatures on them, and their files once the transaction is through."""
    paths = [document.path for document in documents]
    delete_signatures(SignatureRequest.objects.filter(document__in=documents))
    Document.objects.filter(pk__in=[document.pk for document in documents]).delete()
    transaction.on_commit(lambda: _delete_files(paths), robust=True)


def delete_signatures(requests: QuerySet[SignatureRequest]) -> None:
    """Delete signatures on documents with what proves them."""
    proofs = list(requests.filter(evidence__isnull=False).values_list("evidence", flat=True))
    requests.delete()
    Evidence.objects.filter(pk__in=proofs).delete()


def delete_orphans(*, now: datetime) -> int:
    """Delete files that have had no row for a day: of a process that was killed, of a storage that failed.

    A storage that cannot list its files, or tell how old they are, keeps them; `check` says so.

    Returns:
        How many files went.
    """
    storage = private_storage()
    try:
        folders, _ = storage.listdir(FOLDER)
    except (FileNotFoundError, NotImplementedError):
        return 0
    return sum(_delete_orphans_in(storage, f"{FOLDER}/{folder}", now) for folder in folders)


def _delete_orphans_in(storage: Storage, folder: str, now: datetime) -> int:
    paths = {str(PurePosixPath(folder, name)) for name in storage.listdir(folder)[1]}
    kept = Document.objects.filter(path__startswith=f"{folder}/").values_list("path", flat=True)
    deleted = 0
    for path in sorted(paths - set(kept)):
        try:
            is_old = storage.get_modified_time(path) < now - ORPHAN_RETENTION
        except (FileNotFoundError, NotImplementedError):
            continue
        if is_old and not Document.objects.filter(path=path).exists():
            deleted += _delete_file(path)
    return deleted


def _delete_files(paths: list[str]) -> None:
    for path in paths:
        _delete_file(path)


def _delete_file(path: str) -> bool:
    """Delete a file; one that cannot be deleted now stays for `delete_orphans`, and the others go."""
    with isolated() as one:
        private_storage().delete(path)
    if one.error is not None:
        logger.error("A stored document could not be deleted: %s", type(one.error).__name__)
    return one.error is None
