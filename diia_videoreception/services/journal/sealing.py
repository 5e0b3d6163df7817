"""Sealing the journal: sequence numbers and a chain of hashes.

The acts only insert; one sealer at a time gives committed rows their place afterwards, so that
the chain never makes acts wait for each other.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring as _quote
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from diia_videoreception.models import JournalRecord
from diia_videoreception.models.journal import Link
from diia_videoreception.services.journal.locking import only_sealer
from diia_videoreception.services.journal.looking import first_broken_seal, unsealed_looks

GENESIS = "0" * 64
BATCH = 1_000
VERIFIED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the chain found: rows in order, the first broken one, the unsealed tail."""

    sealed: int
    head: str
    """Hash of the last row that fits; rows cut off at the end show only by comparing it."""
    broken_at: int | None
    unsealed: int
    oldest_unsealed: datetime | None
    looks_broken_at: int | None = None
    """The first record whose looks at cases are not those that were sealed in it."""


def seal_journal() -> int:
    """Give every committed row its sequence number and hash, in the order of insertion.

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
    with transaction.atomic(), only_sealer() as alone:
        if not alone:
            return 0
        last = JournalRecord.objects.filter(sequence__isnull=False).order_by("-sequence").first()
        first, previous = (last.sequence or 0, last.hash) if last else (0, GENESIS)
        rows = list(JournalRecord.objects.filter(sequence__isnull=True).order_by("pk")[:BATCH])
        links: list[Link] = []
        for sequence, row in enumerate(rows, start=first + 1):
            own_hash = record_hash(row, sequence=sequence, previous_hash=previous)
            links.append((row.pk, sequence, previous, own_hash))
            previous = own_hash
        JournalRecord.objects.seal(links)
        return len(rows)


class Content(NamedTuple):
    """What the hash of a row covers beside its place in the chain."""

    uuid: UUID
    moment: datetime
    act: str
    actor_kind: str
    actor_id: str
    subject_kind: str
    subject_id: str
    subject_version: int | None
    details: dict[str, object]


def record_hash(row: JournalRecord, *, sequence: int, previous_hash: str) -> str:
    """Compute the SHA-256 (hex) of a row, its place and the hash before it."""
    content = Content._make(getattr(row, name) for name in Content._fields)
    return _hash(content, sequence=sequence, previous_hash=previous_hash)


def _hash(content: Content, *, sequence: int, previous_hash: str) -> str:
    text = canonical_text(content, sequence=sequence, previous_hash=previous_hash)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_text(content: Content, *, sequence: int, previous_hash: str) -> str:
    """Write the canonical JSON of a row: sorted keys, no spaces, letters as they are.

    Written key by key, as `json.dumps` of the whole takes four times as long.
    """
    version = "null" if content.subject_version is None else int(content.subject_version)
    details = _details(content.details) if content.details else "{}"
    return (
        f'{{"act":{_quote(content.act)},"actor_id":{_quote(content.actor_id)}'
        f',"actor_kind":{_quote(content.actor_kind)},"details":{details}'
        f',"moment":"{content.moment.astimezone(UTC).isoformat()}"'
        f',"previous_hash":{_quote(previous_hash)},"sequence":{int(sequence)}'
        f',"subject_id":{_quote(content.subject_id)},"subject_kind":{_quote(content.subject_kind)}'
        f',"subject_version":{version},"uuid":"{content.uuid}"}}'
    )


def _details(details: dict[str, object]) -> str:
    return json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def verify_part(first: int, last: int) -> int | None:
    """Recompute the chain between two places, both included, and its joint with the row before.

    What was cut off at the end of the journal shows only when the whole is verified and its head compared.

    Returns:
        The place of the first row that was changed or is missing; None where the part is whole.
    """
    rows = JournalRecord.objects.filter(sequence__range=(first, last)).order_by("sequence")
    before = JournalRecord.objects.filter(sequence=first - 1).values_list("hash", flat=True).first()
    previous = (before or "") if first > 1 else GENESIS
    place = first - 1
    columns = rows.values_list("sequence", "previous_hash", "hash", *Content._fields)
    for sequence, stated, own, *content in columns.iterator(chunk_size=VERIFIED_AT_ONCE):
        place += 1
        expected = _hash(Content._make(content), sequence=place, previous_hash=previous)
        if sequence != place or stated != previous or own != expected:
            return place
        previous = own
    return None if place == last else place + 1


def verify_journal() -> Verification:
    """Recompute the chain from its beginning."""
    sealed, previous, broken_at = 0, GENESIS, None
    rows = JournalRecord.objects.filter(sequence__isnull=False).order_by("sequence")
    columns = rows.values_list("sequence", "previous_hash", "hash", *Content._fields)
    for sequence, before, own, *content in columns.iterator(chunk_size=VERIFIED_AT_ONCE):
        sealed += 1
        expected = _hash(Content._make(content), sequence=sealed, previous_hash=previous)
        if sequence != sealed or before != previous or own != expected:
            broken_at = sealed
            break
        previous = own
    waiting = [JournalRecord.objects.filter(sequence__isnull=True), unsealed_looks()]
    oldest = [one.order_by("moment").values_list("moment", flat=True).first() for one in waiting]
    return Verification(
        sealed=sealed,
        head=previous,
        broken_at=broken_at,
        unsealed=sum(one.count() for one in waiting),
        oldest_unsealed=min((moment for moment in oldest if moment), default=None),
        looks_broken_at=first_broken_seal(),
    )
