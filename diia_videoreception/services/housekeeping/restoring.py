"""Telling whether database, documents and keys belong together, above all after restoring them.

Reads only. Nothing that it gives names a person.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from diia_videoreception.models import Application, Citizen, Document, JournalAct, JournalRecord
from diia_videoreception.personal_data import decrypt, lookup_hash
from diia_videoreception.services.documents.storage import private_storage
from diia_videoreception.services.housekeeping import key_rotation
from diia_videoreception.services.housekeeping.key_rotation import Column
from diia_videoreception.services.journal.sealing import Verification, verify_journal

BATCH = 500
BLOCK = 1 << 20


@dataclass(slots=True)
class Restored:
    """What was found.

    Attributes:
        journal: The chain of the journal.
        documents: How many rows of documents there are.
        missing: Documents without a file.
        changed: Documents whose file is not what the table says.
        unreadable: Encrypted values that no key opens, as (column, primary key).
        citizens: How many people were looked up by their own number.
        not_found: Primary keys of those who would not be recognised.
        unrecorded: Applications of which the journal knows nothing.
    """

    journal: Verification
    documents: int = 0
    missing: list[UUID] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    unreadable: list[tuple[Column, int]] = field(default_factory=list)
    citizens: int = 0
    not_found: list[int] = field(default_factory=list)
    unrecorded: list[UUID] = field(default_factory=list)


def verify_restored() -> Restored:
    """Read everything that a backup has to bring back, and compare it."""
    found = Restored(
        verify_journal(),
        unreadable=key_rotation.count().unreadable,
        unrecorded=list(unrecorded_applications()),
    )
    for document in Document.objects.order_by("pk").iterator(chunk_size=BATCH):
        found.documents += 1
        state = _file_of(document)
        if state is None:
            found.missing.append(document.public_id)
        elif state != (document.size, document.sha256):
            found.changed.append(document.public_id)
    unreadable = {row for column, row in found.unreadable if column.model is Citizen}
    for row, is_found in _lookups(unreadable):
        found.citizens += 1
        if not is_found:
            found.not_found.append(row)
    return found


def unrecorded_applications() -> Iterator[UUID]:
    """Yield the applications whose filing the journal does not tell: rows of it are gone.

    An emptied journal is a valid chain; what it has to tell of is in another table.
    """
    filed = Application.objects.order_by("pk").values_list("public_id", flat=True)
    rows = filed.iterator(chunk_size=BATCH)
    while some := list(islice(rows, BATCH)):
        names = [str(public_id) for public_id in some]
        recorded = set(
            JournalRecord.objects.filter(
                subject_kind="application", subject_id__in=names, act=JournalAct.SUBMIT
            ).values_list("subject_id", flat=True)
        )
        yield from (public_id for public_id in some if str(public_id) not in recorded)


def _file_of(document: Document) -> tuple[int, str] | None:
    """Return size and digest of the file, None when there is none."""
    digest, size = hashlib.sha256(), 0
    try:
        with private_storage().open(document.path) as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
    except FileNotFoundError:
        return None
    return size, digest.hexdigest()


def _lookups(unreadable: set[int]) -> Iterator[tuple[int, bool]]:
    """Yield whether each citizen is found by the number in their row, that is, with this LOOKUP_KEY."""
    rows = Citizen.objects.order_by("pk").values_list(
        "pk", "identifier_kind", "identifier_hash", "identifier_encrypted"
    )
    for row, kind, known, encrypted in rows.iterator(chunk_size=BATCH):
        if row not in unreadable:
            yield row, lookup_hash(kind, decrypt(encrypted)) == known
