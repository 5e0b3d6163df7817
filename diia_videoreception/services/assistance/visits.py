"""The acts of a visit. Each compares the version that its page has shown, and raises it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import (
    Incomplete,
    TooManyVisits,
    WrongState,
)
from diia_videoreception.models import CentreMember, CentreVisit, JournalAct, VisitCall
from diia_videoreception.rules.visits import (
    MAX_CALLS,
    MAX_OPEN,
    NEED_REASON,
    NEED_RIGHT,
    EidAnswer,
    VisitMode,
    VisitPhase,
    VisitReason,
    free_letters,
    next_phase,
    previous_phase,
)
from diia_videoreception.selectors.assistance.visits import open_self_service_places
from diia_videoreception.services import journal
from diia_videoreception.services.assistance.guard import locked_member, member_at_work
from diia_videoreception.services.assistance.holding import (
    ShownVisit,
    held_visit,
    own_visit,
    record,
    require_phase,
    swap,
)
from diia_videoreception.services.assistance.mandate_ends import end_with_visit
from diia_videoreception.services.transactions import act

IDLE = timedelta(hours=12)
"""After so long without an act the day is over and nobody has said what became of the person."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class StatedNeed:
    """What a person wants, why they need help, and whether they have a signature."""

    purpose: CentreVisit.Purpose
    agency_name: str
    reason: VisitReason | None
    eid: EidAnswer


@act
def begin(centre_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime) -> CentreVisit:
    """Begin a visit with the first letter that is free.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not help people in this centre now.
        TooManyVisits: no letter is free.
    """
    member = member_at_work(staff, centre_id, now=now, on_behalf=False)
    (letter,) = letters_for(member, 1)
    visit = CentreVisit.objects.create(
        centre=member.centre, member=member, letter=letter, started_at=now, changed_at=now
    )
    journal.record(
        JournalAct.BEGIN_VISIT,
        subject=visit,
        staff_id=staff.pk,
        now=now,
        details={"centre": str(centre_id)},
    )
    return visit


def letters_for(member: CentreMember, wanted: int) -> list[int]:
    """Return letters for so many more visits of a member, inside an act that holds the member's lock.

    Raises:
        TooManyVisits: there are not as many.
    """
    held = CentreVisit.objects.open().filter(member=member).values_list("letter", flat=True)
    letters = free_letters({letter for letter in held if letter is not None}, wanted)
    if len(letters) < wanted:
        raise TooManyVisits(limit=MAX_OPEN)
    return letters


