"""An answer that is to come after a reception: the term, who is responsible, and how it ends."""

import uuid
from datetime import datetime
from enum import StrEnum

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import Answer, AnswerTask, Application, JournalAct, Letter
from diia_videoreception.models.answers import MAX_BODY, MAX_WORDS
from diia_videoreception.rules.terms import TermKind
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.booking.answer_tasks import may_be_responsible
from diia_videoreception.selectors.booking.terms import begins_at, passes_at, term_of
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act


class Settled(StrEnum):
    """What became of the task; the record of the act says so in its details, as `answer`."""

    OPENED = "opened"
    DROPPED = "dropped"


def settle(application: Application, *, needed: bool, now: datetime) -> Settled | None:
    """Open the task of a reception that took place, or drop it; within the act that says so and records it.

    Returns:
        None where it is as it was.

    Raises:
        WrongState: an answer has been sent already, so that none is to come.
    """
    task = AnswerTask.objects.select_for_update().filter(application=application).first()
    is_open = task is not None and task.is_open
    if task is not None and is_open and not needed:
        _close(task, AnswerTask.Status.DROPPED, now=now)
        return Settled.DROPPED
    if is_open or not needed:
        return None
    if Answer.objects.filter(application=application, sent_at__isnull=False).exists():
        raise errors.WrongState
    task = task or AnswerTask(application=application, version=0)
    task.status, task.closed_at, task.alarmed_at = AnswerTask.Status.OPEN, None, None
    task.opened_at, task.due = now, _due(application)
    task.passed_to = task.reason = ""
    task.responsible_id = application.official.user_id
    task.version += 1
    task.save()
    _outdate_pages(task)
    letters.queue(
        Letter.Kind.ANSWER_TO_COME,
        application=application,
        now=now,
        facts={"until": task.due.isoformat()} if task.due else {},
    )
    return Settled.OPENED


def close_by_answer(application: Application, *, now: datetime) -> None:
    """End the task whose answer is sent; within the act that sends it."""
    task = AnswerTask.objects.select_for_update().filter(application=application).first()
    if task is not None and task.is_open:
        _close(task, AnswerTask.Status.ANSWERED, now=now)


@act
def assign(
    *,
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    responsible_id: int,
    now: datetime,
) -> AnswerTask:
    """Name who is responsible for the answer: a moderator of the agency, or the official.

    Args:
        version: Of the task that was on the page.

    Raises:
        NotFound: the application is not of the agencies of this member of staff.
        WrongState: no answer is to come, or the task has changed since they looked.
        NobodySuitable: that person works for another agency.
    """
    task = lock_task(staff, public_id, version)
    if not may_be_responsible(task.application).filter(pk=responsible_id).exists():
        raise errors.NobodySuitable
    task.responsible = get_user_model()._default_manager.get(pk=responsible_id)
    task.save()
    journal.record(
        JournalAct.ASSIGN_ANSWER_TASK,
        subject=task.application,
        staff_id=staff.pk,
        now=now,
        details={"responsible": responsible_id},
    )
    return task


def passed_on(task: AnswerTask, *, body: str, reason: str) -> AnswerTask:
    """Return the task as `pass_on` would leave it, to be looked at first.

    Raises:
        Incomplete: the body or the reason is missing or too long.
    """
    task.passed_to = clean_line(body)
    if not task.passed_to or len(task.passed_to) > MAX_BODY:
        raise errors.Incomplete(fields={"body": _("Write which body answers instead.")})
    missing = _("Write the reason: the citizen will read it.")
    task.reason = typed_text(reason, name="reason", most=MAX_WORDS, missing=missing)
    return task


@act
def pass_on(
    *,
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    body: str,
    reason: str,
    now: datetime,
) -> AnswerTask:
    """Pass the question on to another body that has the powers; the citizen gets a letter.

    The portal tells the citizen and keeps it; the papers go their own way.

    Raises:
        NotFound, WrongState: as `assign`.
        Incomplete: as `passed_on`.
    """
    task = passed_on(lock_task(staff, public_id, version), body=body, reason=reason)
    _close(task, AnswerTask.Status.PASSED_ON, now=now)
    journal.record(JournalAct.PASS_ON, subject=task.application, staff_id=staff.pk, now=now)
    letters.queue(
        Letter.Kind.PASSED_ON,
        application=task.application,
        now=now,
        facts=letters.facts_of_passing_on(task),
    )
    return task


def lock_task(staff: AbstractBaseUser, public_id: uuid.UUID, version: int) -> AnswerTask:
    """Lock application and open task, counted on, if the moderator may see it and looked at this version.

    Raises:
        NotFound, WrongState: as `assign`.
    """
    application = (
        applications_visible_to(staff)
        .select_for_update(of=("self",))
        .filter(public_id=public_id)
        .first()
    )
    if application is None:
        raise errors.NotFound
    task = AnswerTask.objects.select_for_update().filter(application=application).first()
    if task is None or not task.is_open or task.version != version:
        raise errors.WrongState
    task.application = application
    task.version += 1
    return task


def _due(application: Application) -> datetime | None:
    agency = application.official.agency
    term = term_of(agency, TermKind.ANSWER)
    return passes_at(term, agency, since=begins_at(term, application)) if term else None


def _close(task: AnswerTask, status: AnswerTask.Status, *, now: datetime) -> None:
    task.status, task.closed_at = status, now
    task.save()
    _outdate_pages(task)


def _outdate_pages(task: AnswerTask) -> None:
    """Move the version of the locked case: a page of before would drop the task, or open it anew."""
    Application.objects.filter(pk=task.application_id).update(version=F("version") + 1)
