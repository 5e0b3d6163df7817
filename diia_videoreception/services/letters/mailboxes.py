"""Making official mailboxes and using them (A-15, A-16).

A mailbox is asked for while somebody registers, and made later by housekeeping: a mail server that
is away never keeps anybody from registering.
"""

import logging
import secrets
from datetime import datetime, timedelta
from itertools import chain, repeat
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from diia_videoreception.models import Citizen, JournalAct, Letter, OfficialMailbox
from diia_videoreception.providers import mailbox_provider
from diia_videoreception.rules.mailboxes import MORE_NUMBERS, NUMBERS, local_part
from diia_videoreception.rules.retries import pause_after
from diia_videoreception.services import journal
from diia_videoreception.services.letters.delivery import send_from_cabinet
from diia_videoreception.services.outbox import claim
from diia_videoreception.services.transactions import act
from integrations.common.failures import isolated, traceback_without_message
from integrations.mailbox.base import MailboxProvider, MailboxRefused, MailboxUnavailable

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
RUN_SECONDS = 20
TRIES = 20
"""Addresses with four digits, before there are more digits."""
ATTEMPTS = 20
"""With the pauses between them these last about three days."""


def request(citizen: Citizen, *, now: datetime) -> None:
    """Ask for a mailbox, within the act that registers the citizen.

    Nothing happens where the portal has no mail server, or the citizen has a mailbox already.
    """
    provider = mailbox_provider()
    if provider is None or OfficialMailbox.objects.filter(citizen=citizen).exists():
        return
    for numbers in chain(repeat(NUMBERS, TRIES), repeat(MORE_NUMBERS)):
        if _reserve(provider, citizen, number=secrets.choice(numbers), now=now):
            break


def _reserve(provider: MailboxProvider, citizen: Citizen, *, number: int, now: datetime) -> bool:
    """Take an address; tells whether it was free, also of somebody at the same moment."""
    name = local_part(last_name=citizen.last_name, first_name=citizen.first_name, number=number)
    address = provider.address(name)
    try:
        with transaction.atomic():
            OfficialMailbox.objects.create(
                citizen=citizen,
                provider=provider.name,
                address=address,
                next_attempt_at=now,
                created_at=now,
            )
    except IntegrityError:
        if not OfficialMailbox.objects.filter(address=address).exists():
            raise
        return False
    return True


def make_due(*, now: datetime) -> int:
    """Make the mailboxes that are due, for twenty seconds at most; safe to run side by side.

    Returns:
        How many were made.
    """
    provider = mailbox_provider()
    if provider is None:
        return 0
    started, made = monotonic(), 0
    while monotonic() - started < RUN_SECONDS:
        mailbox = _claim(OfficialMailbox.objects.filter(provider=provider.name), now=now)
        if mailbox is None:
            break
        made += _make(mailbox, provider, now=now)
    return made


def _claim(mailboxes: QuerySet[OfficialMailbox], *, now: datetime) -> OfficialMailbox | None:
    waiting = mailboxes.filter(state=OfficialMailbox.State.WAITING)
    keys = claim(waiting, lease=LEASE, now=now)
    return OfficialMailbox.objects.get(pk=keys[0]) if keys else None


def _make(mailbox: OfficialMailbox, provider: MailboxProvider, *, now: datetime) -> bool:
    with isolated() as one:
        provider.create(mailbox.address)
    if one.error is None:
        _ready(mailbox, now=now)
        return True
    _log_failure(mailbox, one.error)
    is_last = mailbox.attempts >= ATTEMPTS or isinstance(one.error, MailboxRefused)
    OfficialMailbox.objects.filter(pk=mailbox.pk, leased_until=mailbox.leased_until).update(
        state=OfficialMailbox.State.FAILED if is_last else OfficialMailbox.State.WAITING,
        leased_until=None,
        next_attempt_at=None if is_last else now + pause_after(mailbox.attempts),
        last_error=describe(one.error),
    )
    return False


@act
def _ready(mailbox: OfficialMailbox, *, now: datetime) -> None:
    """Let the mailbox take letters from now on, also those that waited in the cabinet."""
    made = OfficialMailbox.objects.filter(pk=mailbox.pk, state=OfficialMailbox.State.WAITING)
    if not made.update(
        state=OfficialMailbox.State.READY,
        ready_at=now,
        leased_until=None,
        next_attempt_at=None,
        last_error="",
    ):
        return
    letters = Letter.objects.filter(citizen=mailbox.citizen_id)
    send_from_cabinet(letters, now=now, mailbox=mailbox, address=mailbox.address)
    journal.record(
        JournalAct.MAKE_MAILBOX, subject=mailbox.citizen, citizen=mailbox.citizen, now=now
    )


@act
def try_again(*, now: datetime) -> int:
    """Let the mailboxes that could not be made wait for another round; for staff.

    Returns:
        How many there are.
    """
    failed = OfficialMailbox.objects.filter(state=OfficialMailbox.State.FAILED)
    return failed.update(state=OfficialMailbox.State.WAITING, attempts=0, next_attempt_at=now)


def describe(error: Exception) -> str:
    """Return a few words for staff and log, without the text of any answer."""
    if isinstance(error, (MailboxUnavailable, MailboxRefused)):
        return str(error)[:200]
    return type(error).__name__


def _log_failure(mailbox: OfficialMailbox, error: Exception) -> None:
    if isinstance(error, (MailboxUnavailable, MailboxRefused)):
        logger.warning("Mailbox %s was not made: %s", mailbox.pk, describe(error))
    else:
        logger.error("Mailbox %s was not made: %s", mailbox.pk, traceback_without_message(error))
