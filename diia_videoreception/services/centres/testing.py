"""The test of people of centres: publishing, taking, judging. Nobody writes a result; it follows from the answers.

Order of locks: a head's act holds the centre and the member, then the account; who takes the test holds the
account alone.
"""

import hashlib
import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import (
    Incomplete,
    NotFound,
    TestNotOpen,
    TestTimeOver,
    WrongState,
)
from diia_videoreception.models import (
    CentreAccreditation,
    CentreMember,
    CentreTestAttempt,
    CentreTestVersion,
    JournalAct,
    Letter,
)
from diia_videoreception.rules.centre_tests import (
    ChoiceQuestion,
    TakingObstacle,
    draw_paper,
    paper_as_data,
    questions_as_data,
)
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.selectors.centres.testing import attempt_in, own_test
from diia_videoreception.services import journal, letters
from diia_videoreception.services.accounts.second_factor import lock_user
from diia_videoreception.services.centres.guard import member_in
from diia_videoreception.services.centres.people import managed_member
from diia_videoreception.services.outbox import sum_of_acts
from diia_videoreception.services.transactions import act, locked

_CHANCE = random.SystemRandom()
MAX_CLOSED = 200
"""Attempts whose time is over that one run of housekeeping closes."""


@dataclass(frozen=True, slots=True)
class WrittenTest:
    """A test as an editor publishes it.

    Attributes:
        asked: how many of the questions one attempt asks.
        valid_days: for how many days a pass holds.
        days_to_finish: how long an attempt stays open.
        instruction: what to do next, for who has passed.
    """

    title: str
    questions: Sequence[ChoiceQuestion]
    asked: int
    pass_percent: int
    max_attempts: int
    valid_days: int
    days_to_finish: int
    instruction: str


@act
def publish_test(
    written: WrittenTest, *, key: str, language: str, now: datetime
) -> CentreTestVersion:
    """Make a new version of a test, unless it is the newest one already; attempts keep theirs."""
    values = {
        "title": written.title,
        "content": questions_as_data(written.questions),
        "asked": min(written.asked, len(written.questions)),
        "pass_percent": written.pass_percent,
        "max_attempts": written.max_attempts,
        "valid_days": written.valid_days,
        "days_to_finish": written.days_to_finish,
        "instruction": written.instruction,
    }
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    versions = CentreTestVersion.objects.filter(key=key, language=language)
    newest = locked(versions.order_by("-number")).first()
    if newest is not None and newest.sha256 == sha256 and newest.withdrawn_at is None:
        return newest
    versions.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    return CentreTestVersion.objects.create(
        key=key,
        language=language,
        number=newest.number + 1 if newest else 1,
        sha256=sha256,
        published_at=now,
        **values,
    )


@act
def withdraw_test(*, key: str, language: str, now: datetime) -> None:
    """Begin no attempt of this test any more, because its page was taken down."""
    versions = CentreTestVersion.objects.filter(key=key, language=language)
    versions.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)


@act
def start(
    centre_id: uuid.UUID, *, user: AbstractBaseUser, language: str, now: datetime
) -> CentreTestAttempt:
    """Begin an attempt, which uses one up; who has one open goes on with it.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not work in the centre now.
        TestNotOpen: nothing is published, there is no training, a test holds, or no attempt is left.
    """
    member = member_in(centre_id, user)
    lock_user(user)
    _close_overdue_of(member, now=now)
    test = own_test(member, language=language, now=now)
    if test.running is not None:
        return test.running
    if test.version is None or test.obstacle is not None:
        raise TestNotOpen(obstacle=str(test.obstacle))
    seen = {
        item.question
        for one in CentreTestAttempt.objects.counted().filter(user_id=member.user_id)
        for item in one.paper
    }
    paper = draw_paper(
        test.version.questions, asked=test.version.asked, seen=seen, shuffled=_shuffled
    )
    attempt = CentreTestAttempt(
        version=test.version,
        centre=member.centre,
        number=test.used + 1,
        paper_data=paper_as_data(paper),
        started_at=now,
        deadline=now + timedelta(days=test.version.days_to_finish),
    )
    attempt.user_id = member.user_id
    attempt.save(force_insert=True)
    _record(JournalAct.START_TEST, attempt, staff_id=user.pk, now=now)
    return attempt


def _shuffled(keys: Sequence[str]) -> list[str]:
    return _CHANCE.sample(list(keys), len(keys))


@act
def answer(
    centre_id: uuid.UUID,
    attempt_id: uuid.UUID,
    *,
    number: int,
    place: int,
    user: AbstractBaseUser,
    now: datetime,
) -> CentreTestAttempt:
    """Keep the answer to one question; another one takes its place while the attempt is open.

    Args:
        number: of the question in this attempt, from 1.
        place: of the answer among those that are shown, from 0.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: it is not theirs, or there is no such question.
        Incomplete: there is no such answer.
        WrongState: the attempt is finished.
        TestTimeOver: its time is over.
    """
    attempt = _open_attempt(centre_id, attempt_id, user, now=now)
    paper = attempt.paper
    if not 1 <= number <= len(paper):
        raise NotFound
    item = paper[number - 1]
    if not 0 <= place < len(item.answers):
        raise Incomplete(fields={"answer": _("Choose an answer.")})
    attempt.answers[item.question] = item.answers[place]
    attempt.save(update_fields=["answers"])
    return attempt


