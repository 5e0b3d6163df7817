"""Sealing the journal: sequence numbers and a chain of hashes (architecture decision 4).

The acts only insert; one sealer at a time gives committed rows their place afterwards, so that
the chain never makes acts wait for each other.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from diia_videoreception.models import JournalRecord

GENESIS = "0" * 64
BATCH = 500
_ADVISORY_LOCK = 0x64696961_6A726E6C


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the chain found: rows in order, the first broken one, the unsealed tail."""

    sealed: int
    head: str
    """Hash of the last row that fits; rows cut off at the end show only by comparing it."""
    broken_at: int | None
    unsealed: int
    oldest_unsealed: datetime | None


def seal_journal() -> int:
    """Gives every committed row its sequence number and hash, in the order of insertion.

    Safe to run side by side: a second sealer finds nothing to do.

    Returns:
        How many rows were sealed.
    """
    sealed = 0
    while (batch := _seal_batch()) > 0:
        sealed += batch
        if batch < BATCH:
            break
    return sealed


def _seal_batch() -> int:
    with transaction.atomic(), _only_sealer() as alone:
        if not alone:
            return 0
        last = JournalRecord.objects.filter(sequence__isnull=False).order_by("-sequence").first()
        first, previous = (last.sequence or 0, last.hash) if last else (0, GENESIS)
        rows = list(JournalRecord.objects.filter(sequence__isnull=True).order_by("pk")[:BATCH])
        for sequence, row in enumerate(rows, start=first + 1):
            own_hash = record_hash(row, sequence=sequence, previous_hash=previous)
            JournalRecord.objects.filter(pk=row.pk).seal(
                sequence=sequence, previous_hash=previous, own_hash=own_hash
            )
            previous = own_hash
        return len(rows)


@contextmanager
def _only_sealer() -> Iterator[bool]:
    """True for the one sealer of the moment; SQLite's immediate transaction is enough of a lock."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        yield bool(cursor.fetchone()[0])


def record_hash(row: JournalRecord, *, sequence: int, previous_hash: str) -> str:
    """SHA-256 (hex) over the canonical JSON of a row, its place and the hash before it."""
    content = {
        "uuid": str(row.uuid),
        "moment": row.moment.astimezone(UTC).isoformat(),
        "act": row.act,
        "actor_kind": row.actor_kind,
        "actor_id": row.actor_id,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "subject_version": row.subject_version,
        "details": row.details,
        "sequence": sequence,
        "previous_hash": previous_hash,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_journal() -> Verification:
    """Recomputes the chain from its beginning."""
    sealed, previous, broken_at = 0, GENESIS, None
    rows = JournalRecord.objects.filter(sequence__isnull=False).order_by("sequence")
    for row in rows.iterator(chunk_size=BATCH):
        sealed += 1
        expected = record_hash(row, sequence=sealed, previous_hash=previous)
        if row.sequence != sealed or row.previous_hash != previous or row.hash != expected:
            broken_at = sealed
            break
        previous = row.hash
    unsealed = JournalRecord.objects.filter(sequence__isnull=True)
    oldest = unsealed.order_by("moment").first()
    return Verification(
        sealed=sealed,
        head=previous,
        broken_at=broken_at,
        unsealed=unsealed.count(),
        oldest_unsealed=oldest.moment if oldest else None,
    )
