"""Sending the letters of the outbox: at least once, always under the same Message-ID.

A letter is claimed in one short transaction by a lease, sent outside any transaction, and marked.
Whoever dies in between leaves a lease that runs out.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task, task_backends
from django_tasks.backends.immediate import ImmediateBackend

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Letter
from diia_videoreception.providers import mailbox_providers
from diia_videoreception.rules.retries import pause_after
from diia_videoreception.services.letters.calendars import calendar_of_letter
from diia_videoreception.services.letters.failures import CLEARED, DeliveryFailure, failure_of
from diia_videoreception.services.letters.rendering import RenderedLetter, render_letter
from diia_videoreception.services.letters.text_messages import send_text
from diia_videoreception.services.outbox import claim, give_back, that_are_due
from integrations.common.failures import isolated, traceback_without_message
from integrations.mailbox.base import MailboxUnavailable

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than any attempt can take: a session with the mail server is some ten answers."""
ANSWER_SECONDS, LONGEST_ANSWER_SECONDS = 10, 20
RUN_SECONDS = 30
TOGETHER, FRESH_SECONDS = 10, 2
"""How many letters are claimed and read at once, and for how long what was read is good enough to be told."""
ATTEMPTS = 20
"""With the pauses between them these last about three days."""
URGENT = frozenset({Letter.Kind.EMAIL_CODE, Letter.Kind.CONSENT_CODE, Letter.Kind.TYPED_CODE})
"""Letters that somebody waits for before a screen; they go before all others."""


@task
def deliver_letter(letter_id: int) -> None:
    """Send one letter soon; when this never runs, `deliver_due` sends it."""
    now = timezone.now()
    for letter in _claim(Letter.objects.filter(pk=letter_id), now=now):
        _deliver(letter, now=now)


def enqueue_delivery(letter: Letter) -> None:
    """Have a worker send the letter as soon as the present transaction is through.

    A portal without workers runs tasks inside the request (django-tasks' default): there the
    letter waits for housekeeping, so that nobody waits for the mail server.
    """
    if isinstance(task_backends[deliver_letter.backend], ImmediateBackend):
        return
    key = letter.pk
    transaction.on_commit(lambda: deliver_letter.enqueue(key), robust=True)


def send_from_cabinet(waiting: QuerySet[Letter], *, now: datetime, **where: object) -> None:
    """Send what waited in the cabinet of the citizen, now that there is an address.

    Args:
        waiting: Letters of which those are meant that are in the cabinet only.
        where: `address`, and `mailbox` when it is one of the portal's.
    """
    found = waiting.filter(state=Letter.State.CABINET_ONLY).order_by("pk")
    letters = list(found.select_for_update(of=("self",)))
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(
        state=Letter.State.QUEUED, next_attempt_at=now, **where
    )
    for letter in letters:
        enqueue_delivery(letter)


def deliver_due(*, now: datetime) -> int:
    """Send the letters that are due, urgent ones and then the oldest first, for half a minute at most.

    Safe to run side by side: a letter belongs to one deliverer while its lease lives. Text messages
    are left to `deliver_texts`: their gateway may be slow.

    Returns:
        How many letters were sent.
    """
    started, sent = monotonic(), 0
    while (seconds := monotonic() - started) < RUN_SECONDS:
        moment = now + timedelta(seconds=int(seconds))
        sent += deliver_urgent(now=moment)
        letters = _claim(Letter.objects.filter(phone=""), now=moment, at_most=TOGETHER)
        if not letters:
            break
        sent += _deliver_fresh(letters, now=moment)
    return sent


def _deliver_fresh(letters: Sequence[Letter], *, now: datetime) -> int:
    """Send letters that were claimed together; those that a slow server leaves no time for are given back."""
    started, sent = monotonic(), 0
    for number, letter in enumerate(letters):
        if number and monotonic() - started >= FRESH_SECONDS:
            left = [one.pk for one in letters[number:]]
            give_back(
                Letter.objects.filter(state=Letter.State.QUEUED), left, leased_until=now + LEASE
            )
            break
        sent += _deliver(letter, now=now)
    return sent


def deliver_texts(*, now: datetime) -> int:
    """Send the text messages that are due, as `deliver_due` sends letters.

    The first one that the gateway does not take ends it until the next run.

    Returns:
        How many were sent.
    """
    started, sent = monotonic(), 0
    while (seconds := monotonic() - started) < RUN_SECONDS:
        moment = now + timedelta(seconds=int(seconds))
        letters = _claim(Letter.objects.exclude(phone=""), now=moment)
        if not letters:
            break
        [letter] = letters
        if _deliver(letter, now=moment):
            sent += 1
        elif Letter.objects.filter(pk=letter.pk, state=Letter.State.QUEUED).exists():
            break
    return sent


