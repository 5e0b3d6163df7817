"""Sending again what could not be sent: by a moderator letter by letter, by the operator all at once."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, QuerySet

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalAct, JournalRecord, Letter
from diia_videoreception.selectors.access import StaffUser, applications_visible_to
from diia_videoreception.selectors.letters import letters_about, worth_sending
from diia_videoreception.services import journal
from diia_videoreception.services.letters.delivery import enqueue_delivery
from diia_videoreception.services.letters.failures import CLEARED
from diia_videoreception.services.letters.queueing import new_sms_key
from diia_videoreception.services.transactions import act

PAUSE = timedelta(minutes=10)
AT_ONCE = 500


@act
def send_again(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    letter_id: uuid.UUID,
    now: datetime,
    among: Callable[[StaffUser], QuerySet[Application]] | None = None,
) -> bool:
    """Put a failed letter about an application back into the outbox, under its old Message-ID.

    A letter that waits already, or has been sent meanwhile, stays as it is: a second click sends
    nothing.

    Args:
        among: Of which applications this member of staff may send letters; of those of their agencies without it.

    Returns:
        Whether it was put back here.

    Raises:
        NotFound: the application is not among those, or the letter not about it.
        LetterOutOfDate: a later letter, or the time, has made it untrue.
        LetterSentAgain: that was done less than 10 minutes ago, and it has failed again.
    """
    visible = (among or applications_visible_to)(moderator).select_for_update(of=("self",))
    application = visible.filter(public_id=public_id).first()
    if application is None:
        raise errors.NotFound
    again = JournalRecord.objects.filter(
        act=JournalAct.SEND_LETTER_AGAIN, moment__gt=now - PAUSE, details__letter=str(letter_id)
    )
    letters = list(letters_about(application).annotate(was_sent_again=Exists(again)))
    letter = next((one for one in letters if one.public_id == letter_id), None)
    if letter is None or letter.state == Letter.State.CABINET_ONLY:
        raise errors.NotFound
    if letter.state != Letter.State.FAILED:
        return False
    if letter not in worth_sending(letters, application, now=now):
        raise errors.LetterOutOfDate
    if letter.was_sent_again:
        raise errors.LetterSentAgain
    return _queue_again(letter, application, staff_id=moderator.pk, now=now)


def send_all_again(*, since: date | None, dry_run: bool, now: datetime) -> Counter[str]:
    """Put every failed letter that is still true back into the outbox; for the operator.

    Letters with a code to confirm an address are left alone: the codes are too old.

    Args:
        since: Leaves alone what was written before this day (UTC).
        dry_run: Only counts.

    Returns:
        How many letters are sent again (`again`) and left alone (`left`).
    """
    failed = Letter.objects.filter(state=Letter.State.FAILED)
    if since is not None:
        failed = failed.filter(created_at__date__gte=since)
    counts: Counter[str] = Counter()
    last = 0
    while letters := list(
        failed.filter(pk__gt=last).select_related("application").order_by("pk")[:AT_ONCE]
    ):
        last = letters[-1].pk
        about = _letters_by_application(letters)
        for letter in letters:
            # Looked at without a lock first: most of those from long ago are left alone.
            is_sent = _is_true(letter, letter.application, about, now=now) and (
                dry_run or _send_one_again(letter_key=letter.pk, now=now)
            )
            counts["again" if is_sent else "left"] += 1
    return counts


@act
def _send_one_again(*, letter_key: int, now: datetime) -> bool:
    letter = Letter.objects.get(pk=letter_key)
    application = _lock(letter.application_id) if letter.application_id else None
    if not _is_true(letter, application, _letters_by_application([letter]), now=now):
        return False
    return _queue_again(letter, application, staff_id=None, now=now)


def _letters_by_application(letters: Collection[Letter]) -> Mapping[int, list[Letter]]:
    """Return all letters about the applications of these, oldest first."""
    found = defaultdict(list)
    keys = {letter.application_id for letter in letters if letter.application_id}
    for letter in Letter.objects.filter(application__in=keys).order_by("created_at", "pk"):
        found[letter.application_id or 0].append(letter)
    return found


def _is_true(
    letter: Letter,
    application: Application | None,
    about: Mapping[int, list[Letter]],
    *,
    now: datetime,
) -> bool:
    if letter.kind in {Letter.Kind.EMAIL_CODE, Letter.Kind.CONSENT_CODE, Letter.Kind.TYPED_CODE}:
        return False
    return application is None or letter in worth_sending(
        about[application.pk], application, now=now
    )


def _lock(application_key: int) -> Application:
    return Application.objects.select_for_update(of=("self",)).get(pk=application_key)


def _queue_again(
    letter: Letter, application: Application | None, *, staff_id: int | None, now: datetime
) -> bool:
    """Return whether it was done here: somebody else may have been faster."""
    failed = Letter.objects.filter(pk=letter.pk, state=Letter.State.FAILED)
    # A gateway that has taken a message under its key would send it no more.
    anew = {"message_id": new_sms_key(), "gateway": "", "gateway_key": ""} if letter.phone else {}
    if not failed.update(
        state=Letter.State.QUEUED,
        attempts=0,
        next_attempt_at=now,
        leased_until=None,
        **anew,
        **CLEARED,
    ):
        return False
    if application is not None:
        details: dict[str, object] = {"letter": str(letter.public_id), "kind": letter.kind}
        journal.record(
            JournalAct.SEND_LETTER_AGAIN,
            subject=application,
            staff_id=staff_id,
            now=now,
            details=details,
        )
    enqueue_delivery(letter)
    return True
