"""Changing the state of an application: the one place that does, by compare-and-swap."""

from datetime import datetime

from django.db.models import Case, CharField, Value, When

from diia_videoreception.errors import WrongState
from diia_videoreception.models import (
    Application,
    Clarification,
    Correction,
    MoveRequest,
    Occupancy,
    Proposal,
)
from diia_videoreception.rules import transitions
from diia_videoreception.selectors.booking.clarifications import unsent_documents
from diia_videoreception.selectors.booking.corrections import (
    unsent_documents as unsent_correction_documents,
)
from diia_videoreception.services.booking import occupancy, serving
from diia_videoreception.services.documents.storage import delete_documents

_ENDS_QUESTION = {
    transitions.Act.ANSWER_CLARIFICATION: Clarification.Outcome.ANSWERED,
    transitions.Act.WITHDRAW_CLARIFICATION: Clarification.Outcome.WITHDRAWN,
    transitions.Act.EXPIRE_CLARIFICATION: Clarification.Outcome.EXPIRED,
}


def change_state(
    application: Application, act: transitions.Act, *, now: datetime, **changes: object
) -> None:
    """Move the application along one edge of the transition table, by compare-and-swap.

    The row of `application` is updated in place with its new state, version and `changes`. A
    final state frees the time. Whatever is decided ends an open proposal of another time, and a request
    for one; whatever leaves the state of an open question ends that.

    Raises:
        WrongState: the table has no such edge, or somebody else acted first.
    """
    try:
        state = transitions.next_state(application.state, act)
    except transitions.IllegalTransition as error:
        raise WrongState from error
    values: dict[str, object] = {
        **changes,
        "state": state,
        "version": application.version + 1,
    }
    if act not in transitions.UNDECIDED:
        values |= {"decided_at": now, "decide_by": None}
    if transitions.EDGES[application.state, act].who is transitions.Party.STAFF:
        # Whoever acts on a version has read it.
        values["corrected_at"] = None
    stays_asked = state == transitions.State.CLARIFICATION
    question = None if stays_asked else application.clarification
    if question is not None:
        values["clarification"] = None
    changed = Application.objects.filter(
        pk=application.pk, state=application.state, version=application.version
    ).update(**values)
    if not changed:
        raise WrongState
    was_confirmed = application.state == transitions.State.CONFIRMED
    was_undecided = application.state in transitions.UNDECIDED_STATES
    for name, value in values.items():
        setattr(application, name, value)
    if question is not None:
        _end_question(question, act, now=now)
    if was_undecided and state not in transitions.UNDECIDED_STATES:
        _drop_unsent_correction(application)
    if act not in transitions.UNDECIDED:
        end_proposal(application, Proposal.Answer.SUPERSEDED, now=now)
        if was_confirmed:
            end_request(application, MoveRequest.Answer.SUPERSEDED, now=now)
    if not transitions.is_open(state):
        _free_time(application, now=now)


def _free_time(application: Application, *, now: datetime) -> None:
    """Give up the time of an application; an absence that went around it has it then."""
    freed, _by_model = Occupancy.objects.filter(application=application).delete()
    if freed:
        occupancy.give_to_absences(application.official_id, application.time, now=now)
        serving.offer_freed_later(application.official_id, now=now)


def _drop_unsent_correction(application: Application) -> None:
    """Delete what the citizen was about to correct: it is too late, and nobody else has seen it."""
    unsent = Correction.objects.filter(application=application, made_at=None).first()
    if unsent is not None:
        delete_documents(list(unsent_correction_documents(unsent)))
        unsent.delete()


def _end_question(question: Clarification, act: transitions.Act, *, now: datetime) -> None:
    """Write how an open question ended; what the citizen has not sent goes with it.

    One whose deadline has passed has expired, whatever ends it now.
    """
    outcome = _ENDS_QUESTION.get(act, Clarification.Outcome.SUPERSEDED)
    if not question.is_open(now):
        outcome = Clarification.Outcome.EXPIRED
    question.outcome, question.ended_at, question.typed = outcome, now, ""
    question.save(update_fields=["outcome", "ended_at", "typed", "answer"])
    delete_documents(list(unsent_documents(question)))


def end_proposal(
    application: Application,
    answer: Proposal.Answer,
    *,
    now: datetime,
    **changes: object,
) -> None:
    """End the proposal of another time that is not answered yet, if there is one, and free that time.

    One whose deadline has passed has expired, whatever ends it now. The application is locked.
    """
    proposal = Proposal.objects.filter(application=application, answer="").first()
    if proposal is None:
        return
    if not proposal.is_open(now):
        answer = Proposal.Answer.EXPIRED
    Proposal.objects.filter(pk=proposal.pk).update(answer=answer, answered_at=now, **changes)
    Occupancy.objects.filter(application=application, kind=Occupancy.Kind.PROPOSAL).delete()


def end_request(
    application: Application,
    answer: MoveRequest.Answer,
    *,
    now: datetime,
    **changes: object,
) -> None:
    """End the request to move the reception that is not answered yet, if there is one.

    One whose deadline has passed has expired, whatever ends it now. The application is locked.
    """
    how = Case(
        When(deadline__lte=now, then=Value(MoveRequest.Answer.EXPIRED.value)),
        default=Value(answer.value),
        output_field=CharField(),
    )
    waiting = MoveRequest.objects.filter(application=application, answer="")
    waiting.update(answer=how, answered_at=now, **changes)
