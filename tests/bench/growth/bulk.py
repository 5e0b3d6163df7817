"""Work that comes in masses: how many rows or letters a process gets done in a second."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import perf_counter
from unittest.mock import patch

from django.db import connection
from django.test.utils import override_settings

from diia_videoreception.models import Application, JournalRecord, Letter
from diia_videoreception.services.journal.sealing import seal_journal, verify_journal
from diia_videoreception.services.letters import delivery
from diia_videoreception.services.letters.queueing import queue
from diia_videoreception.services.letters.resending import send_all_again
from tests.bench import Figure
from tests.bench.growth.store import using

ROWS = 20_000
LETTERS = 300
TIMES = 3
MAX_GROWTH = 1.3


def figures(empty: str, large: str, *, now: datetime) -> Iterator[Figure]:
    """Give what a thousand rows, or one letter, cost; these limits are promised in milliseconds."""
    sealing = {name: min(_in(name, _seal, now) for _ in range(TIMES)) for name in (empty, large)}
    yield Figure("bulk: ms to seal 1,000 rows (200: 5,000 a second)", sealing[large], 200)
    yield Figure(
        "bulk: sealing behind a long journal / a short one",
        sealing[large] / sealing[empty],
        MAX_GROWTH,
    )
    verifying = min(_in(empty, _verify, now) for _ in range(TIMES))
    yield Figure("bulk: ms to verify 1,000 rows (20: 50,000 a second)", verifying, 20)
    letter = min(_in(large, _deliver, now) for _ in range(TIMES))
    yield Figure("bulk: ms to claim, render and mark a letter (10: 100 a second)", letter, 10)
    again = min(_in(large, _try_all, now) for _ in range(TIMES))
    yield Figure("bulk: ms a letter for send_failed_letters --dry-run", again, 2)


def _in(name: str, act: Callable[[datetime], float], now: datetime) -> float:
    with using(name):
        return act(now)


def _seal(now: datetime) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {JournalRecord._meta.db_table} (uuid, moment, act, actor_kind, actor_id,"
            " subject_kind, subject_id, details, previous_hash, hash)"
            " SELECT gen_random_uuid(), now(), 'application.submit', 'citizen', n::text,"
            " 'application', n::text, '{\"number\": 1}'::jsonb, '', ''"
            f" FROM generate_series(1, {ROWS}) AS rows(n)"
        )
    begun = perf_counter()
    if seal_journal() != ROWS:
        raise RuntimeError("not all were sealed")
    return (perf_counter() - begun) / ROWS * 1e6


def _verify(now: datetime) -> float:
    begun = perf_counter()
    found = verify_journal()
    if found.broken_at or found.sealed < ROWS:
        raise RuntimeError("the chain is broken")
    return (perf_counter() - begun) / found.sealed * 1e6


def _deliver(now: datetime) -> float:
    """Letters of applications to come, sent by a mail server that takes no time."""
    waiting = Letter.objects.filter(state=Letter.State.QUEUED)
    # What other acts of the bench have left.
    waiting.update(state=Letter.State.FAILED, next_attempt_at=None)
    to_come = Application.objects.filter(start__gt=now + timedelta(days=1))
    for application in to_come.order_by("-pk")[:LETTERS]:
        application.letters_address = "citizen@example.org"
        queue(Letter.Kind.RECEIPT, application=application, now=now)
    # No mail server for official mailboxes is at hand.
    waiting.filter(mailbox__isnull=False).update(state=Letter.State.FAILED, next_attempt_at=None)
    begun = perf_counter()
    with (
        override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"),
        patch.object(delivery, "RUN_SECONDS", 600),
    ):
        sent = delivery.deliver_due(now=now)
    if sent != LETTERS:
        raise RuntimeError(f"{sent} letters of {LETTERS} were sent")
    return (perf_counter() - begun) / sent * 1000


def _try_all(now: datetime) -> float:
    begun = perf_counter()
    counts = send_all_again(since=None, dry_run=True, now=now)
    return (perf_counter() - begun) / max(1, counts.total()) * 1000
