"""Rows that several processes work off side by side, each with a lease."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from integrations.common.failures import isolated, traceback_without_message

logger = logging.getLogger(__name__)


def that_are_due(waiting: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    """Return those of the rows whose time has come and that nobody works on."""
    return waiting.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=now), next_attempt_at__lte=now
    )


def claim(
    waiting: QuerySet[Any], *, lease: timedelta, now: datetime, at_most: int = 1
) -> list[int]:
    """Take the lease of the first of these rows that are due and nobody's; counts the attempt.

    Args:
        waiting: Rows with `next_attempt_at`, `leased_until` and `attempts`, in their waiting state.
        lease: How long the rows belong to whoever claims them.
        at_most: How many are taken at once.

    Returns:
        The primary keys in their turn; none when nothing is due.
    """
    due = that_are_due(waiting, now=now)
    with transaction.atomic():
        # Rows that others are claiming are passed over; SQLite lets in one claimer at a time.
        rows = due.order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)
        keys = list(rows.values_list("pk", flat=True)[:at_most])
        if keys:
            due.filter(pk__in=keys).update(leased_until=now + lease, attempts=F("attempts") + 1)
    return keys


def give_back(waiting: QuerySet[Any], keys: Iterable[int], *, leased_until: datetime) -> None:
    """Let others have rows of a claim that was not begun with, as if they had never been taken."""
    ours = waiting.filter(pk__in=keys, leased_until=leased_until)
    ours.update(leased_until=None, attempts=F("attempts") - 1)


def sum_of_acts(acts: Iterable[Callable[[], int]]) -> int:
    """Do each act by itself: one that fails is logged and tried again in the next run."""
    total = 0
    for do in acts:
        with isolated() as one:
            total += do()
        if one.error is not None:
            logger.error("A deadline could not be kept: %s", traceback_without_message(one.error))
    return total
