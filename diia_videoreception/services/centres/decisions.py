"""Decisions of the founding body: with a live one a function of a centre is on, without it off (B-04)."""

import uuid
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, WrongState
from diia_videoreception.models import Centre, CentreDecision, JournalAct
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services import journal
from diia_videoreception.services.centres.guard import centre_managed_by
from diia_videoreception.services.transactions import act


@act
def record_decision(
    centre_id: uuid.UUID,
    function: CentreFunction,
    *,
    number: str,
    issued_on: date,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreDecision:
    """Switch a function on by a decision; one that held until now is kept as ended.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks neither heads the centre nor is the operator.
        Incomplete: there is no number, or the day is still to come.
    """
    centre = centre_managed_by(centre_id, staff)
    return add_decision(centre, function, number=number, issued_on=issued_on, staff=staff, now=now)


def add_decision(
    centre: Centre,
    function: CentreFunction,
    *,
    number: str,
    issued_on: date,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreDecision:
    """Put a decision in the place of the one before, inside an act that holds the centre's lock."""
    line = clean_line(number)
    if not line:
        raise Incomplete(fields={"number": _("Enter the number of the decision.")})
    require_past(issued_on, "issued_on", now=now, centre=centre)
    CentreDecision.objects.live().filter(centre=centre, function=function).update(ended_at=now)
    decision = CentreDecision.objects.create(
        centre=centre, function=function, number=line, issued_on=issued_on, recorded_at=now
    )
    _record(JournalAct.RECORD_DECISION, decision, centre, staff=staff, now=now)
    return decision


@act
def end_decision(
    centre_id: uuid.UUID, function: CentreFunction, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Switch a function off; from the next act on nobody has the right that it gave.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `record_decision`.
        WrongState: it is off already.
    """
    centre = centre_managed_by(centre_id, staff)
    live = CentreDecision.objects.live().filter(centre=centre, function=function)
    decision = live.first()
    if decision is None:
        raise WrongState
    live.update(ended_at=now)
    _record(JournalAct.END_DECISION, decision, centre, staff=staff, now=now)


def require_past(day: date, field: str, *, now: datetime, centre: Centre | None = None) -> None:
    """Refuse a decision of a day to come.

    Raises:
        Incomplete: it is.
    """
    today = today_in(centre, now=now) if centre is not None else localtime(now).date()
    if day > today:
        raise Incomplete(fields={field: _("This day is still to come. Check the date.")})


def _record(
    act_: JournalAct,
    decision: CentreDecision,
    centre: Centre,
    *,
    staff: AbstractBaseUser,
    now: datetime,
) -> None:
    details: dict[str, object] = {
        "function": str(decision.function),
        "number": decision.number,
        "issued_on": decision.issued_on.isoformat(),
    }
    journal.record(act_, subject=centre, staff_id=staff.pk, now=now, details=details)
