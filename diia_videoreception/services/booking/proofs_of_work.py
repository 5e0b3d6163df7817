"""Using up proofs of work: each is good for one act of one citizen (A-48, architecture decision 15)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import F, QuerySet

from diia_videoreception.errors import Busy, CaptchaFailed, ProofInUse
from diia_videoreception.models import Citizen, SpentProof
from diia_videoreception.providers import captcha
from diia_videoreception.services.transactions import alone

REPEATABLE_FOR = timedelta(minutes=2)
MAX_REPEATS = 3
RETENTION_MARGIN = timedelta(hours=1)
"""Clocks of servers differ: one may still take for fresh what another takes for too old."""


@contextmanager
def spent_on(
    act: SpentProof.Act, target: str, *, citizen: Citizen, payload: str, now: datetime
) -> Iterator[None]:
    """Uses up the proof before the act in the block, whatever becomes of the act.

    The mark is a transaction of its own, so that no refused act takes it back. When the act ends
    as `Busy`, the same citizen may repeat the same act on the same target with it within two
    minutes, three times at most.

    Raises:
        CaptchaFailed: the proof is missing, false, old or used.
        ProofInUse: it was used by this citizen for this very act.
    """
    proof = captcha().check(payload)
    if proof is None:
        raise CaptchaFailed
    spent = SpentProof(
        key_hash=hashlib.sha256(proof.key.encode()).hexdigest(),
        citizen=citizen,
        act=act,
        target=target,
        expires_at=max(proof.expires_at, now) + RETENTION_MARGIN,
    )
    try:
        with alone():
            spent.save(force_insert=True)
    except IntegrityError as error:
        if not _repeat(spent, now=now):
            raise (ProofInUse if _same(spent).exists() else CaptchaFailed) from error
    try:
        yield
    except Busy:
        SpentProof.objects.filter(key_hash=spent.key_hash, repeats__lt=MAX_REPEATS).update(
            repeatable_until=now + REPEATABLE_FOR
        )
        raise


def _repeat(wanted: SpentProof, *, now: datetime) -> bool:
    """Takes the permission to repeat the act; of those who ask at once one gets it."""
    same = _same(wanted).filter(repeatable_until__gte=now)
    return bool(same.update(repeatable_until=None, repeats=F("repeats") + 1))


def _same(wanted: SpentProof) -> QuerySet[SpentProof]:
    return SpentProof.objects.filter(
        key_hash=wanted.key_hash,
        citizen_id=wanted.citizen_id,
        act=wanted.act,
        target=wanted.target,
    )