def deliver_urgent(*, now: datetime) -> int:
    """Send the letters that somebody waits for; cheap enough to be asked every second.

    Returns:
        How many letters were sent.
    """
    sent = 0
    # A look takes no lock; a claim would, even when there is nothing.
    while that_are_due(_urgent(), now=now).exists():
        letters = _claim(_urgent(), now=now)
        if not letters:
            break
        sent += _deliver(letters[0], now=now)
    return sent


def _urgent() -> QuerySet[Letter]:
    return Letter.objects.filter(kind__in=URGENT, state=Letter.State.QUEUED)


def _claim(letters: QuerySet[Letter], *, now: datetime, at_most: int = 1) -> list[Letter]:
    """Take the leases of the first of these letters that are due and nobody's, and read what they tell of."""
    queued = letters.filter(state=Letter.State.QUEUED)
    keys = claim(queued, lease=LEASE, now=now, at_most=at_most)
    read = Letter.objects.select_related(
        "application__official__unit__agency",
        "application__reception",
        "application__agency",
        "application__prior",
        "application__representation",
        "citizen",
        "mailbox",
    )
    found = read.in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]


def _deliver(letter: Letter, *, now: datetime) -> bool:
    """Make one attempt and write down how it went; tells whether the letter is sent."""
    accepted: dict[str, str] = {}
    with isolated() as one:
        if letter.phone:
            accepted = send_text(letter, now=now)
        else:
            _send(letter, as_message(letter, render_letter(letter, for_sending=True, now=now)))
    own = Letter.objects.filter(pk=letter.pk, state=Letter.State.QUEUED)
    if one.error is None:
        own.update(
            state=Letter.State.SENT,
            sent_at=now,
            leased_until=None,
            next_attempt_at=None,
            **accepted,
            **CLEARED,
        )
        return True
    failure = failure_of(one.error)
    _log_failure(letter, one.error, failure)
    is_last = letter.attempts >= ATTEMPTS or failure.is_final
    # Somebody else may have taken over after the lease ran out; then it is theirs to tell.
    own.filter(leased_until=letter.leased_until).update(
        state=Letter.State.FAILED if is_last else Letter.State.QUEUED,
        leased_until=None,
        next_attempt_at=None if is_last else now + pause_after(letter.attempts),
        **failure.columns,
    )
    return False


def _send(letter: Letter, message: EmailMultiAlternatives) -> None:
    """Into the official mailbox, or to the citizen's own address by the portal's mail server."""
    if letter.mailbox is None:
        message.send()
        return
    provider = mailbox_providers().get(letter.mailbox.provider)
    if provider is None:
        raise MailboxUnavailable("no provider")
    sender = parseaddr(message.from_email)[1]
    provider.deliver(letter.mailbox.address, message.message(), sender=sender)


def as_message(letter: Letter, rendered: RenderedLetter) -> EmailMultiAlternatives:
    """Return the e-mail of a letter; the same for a mail server and for the official mailbox."""
    seconds = min(settings.EMAIL_TIMEOUT or ANSWER_SECONDS, LONGEST_ANSWER_SECONDS)
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_sender(),
        to=[letter.address],
        headers={
            "Message-ID": letter.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
        connection=get_connection(timeout=seconds),
    )
    message.attach_alternative(rendered.html, "text/html")
    calendar = calendar_of_letter(letter)
    if calendar is not None:
        # Calendars act by themselves upon what is a form of the letter itself (RFC 6047, 2.4); the file
        # is for who opens it by hand.
        message.attach_alternative(calendar.content.decode(), calendar.media_type)
        message.attach(calendar.name, calendar.content, calendar.media_type)
    return message


def _sender() -> str:
    """Return the sender of the settings, with the portal's name when it has none of its own."""
    sender = app_settings.letters_from or settings.DEFAULT_FROM_EMAIL
    name, address = parseaddr(sender)
    portal = str(getattr(settings, "WAGTAIL_SITE_NAME", ""))
    if name or not address or not portal:
        return sender
    # Not formataddr: Django encodes the name as the letter leaves.
    quoted = portal.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{address}>'


def _log_failure(letter: Letter, error: Exception, failure: DeliveryFailure) -> None:
    if failure.kind is Letter.ErrorKind.FAULT:
        logger.error("Letter %s was not sent: %s", letter.pk, traceback_without_message(error))
    elif failure.kind is Letter.ErrorKind.OUT_OF_DATE:
        logger.info("Letter %s has nothing to tell any more", letter.pk)
    else:
        # A mail server that is away or refuses is its own affair, not a fault in the code.
        logger.warning("Letter %s was not sent: %s", letter.pk, failure.words)
