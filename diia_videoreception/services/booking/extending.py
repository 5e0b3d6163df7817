"""Extending the term of an application, as far as the agency's own term lets one; the citizen is told why."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalAct, Letter, TermExtension
from diia_videoreception.rules.terms import (
    MAX_EXTENSION_REASON,
    Extender,
    TermKind,
    last_minute,
    may_extend,
)
from diia_videoreception.rules.transitions import Act, acts_from
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.booking.answer_tasks import task_of
from diia_videoreception.selectors.booking.terms import (
    begins_at,
    heads_agency,
    passes_at,
    term_of,
)
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import answer_tasks
from diia_videoreception.services.booking.moderation import lock_case
from diia_videoreception.services.booking.states import change_state
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act, locking_act


@dataclass(frozen=True, slots=True)
class Running:
    """A term that runs for an application.

    Attributes:
        passes_at: None where the agency had none when it began.
        before: What it may not outlast; None for an answer.
    """

    passes_at: datetime | None
    before: datetime | None


def running_term(application: Application, kind: TermKind, *, now: datetime) -> Running:
    """Return the term of this kind that runs for an application.

    Raises:
        WrongState: nothing waits any more.
    """
    if kind is TermKind.ANSWER:
        task = task_of(application)
        if task is None or not task.is_open:
            raise errors.WrongState
        return Running(task.due, None)
    if Act.EXTEND_TERM not in acts_from(application.state_at(now)) or application.start <= now:
        raise errors.WrongState
    return Running(application.decide_by, application.start)


def planned(
    application: Application,
    *,
    kind: TermKind = TermKind.DECISION,
    days: int,
    reason: str,
    staff: StaffUser,
    now: datetime,
) -> TermExtension:
    """Return the extension that `extend` or `extend_answer` would write, to be looked at first.

    Raises:
        WrongState, TermNotExtended, OnlyHeadExtends, TermPassed, Incomplete: as `extend`.
    """
    running = running_term(application, kind, now=now)
    agency = application.official.agency
    term = term_of(agency, kind)
    if running.passes_at is None or term is None or term.max_days is None:
        raise errors.TermNotExtended
    if not may_extend(Extender(term.extended_by), is_head=heads_agency(staff, agency)):
        raise errors.OnlyHeadExtends
    if running.passes_at <= now:
        raise errors.TermPassed
    if days > term.max_days:
        most = _("The term may be %(days)s days in all at most.") % {"days": term.max_days}
        raise errors.Incomplete(fields={"days": most})
    extended = passes_at(term, agency, since=begins_at(term, application), days=days)
    if extended <= running.passes_at:
        raise errors.Incomplete(fields={"days": _("The term is longer than that already.")})
    if running.before is not None and last_minute(extended) >= running.before:
        before = _("The decision has to be made before the reception begins: extend it by less.")
        raise errors.Incomplete(fields={"days": before})
    missing = _("Write the reason: the citizen will read it.")
    return TermExtension(
        application=application,
        kind=kind.value,
        days=days,
        max_days=term.max_days,
        passes_at=extended,
        reason=typed_text(reason, name="reason", most=MAX_EXTENSION_REASON, missing=missing),
        legal_ground=term.legal_ground,
        made_by_id=staff.pk,
        made_at=now,
    )


@locking_act
def extend(
    *,
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    days: int,
    reason: str,
    now: datetime,
) -> TermExtension:
    """Extend the term for the decision on an application; the citizen gets a letter with the reason.

    Args:
        version: Of the application that was on the page.
        days: Of the whole term from now on, counted from the day of submission.

    Raises:
        NotFound: the application is not of the agencies of this member of staff.
        WrongState: it has changed since they looked, does not wait for a decision, or its time has come.
        TermNotExtended: it has no term, or the agency says that nobody extends it.
        OnlyHeadExtends: the agency leaves it to its head.
        TermPassed: the term has passed already.
        Incomplete: more days than the agency allows, no more than it has, or beyond the start of the
            reception; there is no reason, or it is too long.
    """
    application = lock_case(staff, public_id, version, now=now)
    extension = planned(application, days=days, reason=reason, staff=staff, now=now)
    change_state(application, Act.EXTEND_TERM, now=now, decide_by=extension.passes_at)
    _keep(extension, JournalAct.EXTEND_TERM)
    return extension


@act
def extend_answer(
    *,
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    days: int,
    reason: str,
    now: datetime,
) -> TermExtension:
    """Extend the term for the answer after a reception; the citizen gets a letter with the reason.

    Args:
        version: Of the task that was on the page.
        days: Of the whole term from now on, counted from where the agency's term counts.

    Raises:
        NotFound, WrongState, TermNotExtended, OnlyHeadExtends, TermPassed, Incomplete: as `extend`.
    """
    task = answer_tasks.lock_task(staff, public_id, version)
    extension = planned(
        task.application, kind=TermKind.ANSWER, days=days, reason=reason, staff=staff, now=now
    )
    task.due, task.alarmed_at = extension.passes_at, None
    task.save()
    _keep(extension, JournalAct.EXTEND_ANSWER_TERM)
    return extension


def _keep(extension: TermExtension, what: JournalAct) -> None:
    """Keep an extension, note it in the journal and write the letter."""
    extension.save()
    application, now = extension.application, extension.made_at
    journal.record(
        what,
        subject=application,
        staff_id=extension.made_by_id,
        now=now,
        details={
            "term": extension.kind,
            "days": extension.days,
            "until": extension.passes_at.isoformat(),
        },
    )
    letters.queue(
        Letter.Kind.TERM_EXTENDED,
        application=application,
        now=now,
        facts=letters.facts_of_extension(extension),
    )
