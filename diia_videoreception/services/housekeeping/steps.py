"""What has to happen without anybody asking for it.

Every step may run at any time, twice, and in several processes side by side.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from device_check.services.housekeeping import delete_stale_runs
from diia_videoreception.services.assistance import typed_papers
from diia_videoreception.services.assistance.mandate_ends import expire_due
from diia_videoreception.services.assistance.visits import end_abandoned
from diia_videoreception.services.booking import erasing, retention, unusual_looks
from diia_videoreception.services.booking.deadlines import (
    alarm_agencies,
    alarm_late_answers,
    alarm_overdue,
    expire_clarifications,
    expire_move_requests,
    expire_proposals,
    lapse_undecided,
)
from diia_videoreception.services.booking.waiting import serve_queues
from diia_videoreception.services.centres import testing, warnings
from diia_videoreception.services.housekeeping.cleaning import clean
from diia_videoreception.services.journal.looking import seal_looks
from diia_videoreception.services.journal.sealing import seal_journal
from diia_videoreception.services.kiosk import visitors
from diia_videoreception.services.letters.delivery import deliver_due, deliver_texts, deliver_urgent
from diia_videoreception.services.letters.digests import write_digests
from diia_videoreception.services.letters.evenings import write_evenings
from diia_videoreception.services.letters.mailboxes import make_due
from diia_videoreception.services.letters.reminders import write_reminders
from diia_videoreception.services.rooms.ending import tidy_closed
from integrations.common.failures import isolated, traceback_without_message

logger = logging.getLogger(__name__)

Step = Callable[[datetime], int]

# The deadlines come first: the letters they write leave in the same run.
STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "lapse_undecided": lambda now: lapse_undecided(now=now),
        "expire_proposals": lambda now: expire_proposals(now=now),
        "expire_clarifications": lambda now: expire_clarifications(now=now),
        "expire_move_requests": lambda now: expire_move_requests(now=now),
        "serve_queues": lambda now: serve_queues(now=now),
        "alarm_agencies": lambda now: alarm_agencies(now=now),
        "alarm_overdue": lambda now: alarm_overdue(now=now),
        "alarm_late_answers": lambda now: alarm_late_answers(now=now),
        "close_tests": lambda now: testing.close_overdue(now=now),
        "warn_members": lambda now: warnings.warn_ending(now=now),
        "write_digests": lambda now: write_digests(now=now),
        "write_evenings": lambda now: write_evenings(now=now),
        "write_reminders": lambda now: write_reminders(now=now),
        "make_mailboxes": lambda now: make_due(now=now),
        "deliver_due": lambda now: deliver_due(now=now),
        "deliver_texts": lambda now: deliver_texts(now=now),
        "end_visits": lambda now: visitors.end_overdue(now=now),
        "tidy_rooms": lambda now: tidy_closed(now=now),
        "end_forgotten_visits": lambda now: end_abandoned(now=now),
        "expire_consents": lambda now: expire_due(now=now),
        "delete_unfiled_papers": lambda now: typed_papers.delete_unfiled(now=now),
        "alarm_heads": lambda now: unusual_looks.alarm_heads(now=now),
        "seal_looks": lambda now: seal_looks(now=now),
        "seal_journal": lambda now: seal_journal(),
        "clean": lambda now: clean(now=now),
        "delete_due_documents": lambda now: retention.delete_due(now=now),
        "erase_due": lambda now: erasing.erase_due(now=now),
        "clean_device_checks": delete_stale_runs,
    }
)
# What the loop does every second beside these steps.
URGENT_STEPS: Mapping[str, Step] = MappingProxyType(
    {"deliver_urgent": lambda now: deliver_urgent(now=now)}
)


def run(
    clock: Callable[[], datetime], steps: Mapping[str, Step] = STEPS
) -> Iterator[tuple[str, int | None]]:
    """Run the steps one by one, each at the moment that `clock` tells then.

    Yields:
        The name of each step and how much it had to do; None when it failed, which is logged with
        its name and does not keep the next step from running.
    """
    for name, step in steps.items():
        done: int | None = None
        with isolated() as one:
            done = step(clock())
        if one.error is not None:
            logger.error("Housekeeping: %s failed: %s", name, traceback_without_message(one.error))
        yield name, done
