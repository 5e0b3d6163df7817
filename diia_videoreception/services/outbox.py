"""Rows that several processes work off side by side, and work of which one part may fail (decision 5)."""

import traceback
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet


class Isolation:
    """What became of a block that `isolated` has run; `error` is what went wrong, if anything."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> "Isolation":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.error = error
        return True


def isolated() -> Isolation:
    """Run a block whose error, whatever it is, ends the block only.

        with isolated() as one:
            deliver(letter)
        if one.error is not None:
            ...

    This is the one place that catches every exception, on purpose: of many letters, documents or
    jobs one may fail in ways that nobody foresaw, and the others go on. Whoever calls it looks at
    `error`. What ends the process, such as a signal, goes through.
    """
    return Isolation()


def traceback_without_message(error: Exception) -> str:
    """The kind of an error and the lines of code it came through.

    Never its text: that of a database or of a mail server may quote personal data.
    """
    path = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{path}"


def that_are_due(waiting: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    """Those of the rows whose time has come and that nobody works on."""
    return waiting.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=now), next_attempt_at__lte=now
    )


def claim(waiting: QuerySet[Any], *, lease: timedelta, now: datetime) -> int | None:
    """Takes the lease of the first of these rows that is due and nobody's; counts the attempt.

    Args:
        waiting: Rows with `next_attempt_at`, `leased_until` and `attempts`, in their waiting state.
        lease: How long the row belongs to whoever claims it.

    Returns:
        The primary key, or None when nothing is due.
    """
    due = that_are_due(waiting, now=now)
    with transaction.atomic():
        # Rows that others are claiming are passed over; SQLite lets in one claimer at a time.
        rows = due.order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)
        key: int | None = rows.values_list("pk", flat=True).first()
        if key is None or not due.filter(pk=key).update(
            leased_until=now + lease, attempts=F("attempts") + 1
        ):
            return None
    return key
