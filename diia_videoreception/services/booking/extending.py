"""Extending the term of an application, as far as the agency's own term lets one; the citizen is told why."""

import uuid
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
from diia_videoreception.selectors.booking.terms import (
    heads_agency,
    passes_at,
    term_of,
)
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking.moderation import lock_case
from diia_videoreception.services.booking.states import change_state
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import locking_act


def planned(
    application: Application, *, days: int, reason: str, staff: StaffUser, now: datetime
) -> TermExtension:
    """Return the extension that `extend` would write, to be looked at first.

    Raises:
        WrongState, TermNotExtended, OnlyHeadExtends, TermPassed, Incomplete: as `extend`.
    """
    if Act.EXTEND_TERM not in acts_from(application.state_at(now)) or application.start <= now:
        raise errors.WrongState
    agency = application.official.agency
    term = term_of(agency, TermKind.DECISION)
    if application.decide_by is None or term is None or term.max_days is None:
        raise errors.TermNotExtended
    if not may_extend(Extender(term.extended_by), is_head=heads_agency(staff, agency)):
        raise errors.OnlyHeadExtends
    if application.decide_by <= now:
        raise errors.TermPassed
    if days > term.max_days:
        most = _("The term may be %(days)s days in all at most.") % {"days": term.max_days}
        raise errors.Incomplete(fields={"days": most})
    extended = passes_at(term, agency, since=application.submitted_at, days=days)
    if extended <= application.decide_by:
        raise errors.Incomplete(fields={"days": _("The term is longer than that already.")})
    if last_minute(extended) >= application.start:
        before = _("The decision has to be made before the reception begins: extend it by less.")
        raise errors.Incomplete(fields={"days": before})
    missing = _("Write the reason: the citizen will read it.")
    return TermExtension(
        application=application,
        kind=TermKind.DECISION.value,
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
    extension.save()
    change_state(application, Act.EXTEND_TERM, now=now, decide_by=extension.passes_at)
    journal.record(
        JournalAct.EXTEND_TERM,
        subject=application,
        staff_id=staff.pk,
        now=now,
        details={"term": extension.kind, "days": days, "until": extension.passes_at.isoformat()},
    )
    letters.queue(
        Letter.Kind.TERM_EXTENDED,
        application=application,
        now=now,
        facts=letters.facts_of_extension(extension),
    )
    return extension
