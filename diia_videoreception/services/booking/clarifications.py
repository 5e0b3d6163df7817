"""A question about an application: the time stays the citizen's, and nothing is refused by silence.

What the citizen adds meanwhile is theirs alone until they send the answer (`reply_documents`).
"""

import uuid
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import (
    AgencyNews,
    Application,
    Clarification,
    JournalAct,
    Letter,
    Proposal,
)
from diia_videoreception.rules.clarifications import (
    MAX_KEPT,
    MAX_QUESTION,
    MAX_REPLY,
    reply_deadline,
)
from diia_videoreception.rules.texts import clean_text
from diia_videoreception.rules.transitions import Act, acts_from
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.clarifications import (
    clarifications_for,
    unsent_documents,
)
from diia_videoreception.selectors.booking.proposals import open_proposal
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import answer_deadlines, occupancy
from diia_videoreception.services.booking.moderation import lock_case, note_unanswered
from diia_videoreception.services.booking.states import change_state, end_proposal
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act, lock_citizen, locking_act


def planned(
    application: Application, *, question: str, answer_by: date | None = None, now: datetime
) -> Clarification:
    """Return the question that `ask` would write, to be looked at first.

    Raises:
        WrongState, Incomplete, ProposalOpen, ClarificationTooLate: as `ask`.
    """
    missing = _("Write the question: the citizen will read it.")
    cleaned = typed_text(question, name="question", most=MAX_QUESTION, missing=missing)
    is_open = Act.ASK_CLARIFICATION in acts_from(application.state_at(now))
    if application.start <= now or not is_open:
        raise errors.WrongState
    if open_proposal(application, now=now):
        raise errors.ProposalOpen
    latest = latest_deadline(application, now=now)
    if latest <= now:
        raise errors.ClarificationTooLate
    agency = application.official.agency
    deadline = answer_deadlines.chosen(answer_by, agency, latest=latest, now=now)
    return Clarification(application=application, question=cleaned, asked_at=now, deadline=deadline)


def latest_deadline(application: Application, *, now: datetime) -> datetime:
    """Return until when an answer could be waited for at most; it may lie in the past."""
    term = timedelta(hours=application.official.agency.answer_hours)
    return reply_deadline(now, term=term, start=application.start)


@locking_act
def ask(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    question: str,
    answer_by: date | None = None,
    now: datetime,
) -> Clarification:
    """Ask the citizen for words or documents before the decision; the time stays theirs.

    Args:
        version: Of the application that the moderator was looking at.
        answer_by: The day until whose evening to wait; without it as long as the agency can.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked, is decided, asked about, or its time has come.
        Incomplete: there is no question, or it is too long; or that day cannot be chosen.
        ProposalOpen: a proposed time waits for the citizen's answer.
        ClarificationTooLate: there is no time left for an answer.
    """
    application = lock_case(moderator, public_id, version, now=now)
    asked = planned(application, question=question, answer_by=answer_by, now=now)
    # One that has expired unnoticed goes first: two things are never asked at once.
    end_proposal(application, Proposal.Answer.EXPIRED, now=now)
    asked.asked_by_id = moderator.pk
    asked.save()
    change_state(application, Act.ASK_CLARIFICATION, now=now, clarification=asked)
    journal.record(
        JournalAct.ASK_CLARIFICATION, subject=application, staff_id=moderator.pk, now=now
    )
    letters.queue(
        Letter.Kind.CLARIFICATION,
        application=application,
        now=now,
        facts=letters.facts_of_clarification(asked),
    )
    return asked


@locking_act
def withdraw(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, version: int, now: datetime
) -> Application:
    """Take the open question back, so that the case can be decided; the citizen is told.

    Raises:
        NotFound, WrongState: as `ask`; also when no question is open.
    """
    application = lock_case(moderator, public_id, version, now=now)
    asked = application.clarification
    if asked is None:
        raise errors.WrongState
    change_state(application, Act.WITHDRAW_CLARIFICATION, now=now)
    journal.record(
        JournalAct.WITHDRAW_CLARIFICATION, subject=application, staff_id=moderator.pk, now=now
    )
    letters.queue(
        Letter.Kind.CLARIFICATION_WITHDRAWN,
        application=application,
        now=now,
        facts=letters.facts_of_clarification(asked),
    )
    return application


@act
def keep_typed(
    *, actor: SignedIn, public_id: uuid.UUID, question_id: uuid.UUID, text: str, now: datetime
) -> None:
    """Keep what the citizen has typed, while the question is open; nobody else sees it.

    Raises:
        NotFound, ClarificationClosed: as `answer`.
    """
    _application, asked = lock_own(actor, public_id, question_id)
    require_open(asked, now=now)
    asked.typed = clean_text(text)[:MAX_KEPT]
    asked.save(update_fields=["typed"])


@locking_act
def answer(
    *, actor: SignedIn, public_id: uuid.UUID, question_id: uuid.UUID, text: str, now: datetime
) -> Application:
    """Send the answer with what was added to it: the application waits for its decision again.

    Sending the same answer once more gives the application back unchanged.

    Raises:
        NotFound: it was not asked of this citizen.
        ClarificationClosed: it was answered otherwise, withdrawn, or its deadline has passed.
        Incomplete: there are no words, or too many.
        WrongState: the application has changed at this very moment.
    """
    missing = _("Write the answer: the agency will read it.")
    cleaned = typed_text(text, most=MAX_REPLY, missing=missing)
    # No document is added between its hand-over and the end of the question.
    lock_citizen(actor.citizen)
    application, asked = lock_own(actor, public_id, question_id)
    if asked.outcome == Clarification.Outcome.ANSWERED and asked.answer == cleaned:
        return application
    require_open(asked, now=now)
    asked.answer = cleaned
    application.clarification = asked
    documents = unsent_documents(asked).update(application=application)
    change_state(application, Act.ANSWER_CLARIFICATION, now=now)
    journal.record(
        JournalAct.ANSWER_CLARIFICATION,
        subject=application,
        citizen=actor.citizen,
        now=now,
        details={"documents": documents},
    )
    letters.notify_agency(application, AgencyNews.Kind.CLARIFICATION_ANSWERED, now=now)
    return application


@act
def expire(application_key: int, *, now: datetime) -> int:
    """Note that nobody has answered a question, and tell the agency; it has ended by itself.

    Returns:
        Whether it was noted here.
    """
    found = Application.objects.get(pk=application_key)
    occupancy.lock_all(occupancy.resources_of(found))
    application = _locked(found)
    if application.state == application.state_at(now):
        return 0
    note_unanswered(application, now=now)
    letters.notify_agency(application, AgencyNews.Kind.CLARIFICATION_EXPIRED, now=now)
    return 1


def lock_own(
    actor: SignedIn, public_id: uuid.UUID, question_id: uuid.UUID
) -> tuple[Application, Clarification]:
    """Lock official and application of a question to this citizen.

    Raises:
        NotFound: there is none.
    """
    found = Application.objects.filter(citizen=actor.citizen, public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    occupancy.lock_all(occupancy.resources_of(found))
    application = _locked(found)
    asked = clarifications_for(actor.citizen, public_id).filter(public_id=question_id).first()
    if asked is None:
        raise errors.NotFound
    return application, asked


def require_open(asked: Clarification, *, now: datetime) -> None:
    """Check that a question can be answered.

    Raises:
        ClarificationClosed: it cannot any more.
    """
    if not asked.is_open(now):
        raise errors.ClarificationClosed


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("official__unit__agency", "citizen", "reception", "clarification")
        .get(pk=application.pk)
    )
