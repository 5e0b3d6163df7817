"""What a moderator decides about an application (A-30, A-31, A-52 to A-57)."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Application,
    JournalAct,
    JournalRecord,
    Letter,
    MoveRequest,
    Objection,
    Official,
    Proposal,
)
from diia_videoreception.rules.absence import ABSENCES, AbsenceObstacle
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.texts import clean_text
from diia_videoreception.rules.transitions import OUTCOMES, Act
from diia_videoreception.selectors.access import (
    StaffUser,
    applications_visible_to,
    receptions_conducted_by,
)
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.corrections import correction_after
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.move_requests import open_request
from diia_videoreception.selectors.booking.objections import is_settled
from diia_videoreception.selectors.booking.proposals import open_proposal
from diia_videoreception.selectors.rooms.attendance import obstacle_to_noting
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import answer_tasks, occupancy
from diia_videoreception.services.booking.appointing import (
    Conference,
    appoint,
    conference_for,
    prepare_reception,
)
from diia_videoreception.services.booking.refusal_reasons import use_reason
from diia_videoreception.services.booking.states import change_state, end_proposal, end_request
from diia_videoreception.services.transactions import lock_citizen, locking_act
from diia_videoreception.wording import short_moment

_OUTCOMES_IN_JOURNAL = {
    Act.COMPLETE: JournalAct.COMPLETE,
    Act.NOTE_CITIZEN_ABSENT: JournalAct.NOTE_CITIZEN_ABSENT,
    Act.NOTE_AGENCY_ABSENT: JournalAct.NOTE_AGENCY_ABSENT,
}


def lock_case(
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    *,
    now: datetime,
    citizen_too: bool = False,
    besides: Iterable[occupancy.Resource] = (),
    among: Callable[[StaffUser], QuerySet[Application]] = applications_visible_to,
) -> Application:
    """Lock official and application, if the moderator may see it and looked at its present version.

    A question to the citizen whose deadline has passed is noted first: nothing has to wait for that.

    Args:
        citizen_too: for what gives the citizen another time.
        besides: what is claimed besides what the application has.
        among: for what officials do too.
    """
    found = among(moderator).filter(public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    if citizen_too:
        lock_citizen(found.citizen)
    occupancy.lock_all([*occupancy.resources_of(found), *besides])
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("official__unit__agency", "official__user", "citizen", "clarification")
        .get(pk=found.pk)
    )
    require_version(application, version)
    _require_another_helper(application, moderator)
    if application.state != application.state_at(now):
        note_unanswered(application, now=now)
    return application


def _require_another_helper(application: Application, moderator: AbstractBaseUser) -> None:
    """Let nobody decide about what they have typed for a person.

    Raises:
        HelpedYourself
    """
    if application.entered_by is not None and application.entered_by.user_id == moderator.pk:
        raise errors.HelpedYourself


def require_version(application: Application, version: int) -> None:
    """Check that the moderator was looking at the application as it is.

    Raises:
        CorrectedMeanwhile: the citizen has corrected it since.
        WrongState: something else has happened.
    """
    if application.version == version:
        return
    correction = correction_after(application, version)
    if correction is None or correction.made_at is None:
        raise errors.WrongState
    zone = application.official.agency.time_zone
    raise errors.CorrectedMeanwhile(moment=short_moment(correction.made_at, zone))


def note_unanswered(application: Application, *, now: datetime) -> None:
    """Write that the question about a locked application was not answered in time: it waits for a decision."""
    change_state(application, Act.EXPIRE_CLARIFICATION, now=now)
    journal.record(JournalAct.EXPIRE_CLARIFICATION, subject=application, now=now)


def _conference(
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    *,
    start: datetime | None = None,
    now: datetime,
) -> Conference | None:
    found = applications_visible_to(moderator).filter(public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    require_version(found, version)
    time = availability.scheduled_slot(found.official, start=start) if start else None
    return conference_for(found, time=time, now=now)


@locking_act
def accept_for_review(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, version: int, now: datetime
) -> Application:
    """Tell the citizen that the agency has begun to consider an application; the time stays, nothing is decided.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked, or its time has come.
    """
    application = lock_case(moderator, public_id, version, now=now)
    if application.start <= now:
        raise errors.WrongState
    change_state(application, Act.ACCEPT_FOR_REVIEW, now=now)
    _record(JournalAct.ACCEPT_FOR_REVIEW, application, moderator, now)
    letters.queue(Letter.Kind.ACCEPTED, application=application, now=now)
    return application


def confirm(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, version: int, now: datetime
) -> Application:
    """Confirm the requested time; the citizen gets the letter with login and instructions (A-52).

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked, or its time has come.
        ProposalOpen: another time waits for the citizen's answer.
        ConferenceUnavailable: the portal has no such video conference as the agency names.
    """
    conference = _conference(moderator, public_id, version, now=now)
    return _confirm(moderator, public_id, version, conference, now=now)


@locking_act
def _confirm(
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    conference: Conference | None,
    *,
    now: datetime,
) -> Application:
    application = lock_case(moderator, public_id, version, now=now)
    if application.start <= now:
        raise errors.WrongState
    if open_proposal(application, now=now):
        raise errors.ProposalOpen
    change_state(application, Act.CONFIRM, now=now)
    prepare_reception(application, conference, now=now)
    _record(JournalAct.CONFIRM, application, moderator, now)
    letters.queue(Letter.Kind.CONFIRMATION, application=application, now=now)
    letters.notify_official(Letter.Kind.OFFICIAL_CONFIRMED, application, now=now)
    return application


def confirm_other_time(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    start: datetime,
    is_agreed: bool,
    now: datetime,
) -> Application:
    """Confirm another free time of the same official, or move a confirmed reception (A-31).

    Without the citizen a time is only proposed (`proposals.propose`): here they have agreed to this
    one already, on the phone say or by asking for it, and it may be as near as they like. An open proposal ends.

    Args:
        is_agreed: Whether the moderator says that the citizen has agreed to this very time.

    Raises:
        NotFound, WrongState, ConferenceUnavailable: as `confirm`.
        Incomplete: the citizen has not agreed.
        OutsideSchedule, SlotTaken: the official is not free then.
        CitizenTimeTaken, CitizenTimeHeld: the citizen is not.
    """
    if not is_agreed:
        missing = _("Agree on the time with the citizen first, or propose it.")
        raise errors.Incomplete(fields={"is_agreed": missing})
    conference = _conference(moderator, public_id, version, start=start, now=now)
    return _confirm_other_time(moderator, public_id, version, start, conference, now=now)


@locking_act
def _confirm_other_time(
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    start: datetime,
    conference: Conference | None,
    *,
    now: datetime,
) -> Application:
    application = lock_case(moderator, public_id, version, now=now, citizen_too=True)
    if application.start <= now or start <= now:
        raise errors.WrongState if application.start <= now else errors.OutsideSchedule
    slot = availability.scheduled_slot(application.official, start=start)
    confirmed_before = application.state == Application.State.CONFIRMED
    if confirmed_before and slot == application.time:
        # Nobody is told of a change that is none.
        raise errors.WrongState
    require_citizen_free(moderator, application, slot, now=now)
    request = open_request(application, now=now) if confirmed_before else None
    if request is not None and slot.start in request.times:
        end_request(application, MoveRequest.Answer.ACCEPTED, now=now)
    # Its time may be the very one.
    end_proposal(application, Proposal.Answer.SUPERSEDED, now=now)

    def record(what: JournalAct, details: dict[str, object]) -> None:
        _record(what, application, moderator, now, details)

    act = Act.MOVE if confirmed_before else Act.CONFIRM_OTHER_TIME
    appoint(application, act, slot, conference, record=record, now=now)
    return application


@locking_act
def decline(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    refusal: Refusal,
    now: datetime,
) -> Application:
    """Decline an application, or call off a confirmed reception, with a reason in words (B-71).

    Raises:
        NotFound, WrongState: as `confirm`.
        Incomplete: there is no reason.
        ReasonChanged: the agency's list does not have the reason any more, or in other words.
    """
    refusal = replace(
        refusal,
        reason=clean_text(refusal.reason),
        legal_ground=clean_text(refusal.legal_ground),
        whom_to_ask=clean_text(refusal.whom_to_ask),
    )
    if not refusal.reason:
        raise errors.Incomplete(fields={"reason": _("Write the reason: the citizen will read it.")})
    application = lock_case(moderator, public_id, version, now=now)
    if application.start <= now:
        raise errors.WrongState
    confirmed_before = application.state == Application.State.CONFIRMED
    change_state(
        application,
        Act.CANCEL_BY_AGENCY if confirmed_before else Act.DECLINE,
        now=now,
        reason=refusal.reason,
        legal_ground=refusal.legal_ground,
        whom_to_ask=refusal.whom_to_ask,
        next_step=refusal.next_step.value,
    )
    if refusal.listed is not None:
        use_reason(refusal.listed, application)
    what = JournalAct.CANCEL_BY_AGENCY if confirmed_before else JournalAct.DECLINE
    listed: dict[str, object] = {"listed": refusal.listed.key} if refusal.listed else {}
    _record(what, application, moderator, now, listed)
    letters.queue(
        Letter.Kind.CANCELLED if confirmed_before else Letter.Kind.DECLINED,
        application=application,
        now=now,
        facts={"by": Letter.Party.AGENCY.value, "calendar": confirmed_before, **refusal.facts},
    )
    if confirmed_before:
        letters.notify_official(Letter.Kind.OFFICIAL_CANCELLED, application, now=now)
    return application


@locking_act
def note_outcome(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    outcome: Act,
    needs_answer: bool = False,
    now: datetime,
) -> Application:
    """Note what became of a confirmed reception once it has begun; a wrong note can be put right.

    It stays once an objection to it is answered: the citizen could not object to another one.
    Nobody else knows it, so nothing is noted by itself. The citizen sees it in the cabinet, and gets a
    letter when somebody is said not to have come.

    Args:
        moderator: Or the official of the reception.
        outcome: One of `OUTCOMES`.
        needs_answer: Whether it took place, but its question needs consideration: an answer is to come.

    Raises:
        NotFound: it is not theirs.
        WrongState: it has changed since the moderator looked, is not confirmed, is to come, or is settled.
        AbsenceTooEarly: it is too early to say that somebody did not come.
        CitizenCame: the citizen was in the room.
        ReceptionsPaused: the agency could not receive then.
    """
    application = lock_case(moderator, public_id, version, now=now, among=receptions_conducted_by)
    if outcome not in OUTCOMES or application.start > now or is_settled(application):
        raise errors.WrongState
    match obstacle_to_noting(application, outcome, now=now):
        case AbsenceObstacle.TOO_EARLY:
            raise errors.AbsenceTooEarly(minutes=app_settings.absence_grace_minutes)
        case AbsenceObstacle.CITIZEN_CAME:
            raise errors.CitizenCame
        case AbsenceObstacle.PAUSED:
            raise errors.ReceptionsPaused
    change_state(application, outcome, now=now)
    needed = needs_answer and outcome is Act.COMPLETE
    settled = answer_tasks.settle(application, needed=needed, now=now)
    details: dict[str, object] = {"answer": settled.value} if settled else {}
    _record(_OUTCOMES_IN_JOURNAL[outcome], application, moderator, now, details)
    if outcome in ABSENCES:
        by_agency = outcome is Act.NOTE_AGENCY_ABSENT
        by = Letter.Party.AGENCY if by_agency else Letter.Party.CITIZEN
        may_object = not Objection.objects.filter(application=application).exists()
        facts: dict[str, object] = {"by": by.value, "may_object": may_object}
        letters.queue(Letter.Kind.NOT_HELD, application=application, now=now, facts=facts)
    return application


def require_citizen_free(
    moderator: AbstractBaseUser,
    application: Application,
    slot: Interval,
    *,
    official: Official | None = None,
    now: datetime,
) -> None:
    """Check that the citizen is not to be received elsewhere then, and is not about to be.

    Args:
        official: Who is to receive them, where that is somebody else than now.

    Raises:
        CitizenTimeTaken: they are; it says where, if the moderator may see that.
        CitizenTimeHeld: they hold the time of another official.
    """
    citizen = application.citizen
    other = occupancy.own_reception_at(citizen, slot, now=now, besides=application)
    if other is not None:
        may_see = applications_visible_to(moderator).filter(occupancies=other).exists()
        raise errors.CitizenTimeTaken(**(occupancy.params_of(other) if may_see else {}))
    hold = live_hold(citizen, now=now)
    if hold is None or hold.official_id == (official or application.official).pk:
        # That this official's time is held is told by the claim.
        return
    if slot.overlaps(Interval(hold.start, hold.end)):
        raise errors.CitizenTimeHeld(minutes=app_settings.hold_minutes)


def _record(
    what: JournalAct,
    application: Application,
    moderator: AbstractBaseUser,
    now: datetime,
    details: dict[str, object] | None = None,
) -> JournalRecord:
    return journal.record(
        what, subject=application, staff_id=moderator.pk, now=now, details=details
    )
