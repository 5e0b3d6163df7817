"""That staff looked at a case: written before it is shown, sealed with the journal.

Looking is no act: one statement, outside of any. What is not written down is not shown, because
the statement's error is that of the page.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from diia_videoreception.models import Application, JournalAct, JournalRecord, Look
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.booking.looks import seen_as
from diia_videoreception.services.journal.locking import only_sealer
from diia_videoreception.services.journal.recording import record
from diia_videoreception.services.transactions import act, insert_new

QUARTER = timedelta(minutes=15)
BATCH = 1_000
READ_AT_ONCE = 5_000
_COVERED = (
    "pk", "uuid", "moment", "staff_id", "role", "what", "application_id", "object_id", "agency_key",
    "official_key", "ground", "quarter",
)  # fmt: skip
"""What the digest of a seal covers of each row."""


def record_look(
    user: StaffUser,
    application: Application,
    *,
    what: Look.What,
    now: datetime,
    object_id: uuid.UUID | None = None,
) -> bool:
    """Write that this member of staff is about to see something of a case.

    One row to person, thing and quarter of an hour, however often the page is loaded.

    Args:
        application: Read with its official, by a selector of the user.
        object_id: Of what is looked at, where that is not the case itself.

    Returns:
        Whether there was no such row yet.
    """
    role, ground = seen_as(user, application)
    return insert_new(
        Look(
            staff_id=str(user.pk),
            role=role,
            ground=ground,
            what=what,
            object_id=object_id or application.public_id,
            **_of(application, now),
        )
    )


def record_help(user: StaffUser, application: Application, *, now: datetime) -> bool:
    """Write, as `record_look`, that the help desk is about to see how an application stands."""
    return insert_new(
        Look(
            staff_id=str(user.pk),
            role=Look.As.HELP_DESK,
            ground=Look.Ground.HELP,
            what=Look.What.STATE,
            object_id=application.public_id,
            **_of(application, now),
        )
    )


def _of(application: Application, now: datetime) -> dict[str, Any]:
    return {
        "moment": now,
        "application_id": application.public_id,
        "agency_key": application.agency_id,
        "official_key": application.official_id,
        "quarter": int(now.timestamp() // QUARTER.total_seconds()),
    }


def seal_looks(*, now: datetime) -> int:
    """Put the digest of every committed row that has no seal into records of the journal.

    The chain of the journal seals those records: a look that is changed or gone later shows.

    Returns:
        How many rows were sealed.
    """
    sealed = 0
    while (batch := _seal_batch(now=now)) > 0:
        sealed += batch
        if batch < BATCH:
            break
    return sealed


@act
def _seal_batch(*, now: datetime) -> int:
    with only_sealer() as alone:
        rows = list(unsealed_looks().order_by("pk")[:BATCH]) if alone else []
        if not rows:
            return 0
        covered = [tuple(getattr(row, name) for name in _COVERED) for row in rows]
        sealed_by = record(
            JournalAct.SEAL_LOOKS,
            subject=rows[0],
            now=now,
            details={"count": len(rows), "sha256": digest(covered)},
        )
        return Look.objects.filter(pk__in=[row.pk for row in rows]).seal(sealed_by)


def digest(rows: Iterable[tuple[object, ...]]) -> str:
    """Compute the SHA-256 (hex) of rows in the order of their keys, each a line of JSON."""
    found = hashlib.sha256()
    for row in rows:
        line = [
            one.astimezone(UTC).isoformat() if isinstance(one, datetime) else one for one in row
        ]
        found.update(json.dumps(line, default=str, ensure_ascii=False).encode() + b"\n")
    return found.hexdigest()


def unsealed_looks() -> QuerySet[Look]:
    """Return the rows that wait for their seal."""
    return Look.objects.filter(sealed_by=None)


def first_broken_seal() -> int | None:
    """Recompute every seal of looks; return the first record whose looks are others, by key."""
    rows = Look.objects.exclude(sealed_by=None).order_by("sealed_by", "pk")
    looks = rows.values_list("sealed_by", *_COVERED).iterator(chunk_size=READ_AT_ONCE)
    groups = groupby(looks, key=lambda row: row[0])
    seals = JournalRecord.objects.filter(act=JournalAct.SEAL_LOOKS).order_by("pk")
    group = next(groups, None)
    for key, details in seals.values_list("pk", "details").iterator(chunk_size=READ_AT_ONCE):
        if group is not None and group[0] < key:
            break
        found: list[tuple[object, ...]] = []
        if group is not None and group[0] == key:
            found = [row[1:] for row in group[1]]
            group = next(groups, None)
        if details.get("count") != len(found) or details.get("sha256") != digest(found):
            return int(key)
    # What hangs on a record that seals nothing.
    return int(group[0]) if group is not None else None