@act
def note_greeting(
    shown: ShownVisit,
    *,
    need: str,
    language: CentreVisit.Language,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreVisit:
    """Note what the person says first, and go on to their need.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct: the visit is not theirs to hold now.
        VisitChanged: it is not as it was shown.
        WrongState: it is past the greeting.
    """
    visit = held_visit(shown, staff, now=now)
    require_phase(visit, VisitPhase.GREETING)
    return _move(visit, VisitPhase.NEED, staff, now=now, need=need, language=language.value)


@act
def note_need(
    shown: ShownVisit, need: StatedNeed, *, staff: AbstractBaseUser, now: datetime
) -> CentreVisit:
    """Note what the person wants, to be said back to them before anything is decided (B-77).

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as `note_greeting`.
        WrongState: it is at another stage.
    """
    visit = held_visit(shown, staff, now=now)
    require_phase(visit, VisitPhase.NEED)
    changed = {
        "purpose": need.purpose.value,
        "agency_name": need.agency_name,
        "reason": need.reason.value if need.reason else "",
        "eid": need.eid.value,
    }
    swap(visit, now=now, **changed)
    told = {name: changed[name] for name in ("purpose", "reason", "eid")}
    record(JournalAct.NOTE_VISIT_NEED, visit, staff, now=now, **told)
    return visit


@act
def confirm_need(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> CentreVisit:
    """Go on to the decision: the person has heard their need said back, and said that it is right.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as `note_greeting`.
        WrongState: it is at another stage, or nothing was noted that could be said back.
    """
    visit = held_visit(shown, staff, now=now)
    require_phase(visit, VisitPhase.NEED)
    if not visit.purpose:
        raise WrongState
    return _move(visit, VisitPhase.DECISION, staff, now=now)


@act
def decide(
    shown: ShownVisit,
    mode: VisitMode,
    *,
    workplace: uuid.UUID | None,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreVisit:
    """Choose how the person is helped, and go on to where that leads.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, VisitChanged: as `note_greeting`.
        NoRightToAct: it is done on behalf of the person, and who asks may not.
        WrongState: it is at another stage.
        Incomplete: the reason is missing (B-06), or the place where the person is invited to.
    """
    visit = held_visit(shown, staff, now=now, on_behalf=mode in NEED_RIGHT)
    require_phase(visit, VisitPhase.DECISION)
    if mode in NEED_REASON and not visit.reason:
        text = _("Go back to the need and note why the person needs help.")
        raise Incomplete(fields={"mode": text})
    place = None
    if mode == VisitMode.SELF_SERVICE:
        places = open_self_service_places(visit.member)
        place = places.filter(public_id=workplace).first() if workplace else None
        if place is None:
            raise Incomplete(fields={"workplace": _("Choose a place that works.")})
    phase = next_phase(VisitPhase.DECISION, mode)
    swap(visit, now=now, mode=mode.value, workplace=place, phase=phase.value)
    told = {"mode": mode.value, "workplace": str(place.public_id) if place else ""}
    record(JournalAct.DECIDE_VISIT, visit, staff, now=now, **told)
    return visit


@act
def go_on(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> CentreVisit:
    """Go on to the next stage of the way that was chosen.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as `note_greeting`.
        WrongState: this stage is left by what is noted in it, or it is the last.
    """
    visit = held_visit(shown, staff, now=now)
    require_phase(visit, VisitPhase.WORK, VisitPhase.CHECK)
    phase = next_phase(VisitPhase(visit.phase), VisitMode(visit.mode))
    return _move(visit, phase, staff, now=now)


@act
def go_back(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> CentreVisit:
    """Go back to the stage before; what was noted stays.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as `note_greeting`.
        WrongState: it is the first.
    """
    visit = held_visit(shown, staff, now=now)
    phase = previous_phase(VisitPhase(visit.phase), visit.way)
    if phase is None:
        raise WrongState
    if phase == VisitPhase.DECISION:
        return _move(visit, phase, staff, now=now, mode="", workplace=None)
    return _move(visit, phase, staff, now=now)


@act
def note_call(
    shown: ShownVisit,
    result: VisitCall.Result,
    *,
    note: str,
    staff: AbstractBaseUser,
    now: datetime,
) -> VisitCall:
    """Note that the person was called by telephone.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as `note_greeting`.
        Incomplete: there are as many notes as one can read.
    """
    visit = held_visit(shown, staff, now=now)
    if visit.calls.count() >= MAX_CALLS:
        text = _("%(most)s calls are noted already. End the visit if nobody can be reached.")
        raise Incomplete(fields={"result": text % {"most": MAX_CALLS}})
    swap(visit, now=now)
    call = VisitCall.objects.create(
        visit=visit, member=visit.member, result=result, note=note, called_at=now
    )
    record(JournalAct.NOTE_VISIT_CALL, visit, staff, now=now, result=result.value)
    return call


@act
def end(
    shown: ShownVisit,
    *,
    reason: CentreVisit.EndReason,
    outcome: CentreVisit.Outcome,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreVisit:
    """End a visit and wipe what the person said; who may not act any more still closes what is open.

    Raises:
        NotFound: the visit is not theirs, or has ended.
        VisitChanged: it is not as it was shown.
        Incomplete: nobody leaves for the reason that only the system gives.
    """
    visit = own_visit(shown, locked_member(staff, shown.centre))
    if reason == CentreVisit.EndReason.IDLE:
        raise Incomplete(fields={"reason": _("Choose why the visit ends.")})
    _end(visit, reason, outcome, now=now)
    record(JournalAct.END_VISIT, visit, staff, now=now, reason=reason.value, outcome=outcome.value)
    return visit


def end_abandoned(*, now: datetime) -> int:
    """End the visits that nobody has touched for `IDLE`, so that nothing that people said stays.

    Returns:
        How many were ended.
    """
    keys = list(
        CentreVisit.objects.untouched_since(now - IDLE)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    return sum(_end_abandoned(key, now=now) for key in keys)


@act
def _end_abandoned(key: int, *, now: datetime) -> int:
    """End one visit, unless somebody has it in hand just now."""
    found = CentreVisit.objects.untouched_since(now - IDLE).filter(pk=key)
    visit = found.select_for_update(skip_locked=True, of=("self",)).first()
    if visit is None:
        return 0
    _end(visit, CentreVisit.EndReason.IDLE, CentreVisit.Outcome.NOTHING, now=now)
    journal.record(
        JournalAct.END_VISIT,
        subject=visit,
        now=now,
        details={"reason": visit.end_reason, "outcome": visit.outcome},
    )
    return 1


def _move(
    visit: CentreVisit, phase: VisitPhase, staff: AbstractBaseUser, *, now: datetime, **values: Any
) -> CentreVisit:
    was = visit.phase
    swap(visit, now=now, phase=phase.value, **values)
    record(JournalAct.MOVE_VISIT, visit, staff, now=now, was=str(was), phase=phase.value)
    return visit


def _end(
    visit: CentreVisit,
    reason: CentreVisit.EndReason,
    outcome: CentreVisit.Outcome,
    *,
    now: datetime,
) -> None:
    end_with_visit(visit, now=now)
    wiped = {"need": "", "agency_name": "", "letter": None}
    said = {"end_reason": reason.value, "outcome": outcome.value}
    swap(visit, now=now, ended_at=now, **wiped, **said)
    VisitCall.objects.filter(visit=visit).exclude(note="").update(note="")
