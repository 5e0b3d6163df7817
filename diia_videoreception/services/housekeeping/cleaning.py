"""Deleting what has outlived its purpose; nothing depends on when this runs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    CalendarFeed,
    CasePresence,
    CentreAccessRequest,
    CentreInvitation,
    Challenge,
    CitizenSession,
    Document,
    Draft,
    EmailConfirmation,
    Evidence,
    HandOver,
    HoldUse,
    IdempotentAnswer,
    Occupancy,
    PersonView,
    Reminder,
    RequestCounter,
    SpentProof,
    SpentToken,
    TypedPaper,
    VisitorSession,
    WaitingEntry,
)
from diia_videoreception.models.calendar_feeds import UNUSED_LIFETIME
from diia_videoreception.rules.limits import history_since
from diia_videoreception.rules.presence import IDLE
from diia_videoreception.services.documents.storage import delete_documents, delete_orphans
from diia_videoreception.services.transactions import act
from integrations.common.counters import clean as clean_counters
from integrations.common.failures import isolated

SESSION_RETENTION = timedelta(days=30)
REFUSAL_RETENTION = timedelta(days=365)
INVITATION_RETENTION = timedelta(days=30)
ANSWER_RETENTION = timedelta(days=1)
ENDED_WAITING_RETENTION = timedelta(days=30)
BATCH = 200


def clean(*, now: datetime) -> int:
    """Remove expired holds, tokens, hand-overs, codes, answers, counters, notes of reminders, codes for the phones of people, of who was at which case, unused calendar addresses, old sessions and visits of self-service places, unsent drafts, and what centres were refused or invited to in vain.

    What proves a sign-in goes when its time of keeping is over (identity rule C.8). A draft goes 24 hours after it was last touched, with its documents; a stored file that no row knows goes after a day.
    Everything goes in small transactions; what cannot go now keeps nothing else from going.

    Returns:
        How many rows and files went.

    Raises:
        Exception: the first that a deletion met, after all the others have been tried.
    """
    deleted = 0
    failures: list[Exception] = []
    for step in _deletions(now):
        with isolated() as one:
            deleted += step()
        if one.error is not None:
            failures.append(one.error)
    if failures:
        raise failures[0]
    return deleted


def _deletions(now: datetime) -> Iterator[Callable[[], int]]:
    for rows in (
        Occupancy.objects.expired(now),
        HoldUse.objects.filter(created_at__lt=history_since(now, app_settings.hold_limits)),
        SpentToken.objects.filter(expires_at__lt=now),
        SpentProof.objects.filter(expires_at__lt=now),
        HandOver.objects.filter(expires_at__lt=now),
        Challenge.objects.filter(expires_at__lt=now),
        Evidence.objects.filter(keep_until__lt=now),
        EmailConfirmation.objects.filter(expires_at__lt=now),
        WaitingEntry.objects.filter(ended_at__lt=now - ENDED_WAITING_RETENTION),
        IdempotentAnswer.objects.filter(created_at__lt=now - ANSWER_RETENTION),
        CentreAccessRequest.objects.filter(
            state=CentreAccessRequest.State.REFUSED, decided_at__lt=now - REFUSAL_RETENTION
        ),
        CentreInvitation.objects.filter(expires_at__lt=now - INVITATION_RETENTION, spent_at=None),
        CalendarFeed.objects.filter(used_at__lte=now - UNUSED_LIFETIME),
        CasePresence.objects.filter(last_seen_at__lte=now - IDLE),
        # No reminder is written after the start.
        Reminder.objects.filter(start__lte=now),
        CitizenSession.objects.filter(deadline__lt=now - SESSION_RETENTION),
        PersonView.objects.filter(expires_at__lt=now - ANSWER_RETENTION),
        VisitorSession.objects.filter(ended_at__lt=now - SESSION_RETENTION),
    ):
        yield partial(in_batches, partial(_delete_some, rows))
    yield partial(in_batches, partial(_delete_drafts, now))
    yield partial(delete_orphans, now=now)
    yield partial(clean_counters, RequestCounter, now=now, batch=BATCH)


def in_batches(delete_some: Callable[[], tuple[int, int]]) -> int:
    """Repeat an act that takes up to BATCH rows until it finds fewer.

    Args:
        delete_some: Gives how many rows it took, and how many went with them.
    """
    deleted = 0
    while True:
        taken, gone = delete_some()
        deleted += gone
        if taken < BATCH:
            return deleted


@act
def _delete_some(rows: QuerySet[Any]) -> tuple[int, int]:
    """Delete a batch; rows that somebody else has locked stay for the next time."""
    keys = _lock_some(rows)
    return len(keys), rows.model._default_manager.filter(pk__in=keys).delete()[0]


def _lock_some(rows: QuerySet[Any]) -> list[int]:
    locked = rows.order_by("pk").select_for_update(skip_locked=True)
    return list(locked.values_list("pk", flat=True)[:BATCH])


@act
def _delete_drafts(now: datetime) -> tuple[int, int]:
    stale = Draft.objects.filter(updated_at__lt=now - timedelta(hours=app_settings.draft_hours))
    # What its person has signed on paper waits for the centre.
    stale = stale.exclude(typed__in=TypedPaper.objects.waiting().values("typed"))
    keys = _lock_some(stale)
    delete_documents(list(Document.objects.filter(draft__in=keys)))
    return len(keys), Draft.objects.filter(pk__in=keys).delete()[0]