@act
def finish(
    centre_id: uuid.UUID, attempt_id: uuid.UUID, *, user: AbstractBaseUser, now: datetime
) -> CentreTestAttempt:
    """Judge an attempt; a pass is an accreditation from today on and gives the attempts back.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, WrongState, TestTimeOver: as `answer`.
        Incomplete: questions are not answered; `fields` names their numbers.
    """
    attempt = _open_attempt(centre_id, attempt_id, user, now=now)
    paper = attempt.paper
    missing = [
        number for number, item in enumerate(paper, 1) if item.question not in attempt.answers
    ]
    if missing:
        numbers = ", ".join(map(str, missing))
        text = _("Answer these questions first: %(numbers)s.") % {"numbers": numbers}
        raise Incomplete(fields={"questions": text})
    _finish(attempt, may_pass=True, now=now)
    _record(
        JournalAct.FINISH_TEST,
        attempt,
        staff_id=user.pk,
        now=now,
        correct=attempt.correct,
        passed=attempt.is_passed,
    )
    if attempt.is_passed:
        letters.notify_user(
            Letter.Kind.CENTRE_TEST_PASSED, user, now=now, attempt=str(attempt.public_id)
        )
    return attempt


@act
def allow_again(
    centre_id: uuid.UUID, member_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Give somebody who has used their attempts up new ones, as their head.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NotForOneself: as `people.change_role`.
        WrongState: attempts are left.
    """
    member = managed_member(centre_id, member_id, staff)
    lock_user(member.user)
    test = own_test(member, language=settings.LANGUAGE_CODE, now=now)
    if test.obstacle is not TakingObstacle.ATTEMPTS_SPENT or test.running is not None:
        raise WrongState
    counted = CentreTestAttempt.objects.counted().filter(user_id=member.user_id)
    counted.update(is_counted=False)
    about: dict[str, object] = {"member": str(member.public_id)}
    journal.record(
        JournalAct.ALLOW_TEST, subject=member.centre, staff_id=staff.pk, now=now, details=about
    )


def close_overdue(*, now: datetime) -> int:
    """Close the attempts whose time is over; they are used up, whatever was answered.

    Returns:
        How many.
    """
    overdue = CentreTestAttempt.objects.open().filter(deadline__lte=now).order_by("pk")
    keys = list(overdue.values_list("pk", flat=True)[:MAX_CLOSED])
    return sum_of_acts(partial(_close, key, now=now) for key in keys)


@act
def _close(key: int, *, now: datetime) -> int:
    found = CentreTestAttempt.objects.open().filter(pk=key, deadline__lte=now)
    attempt = locked(found.select_related("version", "centre")).first()
    if attempt is None:
        return 0
    _close_one(attempt, now=now)
    return 1


def _close_overdue_of(member: CentreMember, *, now: datetime) -> None:
    overdue = CentreTestAttempt.objects.open().filter(user_id=member.user_id, deadline__lte=now)
    for attempt in locked(overdue.select_related("version", "centre")):
        _close_one(attempt, now=now)


def _close_one(attempt: CentreTestAttempt, *, now: datetime) -> None:
    _finish(attempt, may_pass=False, now=now)
    _record(JournalAct.FINISH_TEST, attempt, staff_id=None, now=now, correct=attempt.correct)


def _finish(attempt: CentreTestAttempt, *, may_pass: bool, now: datetime) -> None:
    verdict = attempt.verdict
    attempt.finished_at, attempt.correct = now, verdict.correct
    if may_pass and verdict.is_passed:
        attempt.accreditation = _accredit(attempt, now=now)
        # A pass closes the round: the next test, when this one ends, has all its attempts.
        attempt.is_counted = False
        mine = CentreTestAttempt.objects.counted().filter(user_id=attempt.user_id)
        mine.update(is_counted=False)
    attempt.save(update_fields=["finished_at", "correct", "accreditation", "is_counted"])


def _accredit(attempt: CentreTestAttempt, *, now: datetime) -> CentreAccreditation:
    today = today_in(attempt.centre, now=now)
    accreditation = CentreAccreditation(
        centre=attempt.centre,
        kind=CentreAccreditation.Kind.TEST,
        valid_from=today,
        valid_until=today + timedelta(days=attempt.version.valid_days),
        recorded_at=now,
    )
    accreditation.user_id = attempt.user_id
    accreditation.save(force_insert=True)
    return accreditation


def _open_attempt(
    centre_id: uuid.UUID, attempt_id: uuid.UUID, user: AbstractBaseUser, *, now: datetime
) -> CentreTestAttempt:
    """Return an own attempt that can still be written to, under the lock of the account."""
    member = member_in(centre_id, user)
    lock_user(user)
    attempt = attempt_in(member, attempt_id)
    if attempt is None:
        raise NotFound
    attempt.centre = member.centre
    if attempt.is_finished:
        raise WrongState
    if attempt.deadline <= now:
        raise TestTimeOver
    return attempt


def _record(
    act_: JournalAct,
    attempt: CentreTestAttempt,
    *,
    staff_id: int | None,
    now: datetime,
    **details: object,
) -> None:
    about = {
        "attempt": str(attempt.public_id),
        "number": attempt.number,
        "asked": len(attempt.paper),
        **details,
    }
    journal.record(act_, subject=attempt.centre, staff_id=staff_id, now=now, details=about)
