"""Using up proofs of work: each is good for one act of one citizen, or of a stranger (A-48)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from diia_videoreception.errors import ActInProgress, Busy, CaptchaFailed
from diia_videoreception.models import Citizen, SpentProof
from diia_videoreception.providers import captcha
from diia_videoreception.services.transactions import alone, insert_new

REPEATABLE_FOR = timedelta(minutes=2)
MAX_REPEATS = 3
MAX_ACT = timedelta(seconds=30)
"""No act takes longer; whatever has not told of its end by then was cut off, with its server."""
RETENTION_MARGIN = timedelta(hours=1)
"""Clocks of servers differ: one may still take for fresh what another takes for too old."""


@contextmanager
def spent_on(
    act: SpentProof.Act, target: str, *, citizen: Citizen | None, payload: str, now: datetime
) -> Iterator[None]:
    """Use up the proof before the act in the block, whatever becomes of the act.

    The mark is a statement and transaction of its own, so that no refused act takes it back. When the act ends
    as `Busy`, the same citizen may repeat the same act on the same target with it within two
    minutes, three times at most.

    Args:
        citizen: None for who asks for access of a centre.

    Raises:
        CaptchaFailed: the proof is missing, false, old or used.
        ActInProgress: this citizen used it for this very act, which has not ended yet.
    """
    proof = captcha().verify(payload)
    if proof is None:
        raise CaptchaFailed
    spent = SpentProof(
        key_hash=hashlib.sha256(proof.key.encode()).hexdigest(),
        citizen=citizen,
        act=act,
        target=target,
        acting_until=now + MAX_ACT,
        expires_at=max(proof.expires_at, now) + RETENTION_MARGIN,
    )
    with alone():
        is_new = insert_new(spent)
    if not is_new and not _repeat(spent, now=now):
        running = _same(spent).filter(acting_until__gte=now).exists()
        raise ActInProgress if running else CaptchaFailed
    mark = SpentProof.objects.filter(key_hash=spent.key_hash)
    try:
        yield
    except Busy:
        mark.filter(repeats__lt=MAX_REPEATS).update(repeatable_until=now + REPEATABLE_FOR)
        raise
    finally:
        mark.update(acting_until=None)


def _repeat(wanted: SpentProof, *, now: datetime) -> bool:
    """Take the permission to repeat the act; of those who ask at once one gets it."""
    same = _same(wanted).filter(repeatable_until__gte=now)
    return bool(
        same.update(
            repeatable_until=None, repeats=F("repeats") + 1, acting_until=wanted.acting_until
        )
    )


def _same(wanted: SpentProof) -> QuerySet[SpentProof]:
    same = SpentProof.objects.filter(key_hash=wanted.key_hash, act=wanted.act, target=wanted.target)
    if wanted.citizen_id is None:
        return same.filter(citizen__isnull=True)
    return same.filter(citizen_id=wanted.citizen_id)
