"""Deleting what has outlived its purpose; nothing depends on when this runs."""

from datetime import datetime, timedelta

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
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
    SpentToken,
)
from diia_videoreception.rules.limits import history_since
from diia_videoreception.services.documents.storage import delete_documents
from diia_videoreception.services.transactions import act

SESSION_KEPT = timedelta(days=30)
ANSWER_KEPT = timedelta(days=1)
BATCH = 200


@act
def clean(*, now: datetime) -> int:
    """Removes expired holds, tokens, hand-overs, codes, answers, old sessions and unsent drafts.

    What proves a sign-in goes when its time of keeping is over (identity rule C.8). A draft goes 24 hours after it was last touched, with its documents (ux.md, section 5).

    Returns:
        How many rows went.
    """
    deleted = 0
    for rows in (
        Occupancy.objects.expired(now),
        HoldUse.objects.filter(created_at__lt=history_since(now, app_settings.hold_limits)),
        SpentToken.objects.filter(expires_at__lt=now),
        HandOver.objects.filter(expires_at__lt=now),
        Challenge.objects.filter(expires_at__lt=now),
        Evidence.objects.filter(keep_until__lt=now),
        EmailConfirmation.objects.filter(expires_at__lt=now),
        IdempotentAnswer.objects.filter(created_at__lt=now - ANSWER_KEPT),
        CitizenSession.objects.filter(deadline__lt=now - SESSION_KEPT),
    ):
        deleted += rows.delete()[0]
    return deleted + _clean_drafts(now)


def _clean_drafts(now: datetime) -> int:
    stale = Draft.objects.filter(updated_at__lt=now - timedelta(hours=app_settings.draft_hours))
    keys = list(stale.order_by("pk").select_for_update().values_list("pk", flat=True)[:BATCH])
    delete_documents(list(Document.objects.filter(draft__in=keys)))
    return Draft.objects.filter(pk__in=keys).delete()[0]
