"""Counting how often somebody does something, exactly and for good.

A table of the caller's counts by sliding windows of two periods: what was let through in this
period, and the share of the last one that still lies within the window. One statement counts and
answers, so that requests at the same moment in several processes lose no count, and nothing but
its own end takes a counter away. What is refused is not counted: whoever waits is let in again.
"""

import math
from datetime import datetime

from django.db import connections, models, router
from django.utils.crypto import salted_hmac

from integrations.common.rates import Rate


class RateCounter(models.Model):
    """How often somebody did something in this period and the one before; names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    period = models.BigIntegerField()
    hits = models.IntegerField()
    hits_before = models.IntegerField()
    ends_at = models.BigIntegerField(db_index=True)
    """When it changes no answer any more, in seconds since 1970."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.hits} in {self.period}"


def count(
    counters: type[RateCounter],
    *,
    scope: str,
    who: str,
    rate: Rate,
    now: datetime,
    is_lasting: bool = True,
) -> int | None:
    """Count one act, if the rate allows it; one statement, and a second one for a refusal.

    To be called outside transactions: a count must stay whatever becomes of the act.

    Args:
        counters: The table.
        scope: What is done; each has counters of its own.
        who: Who does it; only a hash of it is kept.
        is_lasting: Whether to wait until the count is on the disk of PostgreSQL. Without it a
            server that crashes forgets what was counted in its last second.

    Returns:
        None when the act may go on, else in how many seconds it may be tried again.
    """
    key = salted_hmac("diia.rate", f"{scope}\0{who}", algorithm="sha256").hexdigest()
    seconds = now.timestamp()
    period = int(seconds // rate.seconds)
    remaining = 1 - seconds % rate.seconds / rate.seconds
    table = counters._meta.db_table
    values: dict[str, str | int | float] = {
        "key": key,
        "period": period,
        "remaining": remaining,
        "limit": rate.limit,
        "ends": (period + 2) * rate.seconds,
    }
    connection = connections[router.db_for_write(counters)]
    # In a transaction of somebody else this would not wait for theirs either.
    hurries = (
        not is_lasting and connection.vendor == "postgresql" and not connection.in_atomic_block
    )
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=table, hurry=_HURRY if hurries else ""), values)
        # All of it: SQLite ends the statement with its last row.
        if cursor.fetchall():
            return None
        cursor.execute(_READ.format(table=table), values)
        row = cursor.fetchone()
    return _seconds_to_wait(row, rate, seconds) if row else 1


# A server whose clock is a little behind meets the next period: it counts there. Far from the
# present, a counter has nothing to say.
_COUNT = """
INSERT INTO {table} (key, period, hits, hits_before, ends_at)
VALUES (%(key)s, %(period)s, 1, 0, %(ends)s)
ON CONFLICT (key) DO UPDATE SET
    hits_before = CASE {table}.period - excluded.period
        WHEN 0 THEN {table}.hits_before WHEN 1 THEN {table}.hits_before
        WHEN -1 THEN {table}.hits ELSE 0 END,
    hits = CASE {table}.period - excluded.period
        WHEN 0 THEN {table}.hits + 1 WHEN 1 THEN {table}.hits + 1 ELSE 1 END,
    period = CASE {table}.period - excluded.period
        WHEN 1 THEN {table}.period ELSE excluded.period END,
    ends_at = CASE {table}.period - excluded.period
        WHEN 1 THEN {table}.ends_at ELSE excluded.ends_at END
WHERE 1 + CASE {table}.period - excluded.period
        WHEN 0 THEN {table}.hits + {table}.hits_before * CAST(%(remaining)s AS double precision)
        WHEN 1 THEN {table}.hits
        WHEN -1 THEN {table}.hits * CAST(%(remaining)s AS double precision)
        ELSE 0 END <= %(limit)s
RETURNING hits{hurry}
"""
_HURRY = ", set_config('synchronous_commit', 'off', true)"
_READ = "SELECT period, hits, hits_before FROM {table} WHERE key = %(key)s"


def _seconds_to_wait(row: tuple[int, int, int], rate: Rate, seconds: float) -> int:
    """Return when the share of the last period will have become small enough."""
    period, hits, hits_before = row
    if hits + 1 > rate.limit:
        # Not before the next period, in which these are the ones before.
        period, hits, hits_before = period + 1, 0, hits
    share = (rate.limit - 1 - hits) / hits_before if hits_before else 1.0
    ready = (period + 1 - min(1.0, share)) * rate.seconds
    return max(1, math.ceil(ready - seconds))


def clean(counters: type[RateCounter], *, now: datetime, batch: int) -> int:
    """Delete counters that have ended, a batch at a time and none that somebody is counting in.

    Returns:
        How many rows went.
    """
    deleted = 0
    while True:
        ended = counters._default_manager.filter(ends_at__lt=int(now.timestamp()))
        keys = list(ended.order_by("ends_at").values_list("key", flat=True)[:batch])
        # Asked again: somebody may have begun a new period meanwhile.
        gone = ended.filter(key__in=keys).delete()[0] if keys else 0
        deleted += gone
        if gone < batch:
            return deleted
