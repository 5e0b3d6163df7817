"""Another time that the agency proposes: the old one stands until the citizen accepts; silence accepts nothing.

Both times are the citizen's until the deadline, as rows of `Occupancy`. What the citizen accepts is
appointed by `appointing`, as every other time.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    AgencyNews,
    Application,
    DayPart,
    JournalAct,
    Letter,
    MoveRequest,
    Occupancy,
    Official,
    Proposal,
)
from diia_videoreception.rules.proposals import MAX_REASON, MAX_WISHES, answer_deadline, is_soon
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.transitions import Act, acts_from
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.applications import application_of
from diia_videoreception.selectors.booking.proposals import open_proposal, proposals_to
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import answer_deadlines, occupancy
from diia_videoreception.services.booking.appointing import Conference, appoint, conference_for
from diia_videoreception.services.booking.moderation import lock_case, require_citizen_free
from diia_videoreception.services.booking.reassigning import require_suitable
from diia_videoreception.services.booking.seating import require_seat_open
from diia_videoreception.services.booking.states import change_state, end_proposal, end_request
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act, lock_citizen, locking_act


def planned(
    application: Application,
    *,
    start: datetime,
    reason: str,
    official: Official | None = None,
    answer_by: date | None = None,
    slot: Interval | None = None,
    now: datetime,
) -> Proposal:
    """Return the proposal that `propose` would write, to be looked at first; whether the time is free is not asked.

    Args:
        slot: What begins then in a schedule that is not saved yet.

    Raises:
        WrongState, Incomplete, ProposalOpen, OfficialUnavailable, OutsideSchedule, CitizenTimeTaken,
            ProposedTooSoon, ProposalTooLate: as `propose`.
    """
    missing = _("Write the reason: the citizen will read it.")
    cleaned = typed_text(reason, name="reason", most=MAX_REASON, missing=missing)
    if application.start <= now or Act.PROPOSE not in acts_from(application.state_at(now)):
        raise errors.WrongState
    if open_proposal(application, now=now):
        raise errors.ProposalOpen
    if official is not None:
        require_suitable(application, official)
    slot = slot or availability.scheduled_slot(official or application.official, start=start)
    if official is not None and slot.overlaps(application.time):
        # The citizen has both times until the answer. The same time is given by `reassign`.
        raise errors.CitizenTimeTaken
    return Proposal(
        application=application,
        official=official,
        old_start=application.start,
        old_end=application.end,
        start=slot.start,
        end=slot.end,
        reason=cleaned,
        made_at=now,
        deadline=_deadline(application, slot, answer_by, now=now),
    )


def latest_deadline(
    application: Application, *, start: datetime | None = None, now: datetime
) -> datetime:
    """Return until when an answer could be waited for at most; it may lie in the past.

    Args:
        start: Of the proposed time; without it only the present time ends the waiting.
    """
    return answer_deadline(
        now,
        term=timedelta(hours=application.official.agency.answer_hours),
        old_start=application.start,
        new_start=start or application.start,
    )


def _deadline(
    application: Application, slot: Interval, answer_by: date | None, *, now: datetime
) -> datetime:
    """Return until when the citizen can answer.

    Raises:
        ProposedTooSoon, ProposalTooLate
        Incomplete: the day cannot be chosen.
    """
    hours = app_settings.proposal_notice_hours
    if is_soon(slot.start, now, notice=timedelta(hours=hours)):
        raise errors.ProposedTooSoon(hours=hours)
    latest = latest_deadline(application, start=slot.start, now=now)
    if latest <= now:
        raise errors.ProposalTooLate
    agency = application.official.agency
    return answer_deadlines.chosen(answer_by, agency, latest=latest, now=now)


@locking_act
def propose(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    start: datetime,
    reason: str,
    official_id: int | None = None,
    answer_by: date | None = None,
    now: datetime,
) -> Proposal:
    """Propose another free time, of the same official or of another one, and hold it until the deadline (A-31).

    It may lie nearer than a citizen could ask for, but no nearer than PROPOSAL_NOTICE_HOURS.
    It answers an open request to move the reception.

    Args:
        version: Of the application that the moderator was looking at.
        official_id: Who would receive then; without it whoever is to receive now.
        answer_by: The day until whose evening to wait; without it as long as the agency can.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked, is not open, or its time has come.
        Incomplete: there is no reason, or it is too long; or that day cannot be chosen.
        ProposalOpen: another proposal waits for an answer.
        OfficialUnavailable: as `reassigning.require_suitable`.
        OutsideSchedule, SlotTaken, SeatClosed: the official, or the seat of a centre, is not free then.
        CitizenTimeTaken, CitizenTimeHeld: the citizen is not.
        ProposedTooSoon: the time is too near to be proposed.
        ProposalTooLate: there is no time left for an answer.
    """
    others = [occupancy.OfficialTime(official_id)] if official_id is not None else []
    application = lock_case(
        moderator, public_id, version, now=now, citizen_too=True, besides=others
    )
    official = next((one.official for one in others), None)
    if official == application.official:
        official = None
    proposal = planned(
        application, start=start, reason=reason, official=official, answer_by=answer_by, now=now
    )
    require_citizen_free(moderator, application, proposal.time, official=official, now=now)
    # One that has expired unnoticed goes first: an application has one.
    end_proposal(application, Proposal.Answer.EXPIRED, now=now)
    Proposal.objects.filter(application=application, is_last=True).update(is_last=False)
    proposal.made_by_id = moderator.pk
    proposal.save()
    _hold(application, proposal, now=now)
    end_request(application, MoveRequest.Answer.PROPOSED, now=now)
    change_state(application, Act.PROPOSE, now=now)
    journal.record(
        JournalAct.PROPOSE,
        subject=application,
        staff_id=moderator.pk,
        now=now,
        details=_times(proposal),
    )
    letters.queue(
        Letter.Kind.PROPOSAL,
        application=application,
        now=now,
        facts=letters.facts_of_proposal(proposal),
    )
    return proposal


def _hold(application: Application, proposal: Proposal, *, now: datetime) -> None:
    """Occupy the proposed time beside the present one.

    Raises:
        SlotTaken, SeatClosed, CitizenTimeTaken
    """
    official = proposal.official or application.official
    resources = occupancy.resources_of(application, official=official)
    require_seat_open(application, proposal.time)
    citizen = application.citizen
    taken = occupancy.look(resources, proposal.time, citizen=citizen, now=now)
    occupancy.require_free(taken)
    row = Occupancy(
        kind=Occupancy.Kind.PROPOSAL,
        official=official,
        seat=application.seat,
        citizen=citizen,
        application=application,
        start=proposal.start,
        end=proposal.end,
        created_at=now,
        expires_at=proposal.deadline,
    )
    try:
        occupancy.take(resources, row)
    except errors.OwnTimeTaken as error:
        raise errors.CitizenTimeTaken from error


def accept(
    *, actor: SignedIn, public_id: uuid.UUID, proposal_id: uuid.UUID, now: datetime
) -> Application:
    """Accept the proposed time: it is confirmed, and the earlier one is free.

    Accepting once more what one has accepted gives the application back unchanged.

    Raises:
        NotFound: it was not proposed to this citizen.
        ProposalClosed: it was answered otherwise, withdrawn, or its deadline has passed.
        SlotTaken, OwnTimeTaken: the time has been lost, where the clocks of two servers differ.
        WrongState: the application has changed at this very moment.
        ConferenceUnavailable: the portal has no such video conference as the agency names.
    """
    found = application_of(actor.citizen, public_id)
    if found is None:
        raise errors.NotFound
    proposal = proposals_to(actor.citizen, public_id).filter(public_id=proposal_id).first()
    is_open = proposal is not None and proposal.is_open(now)
    conference = (
        conference_for(found, time=proposal.time, now=now) if proposal and is_open else None
    )
    return _accept(actor, public_id, proposal_id, conference, now=now)


@locking_act
def _accept(
    actor: SignedIn,
    public_id: uuid.UUID,
    proposal_id: uuid.UUID,
    conference: Conference | None,
    *,
    now: datetime,
) -> Application:
    lock_citizen(actor.citizen)
    application, proposal = _lock_own(actor, public_id, proposal_id)
    if proposal.answer == Proposal.Answer.ACCEPTED:
        return application
    _require_open(proposal, now=now)
    end_proposal(application, Proposal.Answer.ACCEPTED, now=now)

    def record(what: JournalAct, details: dict[str, object]) -> None:
        journal.record(what, subject=application, citizen=actor.citizen, now=now, details=details)

    try:
        appoint(
            application,
            Act.ACCEPT_PROPOSAL,
            proposal.time,
            conference,
            official=proposal.official,
            record=record,
            now=now,
        )
    except errors.CitizenTimeTaken as error:
        raise errors.OwnTimeTaken from error
    letters.notify_agency(application, AgencyNews.Kind.PROPOSAL_ACCEPTED, now=now)
    return application


@locking_act
def refuse(
    *,
    actor: SignedIn,
    public_id: uuid.UUID,
    proposal_id: uuid.UUID,
    day_parts: Collection[str] = (),
    wishes: str = "",
    now: datetime,
) -> Application:
    """Refuse the proposed time, with wishes: it is free again, and the earlier one stands.

    Refusing once more what one has refused gives the application back unchanged.

    Args:
        day_parts: Values of `DayPart`; others are left out.

    Raises:
        NotFound, ProposalClosed, WrongState: as `accept`.
        Incomplete: the wishes are too long.
    """
    cleaned = typed_text(wishes, name="wishes", most=MAX_WISHES)
    application, proposal = _lock_own(actor, public_id, proposal_id)
    if proposal.answer == Proposal.Answer.REFUSED:
        return application
    _require_open(proposal, now=now)
    parts = [part for part in DayPart.values if part in set(day_parts)]
    end_proposal(application, Proposal.Answer.REFUSED, now=now, day_parts=parts, wishes=cleaned)
    change_state(application, Act.REFUSE_PROPOSAL, now=now)
    journal.record(
        JournalAct.REFUSE_PROPOSAL,
        subject=application,
        citizen=actor.citizen,
        now=now,
        details=_times(proposal),
    )
    letters.notify_agency(application, AgencyNews.Kind.PROPOSAL_REFUSED, now=now)
    return application


@locking_act
def withdraw(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, version: int, now: datetime
) -> Application:
    """Take the open proposal back: the proposed time is free, the earlier one stands, the citizen is told.

    Raises:
        NotFound, WrongState: as `propose`; also when there is no open proposal.
    """
    application = lock_case(moderator, public_id, version, now=now)
    proposal = open_proposal(application, now=now)
    if proposal is None:
        raise errors.WrongState
    end_proposal(application, Proposal.Answer.WITHDRAWN, now=now)
    change_state(application, Act.WITHDRAW_PROPOSAL, now=now)
    journal.record(
        JournalAct.WITHDRAW_PROPOSAL,
        subject=application,
        staff_id=moderator.pk,
        now=now,
        details=_times(proposal),
    )
    letters.queue(
        Letter.Kind.PROPOSAL_WITHDRAWN,
        application=application,
        now=now,
        facts=letters.facts_of_proposal(proposal),
    )
    return application


@act
def expire(proposal_key: int, *, now: datetime) -> int:
    """Note that nobody has answered a proposal, and tell the agency; it has ended by itself.

    Returns:
        Whether it was noted here.
    """
    found = Proposal.objects.select_related("application").get(pk=proposal_key).application
    occupancy.lock_all(occupancy.resources_of(found))
    application = _locked(found)
    proposal = Proposal.objects.filter(pk=proposal_key, answer="", deadline__lte=now).first()
    if proposal is None:
        return 0
    end_proposal(application, Proposal.Answer.EXPIRED, now=now)
    change_state(application, Act.EXPIRE_PROPOSAL, now=now)
    journal.record(
        JournalAct.EXPIRE_PROPOSAL, subject=application, now=now, details=_times(proposal)
    )
    letters.notify_agency(application, AgencyNews.Kind.PROPOSAL_EXPIRED, now=now)
    return 1


def _lock_own(
    actor: SignedIn, public_id: uuid.UUID, proposal_id: uuid.UUID
) -> tuple[Application, Proposal]:
    """Lock officials and application of a proposal to this citizen.

    Raises:
        NotFound: there is none.
    """
    found = Application.objects.filter(citizen=actor.citizen, public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    asked = proposals_to(actor.citizen, public_id).filter(public_id=proposal_id)
    others = asked.filter(official__isnull=False).values_list("official", flat=True)
    besides = [occupancy.OfficialTime(key) for key in others]
    occupancy.lock_all([*occupancy.resources_of(found), *besides])
    application = _locked(found)
    proposal = asked.select_related("official__unit__agency", "official__user").first()
    if proposal is None:
        raise errors.NotFound
    return application, proposal


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("official__unit__agency", "official__user", "citizen", "reception")
        .get(pk=application.pk)
    )


def _require_open(proposal: Proposal, *, now: datetime) -> None:
    if not proposal.is_open(now):
        raise errors.ProposalClosed


def _times(proposal: Proposal) -> dict[str, object]:
    return {"from": proposal.old_start.isoformat(), "to": proposal.start.isoformat()}
