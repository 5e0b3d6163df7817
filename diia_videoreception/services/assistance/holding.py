"""A visit in the hands of who acts in it: found, held under the lock of its member, written as it was read."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F

from diia_videoreception.errors import NotFound, VisitChanged, WrongState
from diia_videoreception.models import CentreMember, CentreVisit, JournalAct
from diia_videoreception.rules.visits import NEED_RIGHT, VisitPhase
from diia_videoreception.services import journal
from diia_videoreception.services.assistance.guard import locked_member, member_at_work


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """A visit as a page has shown it."""

    centre: uuid.UUID
    visit: uuid.UUID
    version: int


def own_visit(shown: ShownVisit, member: CentreMember) -> CentreVisit:
    """Return an open visit that somebody holds, as a page has shown it.

    Raises:
        NotFound: it is not theirs, or has ended.
        VisitChanged: it is not as it was shown.
    """
    visit = CentreVisit.objects.open().filter(member=member, public_id=shown.visit).first()
    if visit is None:
        raise NotFound
    if visit.version != shown.version:
        raise VisitChanged
    visit.member = member
    return visit


def held_visit(
    shown: ShownVisit, staff: AbstractBaseUser, *, now: datetime, on_behalf: bool = False
) -> CentreVisit:
    """Return a visit of who asks; what is done on behalf of the person asks for the right at each act.

    Raises:
        NotFound, VisitChanged: as `own_visit`.
        MemberBlocked, CentreSuspended: they may not help there now.
        NoRightToAct: they may not act on behalf of people.
    """
    visit = own_visit(shown, locked_member(staff, shown.centre))
    for_person = on_behalf or visit.way in NEED_RIGHT
    visit.member = member_at_work(staff, shown.centre, now=now, on_behalf=for_person)
    return visit


def require_phase(visit: CentreVisit, *phases: VisitPhase) -> None:
    """Let an act go on only at these stages.

    Raises:
        WrongState: the visit is at another one.
    """
    if visit.phase not in phases:
        raise WrongState


def swap(visit: CentreVisit, *, now: datetime, **values: Any) -> None:
    """Write to the visit as it was read, or not at all.

    Raises:
        VisitChanged: it is another one by now.
    """
    as_read = CentreVisit.objects.open().filter(pk=visit.pk, version=visit.version)
    if not as_read.update(version=F("version") + 1, changed_at=now, **values):
        raise VisitChanged
    visit.refresh_from_db()


def record(
    act_: JournalAct,
    visit: CentreVisit,
    staff: AbstractBaseUser,
    *,
    now: datetime,
    **details: object,
) -> None:
    """Write the one record of an act in a visit."""
    journal.record(act_, subject=visit, staff_id=staff.pk, now=now, details=details)
