"""Answering a repeated request of a program with the first answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from diia_videoreception.errors import IdempotencyInProgress, IdempotencyMismatch
from diia_videoreception.models import Citizen, IdempotentAnswer
from diia_videoreception.services.transactions import insert_new

KEY_LENGTH = 64
ABANDONED_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    status: int
    body: str


def begin(*, citizen: Citizen, key: str, request: bytes, now: datetime) -> StoredResponse | None:
    """Claim a key for a request, given by what makes it the same or another one.

    A claim without an answer is taken over after a minute: its process has died, and the acts
    themselves can be repeated.

    Returns:
        None when the request is new and may go on; the answer given earlier when it is repeated.

    Raises:
        IdempotencyMismatch: the key was used for another request.
        IdempotencyInProgress: the first request has not been answered yet.
    """
    digest = hashlib.sha256(request).hexdigest()
    claim = IdempotentAnswer(citizen=citizen, key=key, request_hash=digest, created_at=now)
    if insert_new(claim):
        return None
    earlier = IdempotentAnswer.objects.filter(citizen=citizen, key=key).first()
    if earlier is None:
        raise IdempotencyInProgress
    if earlier.request_hash != digest:
        raise IdempotencyMismatch
    if earlier.status is not None:
        return StoredResponse(status=earlier.status, body=earlier.body)
    abandoned = IdempotentAnswer.objects.filter(
        pk=earlier.pk, status__isnull=True, created_at__lt=now - ABANDONED_AFTER
    )
    if not abandoned.update(created_at=now):
        raise IdempotencyInProgress
    return None


def finish(*, citizen: Citizen, key: str, answer: StoredResponse) -> None:
    """Keep the answer for repetitions."""
    IdempotentAnswer.objects.filter(citizen=citizen, key=key).update(
        status=answer.status, body=answer.body
    )


def abandon(*, citizen: Citizen, key: str) -> None:
    """Free the key: the request failed in a way that a repetition may mend."""
    IdempotentAnswer.objects.filter(citizen=citizen, key=key, status__isnull=True).delete()
