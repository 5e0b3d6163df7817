"""Every state with every act: what the table says is what comes of it, and whatever it does not say is refused.

State, time, letter and journal are compared with `EDGES`; a refused act has written nothing.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    Clarification,
    Correction,
    JournalRecord,
    Letter,
    MoveRequest,
    Occupancy,
    Official,
    Proposal,
    Reception,
)
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.transitions import (
    EDGES,
    OF_OPEN_PROPOSAL,
    OF_OPEN_REQUEST,
    OUTCOMES,
    UNDECIDED,
    UNDECIDED_STATES,
    Act,
    Edge,
    State,
    TimeEffect,
    fits_proposal,
    fits_request,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import applications, deadlines, proposals
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW, START
from tests.steps import move_requests
from tests.steps.clarifications import ask, reply, withdraw_question
from tests.steps.closing import as_head, end_consideration
from tests.steps.corrections import correct
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import answer, propose, withdraw
from tests.steps.reassigning import colleague_of, reassign
from tests.steps.terms import extend, set_term
from tests.steps.written_answers import answer_in_writing

pytestmark = pytest.mark.any_database

HALF_HOUR = timedelta(minutes=30)
LATER, LATEST = START + HALF_HOUR, START + 2 * HALF_HOUR
AFTER = START + timedelta(hours=1)
PROPOSED, REQUESTED = "proposed", "requested"


LEAVES_PROPOSAL = frozenset({Act.ACCEPT_FOR_REVIEW, Act.EXTEND_TERM, Act.CORRECT})
"""What decides nothing: an open proposal of another time stays as it is."""

LEAVES_REQUEST = UNDECIDED - OF_OPEN_REQUEST - {Act.PROPOSE, Act.REASSIGN}
"""What is about something else: the wish for another time stands."""


@dataclass
class Case:
    """An application in a state, and who acts on it."""

    application: Application
    moderator: AbstractBaseUser
    citizen: SignedIn
    other: Official
    proposal: Proposal | None = None
    request: MoveRequest | None = None

    def seen(self) -> Application:
        return Application.objects.get(pk=self.application.pk)

    def decide(self, act: str, **how: Any) -> None:
        decide(act, self.seen(), self.moderator, **how)

    def answer(self, name: str, now: datetime = NOW) -> None:
        if self.proposal is None:
            # As from an old letter, of another time.
            self.proposal = Proposal(application=self.application)
        answer(name, self.proposal, now=now)

    def other_time(self, *, confirmed_before: bool) -> None:
        if (self.application.state == State.CONFIRMED) != confirmed_before:
            # One service does both: the state says which of them it is.
            raise errors.WrongState
        self.decide("confirm_other_time", start=LATER)

    def decline(self, *, called_off: bool) -> None:
        if (self.application.state == State.CONFIRMED) != called_off:
            raise errors.WrongState
        self.decide("decline", refusal=Refusal("Не наше питання."))

    def expire(self) -> None:
        if not deadlines.expire_proposals(now=START - HALF_HOUR):
            raise errors.WrongState

    def reply(self) -> None:
        # As from an old letter, where nothing is asked.
        waiting = self.seen().clarification
        reply(waiting or Clarification(application=self.application))

    def expire_question(self) -> None:
        if not deadlines.expire_clarifications(now=START - HALF_HOUR):
            raise errors.WrongState

    def take_back(self) -> None:
        # As from a page of before, of another one.
        move_requests.take_back(self.request or MoveRequest(application=self.application))

    def expire_request(self) -> None:
        if not deadlines.expire_move_requests(now=START - HALF_HOUR):
            raise errors.WrongState

    def lapse(self) -> None:
        if not deadlines.lapse_undecided(now=START):
            raise errors.WrongState


DO: dict[Act, Callable[[Case], object]] = {
    Act.ACCEPT_FOR_REVIEW: lambda case: case.decide("accept_for_review"),
    Act.CONFIRM: lambda case: case.decide("confirm"),
    Act.CONFIRM_OTHER_TIME: lambda case: case.other_time(confirmed_before=False),
    Act.MOVE: lambda case: case.other_time(confirmed_before=True),
    Act.REASSIGN: lambda case: reassign(case.seen(), case.moderator, case.other),
    Act.PROPOSE: lambda case: propose(case.application, case.moderator, LATER),
    Act.ACCEPT_PROPOSAL: lambda case: case.answer("accept"),
    Act.REFUSE_PROPOSAL: lambda case: case.answer("refuse"),
    Act.WITHDRAW_PROPOSAL: lambda case: withdraw(case.application, case.moderator),
    Act.EXPIRE_PROPOSAL: lambda case: case.expire(),
    Act.ASK_CLARIFICATION: lambda case: ask(case.application, case.moderator),
    Act.ANSWER_CLARIFICATION: lambda case: case.reply(),
    Act.WITHDRAW_CLARIFICATION: lambda case: withdraw_question(case.application, case.moderator),
    Act.EXPIRE_CLARIFICATION: lambda case: case.expire_question(),
    Act.CORRECT: lambda case: correct(case.seen()),
    Act.REQUEST_MOVE: lambda case: move_requests.ask(case.application, LATER),
    Act.REFUSE_MOVE: lambda case: move_requests.refuse(case.application, case.moderator),
    Act.WITHDRAW_MOVE: lambda case: case.take_back(),
    Act.EXPIRE_MOVE: lambda case: case.expire_request(),
    Act.ANSWER_IN_WRITING: lambda case: answer_in_writing(case.seen(), case.moderator),
    Act.EXTEND_TERM: lambda case: extend(case.application, case.moderator, days=2),
    Act.DECLINE: lambda case: case.decline(called_off=False),
    Act.END_CONSIDERATION: lambda case: end_consideration(case.seen(), as_head(case.moderator)),
    Act.CANCEL_BY_AGENCY: lambda case: case.decline(called_off=True),
    Act.CANCEL_BY_CITIZEN: lambda case: applications.cancel(
        actor=case.citizen, public_id=case.application.public_id, now=NOW
    ),
    Act.LAPSE: lambda case: case.lapse(),
    **{
        act: lambda case, act=act: case.decide("note_outcome", outcome=act, now=AFTER)  # type: ignore[misc]
        for act in OUTCOMES
    },
}


@pytest.fixture
def case(official: Official, citizen: SignedIn) -> Callable[..., Case]:
    def make(state: State, *, beside: str) -> Case:
        # The question is asked below.
        filed = State.SUBMITTED if state == State.CLARIFICATION else state
        decided = {"decided_at": NOW} if filed not in UNDECIDED_STATES else {}
        reason = {"reason": "Причина."} if state == State.DECLINED else {}
        if state == State.ANSWERED:
            reason = {"written_answer": "Відповідь.", "outgoing_number": "12/34"}
        if state == State.NOT_CONSIDERED:
            reason = {"reason": "Причина.", "legal_ground": "Стаття 8."}
        set_term(official.agency, days=1)
        application = ApplicationFactory(
            official=official,
            citizen=citizen.citizen,
            start=START,
            state=filed,
            decide_by=NOW + timedelta(days=1) if filed in UNDECIDED_STATES else None,
            **decided,
            **reason,
        )
        without = {State.DECLINED, State.ANSWERED, State.NOT_CONSIDERED, State.LAPSED}
        if state not in UNDECIDED_STATES | without:
            Reception.objects.create(
                application=application, conference="default", login="vp-1", confirmed_at=NOW
            )
        other = colleague_of(official)
        made = Case(application, moderator_of(official.agency), citizen, other)
        if state == State.CLARIFICATION:
            ask(application, made.moderator)
        if beside == PROPOSED:
            made.proposal = propose(application, made.moderator, LATEST)
        if beside == REQUESTED:
            made.request = move_requests.ask(application, LATEST)
        application.refresh_from_db()
        Letter.objects.all().delete()
        return made

    return make


def times_of(application: Application) -> dict[str, datetime]:
    rows = Occupancy.objects.filter(application=application)
    return {row.kind: row.start for row in rows}


def expected_times(edge: Edge, act: Act) -> dict[str, datetime]:
    match edge.time:
        case TimeEffect.KEPT | TimeEffect.SECOND_FREED | TimeEffect.TRANSFERRED:
            return {"application": START}
        case TimeEffect.SECOND_TAKEN:
            return {"application": START, "proposal": LATER}
        case TimeEffect.MOVED:
            return {"application": LATEST if act is Act.ACCEPT_PROPOSAL else LATER}
        case TimeEffect.FREED:
            return {}


def written(application: Application) -> list[object]:
    tables = (
        Application, Clarification, Correction, Occupancy, Proposal, MoveRequest, Reception, Letter, JournalRecord,
    )  # fmt: skip
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize(
    ("state", "act", "beside"),
    [
        (state, act, beside)
        for state, act, beside in itertools.product(State, Act, ["", PROPOSED, REQUESTED])
        # What has ended has neither open: see the next tests. Only what is confirmed can be moved.
        if not beside
        or (beside == PROPOSED and (state, Act.PROPOSE) in EDGES)
        or (beside == REQUESTED and state == State.CONFIRMED)
    ],
)
def test_edge__is_what_the_table_says(
    case: Callable[..., Case], state: State, act: Act, beside: str
) -> None:
    made = case(state, beside=beside)
    edge = EDGES.get((state, act))
    if (
        edge is None
        or not fits_proposal(act, is_open=beside == PROPOSED)
        or not fits_request(act, is_open=beside == REQUESTED)
    ):
        before = written(made.application)
        try:
            DO[act](made)
        except errors.ActRefused:
            pass
        else:
            # Cancelling what is cancelled gives it back unchanged.
            assert (state, act) == (State.CANCELLED, Act.CANCEL_BY_CITIZEN)
        assert written(made.application) == before
        return

    records = JournalRecord.objects.count()
    DO[act](made)

    application = made.seen()
    assert application.state == edge.state
    assert application.version == made.application.version + 1
    stays = beside == PROPOSED and act in LEAVES_PROPOSAL
    second = {"proposal": LATEST} if stays else {}
    assert times_of(application) == expected_times(edge, act) | second
    receives = made.other if edge.time is TimeEffect.TRANSFERRED else made.application.official
    assert application.official == receives
    rows = Occupancy.objects.filter(application=application)
    assert {row.official for row in rows} <= {receives}
    kinds = set(Letter.objects.filter(citizen=made.citizen.citizen).values_list("kind", flat=True))
    assert kinds == ({edge.letter} if edge.letter else set())
    assert JournalRecord.objects.count() == records + 1
    record = JournalRecord.objects.latest("pk")
    assert (record.act, record.actor_kind) == (f"application.{edge.journal}", edge.who)
    waiting = Proposal.objects.filter(application=application, answer="")
    assert waiting.exists() == (stays or act is Act.PROPOSE)
    open_ones = Clarification.objects.filter(application=application, outcome="")
    assert list(open_ones) == ([application.clarification] if application.clarification else [])
    asking = MoveRequest.objects.filter(application=application, answer="")
    stands = beside == REQUESTED and act in LEAVES_REQUEST
    assert asking.exists() == (stands or act is Act.REQUEST_MOVE)


ENDING = [
    (state, act)
    for state, act in EDGES
    if (state, Act.PROPOSE) in EDGES
    and act not in OF_OPEN_PROPOSAL | LEAVES_PROPOSAL
    and fits_proposal(act, is_open=True)
    and fits_request(act, is_open=False)
]


@pytest.mark.parametrize(("state", "act"), ENDING)
def test_what_decides__ends_an_open_proposal(
    case: Callable[..., Case], state: State, act: Act
) -> None:
    made = case(state, beside=PROPOSED)

    DO[act](made)

    ended = Proposal.objects.get()
    assert ended.answer in {Proposal.Answer.SUPERSEDED, Proposal.Answer.EXPIRED}
    assert not Occupancy.objects.filter(kind="proposal").exists()
    with pytest.raises(errors.ProposalClosed):
        proposals.accept(
            actor=made.citizen,
            public_id=made.application.public_id,
            proposal_id=ended.public_id,
            now=NOW,
        )


@pytest.mark.parametrize(
    "act",
    [act for state, act in EDGES if state == State.CONFIRMED and fits_request(act, is_open=True)],
)
def test_what_follows__ends_an_open_request(case: Callable[..., Case], act: Act) -> None:
    made = case(State.CONFIRMED, beside=REQUESTED)
    if not fits_proposal(act, is_open=False):
        return

    DO[act](made)

    if act in LEAVES_REQUEST:
        # It is about something else: the wish stands.
        assert MoveRequest.objects.get().answer == ""
        return

    expected = {
        Act.PROPOSE: MoveRequest.Answer.PROPOSED,
        Act.REFUSE_MOVE: MoveRequest.Answer.REFUSED,
        Act.WITHDRAW_MOVE: MoveRequest.Answer.WITHDRAWN,
        # After the reception, or within 2 hours before it.
        **dict.fromkeys((Act.EXPIRE_MOVE, *OUTCOMES), MoveRequest.Answer.EXPIRED),
    }
    ended = MoveRequest.objects.get()
    assert ended.answer == expected.get(act, MoveRequest.Answer.SUPERSEDED)
    assert ended.answered_at is not None
