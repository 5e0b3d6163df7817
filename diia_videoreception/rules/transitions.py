"""The life of an application: one table of what may follow what, and what comes with it (A-50 to A-53)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    """Somebody of the agency has begun to consider it."""
    CLARIFICATION = "clarification"
    """A question of the agency waits for the citizen's answer."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ANSWERED = "answered"
    """In writing, instead of a reception."""
    NOT_CONSIDERED = "not_considered"
    """The head of the agency has ended its consideration: repeated, or not considered by law."""
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """Nobody decided before the start: «не розглянуто вчасно»."""
    COMPLETED = "completed"
    """The reception took place."""
    CITIZEN_ABSENT = "citizen_absent"
    """It did not: the citizen did not come."""
    AGENCY_ABSENT = "agency_absent"
    """It did not: the official did not come, or could not."""


class Act(StrEnum):
    """What somebody may do with an application."""

    ACCEPT_FOR_REVIEW = "accept_for_review"
    CONFIRM = "confirm"
    CONFIRM_OTHER_TIME = "confirm_other_time"
    MOVE = "move"
    REASSIGN = "reassign"
    PROPOSE = "propose"
    ACCEPT_PROPOSAL = "accept_proposal"
    REFUSE_PROPOSAL = "refuse_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    EXPIRE_PROPOSAL = "expire_proposal"
    ASK_CLARIFICATION = "ask_clarification"
    ANSWER_CLARIFICATION = "answer_clarification"
    WITHDRAW_CLARIFICATION = "withdraw_clarification"
    EXPIRE_CLARIFICATION = "expire_clarification"
    CORRECT = "correct"
    REQUEST_MOVE = "request_move"
    REFUSE_MOVE = "refuse_move"
    WITHDRAW_MOVE = "withdraw_move"
    EXPIRE_MOVE = "expire_move"
    ANSWER_IN_WRITING = "answer_in_writing"
    EXTEND_TERM = "extend_term"
    DECLINE = "decline"
    END_CONSIDERATION = "end_consideration"
    CANCEL_BY_CITIZEN = "cancel_by_citizen"
    CANCEL_BY_AGENCY = "cancel_by_agency"
    LAPSE = "lapse"
    COMPLETE = "complete"
    NOTE_CITIZEN_ABSENT = "note_citizen_absent"
    NOTE_AGENCY_ABSENT = "note_agency_absent"


class Party(StrEnum):
    """Who does an act."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"
    """Housekeeping, when a moment has come."""


class TimeEffect(StrEnum):
    """What an act does to the time that the application occupies."""

    KEPT = "kept"
    MOVED = "moved"
    """The other time is claimed, then the earlier one is free."""
    TRANSFERRED = "transferred"
    """The same time of another official is claimed, then that of the earlier one is free."""
    SECOND_TAKEN = "second_taken"
    """The proposed time is occupied as well, until the deadline."""
    SECOND_FREED = "second_freed"
    FREED = "freed"
    """Of everything that it occupied."""


class IllegalTransition(ValueError):
    """The act does not fit the state; `state` and `act` say which."""

    def __init__(self, state: State, act: Act) -> None:
        super().__init__(f"{act} does not fit {state}")
        self.state = state
        self.act = act


@dataclass(frozen=True, slots=True)
class Edge:
    """What comes of an act in a state.

    Attributes:
        state: The state that follows.
        letter: The kind of the letter to the citizen; empty where none is written.
        journal: The act in the journal, without `application.` before it.
    """

    state: State
    who: Party
    time: TimeEffect
    letter: str
    journal: str


OUTCOMES: Mapping[Act, State] = MappingProxyType(
    {
        Act.COMPLETE: State.COMPLETED,
        Act.NOTE_CITIZEN_ABSENT: State.CITIZEN_ABSENT,
        Act.NOTE_AGENCY_ABSENT: State.AGENCY_ABSENT,
    }
)
"""What may become of a confirmed reception; one noted wrongly can be put right."""

MODERATORS_ACTS = frozenset(
    {
        Act.ACCEPT_FOR_REVIEW,
        Act.CONFIRM,
        Act.CONFIRM_OTHER_TIME,
        Act.MOVE,
        Act.REASSIGN,
        Act.PROPOSE,
        Act.WITHDRAW_PROPOSAL,
        Act.ASK_CLARIFICATION,
        Act.WITHDRAW_CLARIFICATION,
        Act.REFUSE_MOVE,
        Act.ANSWER_IN_WRITING,
        Act.EXTEND_TERM,
        Act.DECLINE,
        Act.END_CONSIDERATION,
        Act.CANCEL_BY_AGENCY,
    }
)
"""What a moderator decides before it begins; what is open now, `worklist.acts_open_to_moderator` says."""

OF_OPEN_PROPOSAL = frozenset(
    {Act.ACCEPT_PROPOSAL, Act.REFUSE_PROPOSAL, Act.WITHDRAW_PROPOSAL, Act.EXPIRE_PROPOSAL}
)
"""What ends a proposal of another time, so that one has to be open."""

NOT_BESIDE_PROPOSAL = frozenset(
    {Act.PROPOSE, Act.CONFIRM, Act.REQUEST_MOVE, Act.REASSIGN, Act.ASK_CLARIFICATION}
)
"""What would break the word that both times are the citizen's until the deadline, or ask two things at once."""

OF_OPEN_REQUEST = frozenset({Act.REFUSE_MOVE, Act.WITHDRAW_MOVE, Act.EXPIRE_MOVE})
"""What ends a request to move a reception, so that one has to be open."""

UNDECIDED = frozenset(
    {
        Act.ACCEPT_FOR_REVIEW,
        Act.REASSIGN,
        Act.PROPOSE,
        Act.REFUSE_PROPOSAL,
        Act.WITHDRAW_PROPOSAL,
        Act.EXPIRE_PROPOSAL,
        Act.ASK_CLARIFICATION,
        Act.ANSWER_CLARIFICATION,
        Act.WITHDRAW_CLARIFICATION,
        Act.EXPIRE_CLARIFICATION,
        Act.CORRECT,
        Act.REQUEST_MOVE,
        *OF_OPEN_REQUEST,
        Act.EXTEND_TERM,
    }
)
"""What decides nothing about the application."""

AWAITING_DECISION = frozenset({State.SUBMITTED, State.IN_REVIEW})
"""Where the agency is to decide, and nobody has to do anything first."""

UNDECIDED_STATES = AWAITING_DECISION | {State.CLARIFICATION}
"""Where a decision is still to come, whoever has to do something first."""

RECEPTION_STATES = frozenset({State.CONFIRMED, *OUTCOMES.values()})
"""An appointed reception, before it and after it."""

_STAFF, _CITIZEN, _SYSTEM = Party.STAFF, Party.CITIZEN, Party.SYSTEM
_KEPT, _MOVED, _FREED = TimeEffect.KEPT, TimeEffect.MOVED, TimeEffect.FREED
_SECOND_TAKEN, _SECOND_FREED = TimeEffect.SECOND_TAKEN, TimeEffect.SECOND_FREED
_NOT_HELD = {Act.NOTE_CITIZEN_ABSENT: "not_held", Act.NOTE_AGENCY_ABSENT: "not_held"}

_OF_REQUEST = {
    (State.CONFIRMED, act): Edge(State.CONFIRMED, who, _KEPT, letter, act.value)
    for act, who, letter in (
        (Act.REQUEST_MOVE, _CITIZEN, ""),
        (Act.REFUSE_MOVE, _STAFF, "move_refused"),
        (Act.WITHDRAW_MOVE, _CITIZEN, ""),
        (Act.EXPIRE_MOVE, _SYSTEM, "move_unanswered"),
    )
}
"""What becomes of a citizen's wish for another time; granting it is `move`, or `propose`."""


def _reassigned(state: State) -> dict[tuple[State, Act], Edge]:
    return {
        (state, Act.REASSIGN): Edge(state, _STAFF, TimeEffect.TRANSFERRED, "reassigned", "reassign")
    }


def _corrected(state: State) -> dict[tuple[State, Act], Edge]:
    return {(state, Act.CORRECT): Edge(state, _CITIZEN, _KEPT, "", "correct")}


def _while_proposed(state: State, letter: str) -> dict[tuple[State, Act], Edge]:
    """Return the edges of a proposal in an open state; `letter` tells of the time that was accepted."""
    return {
        (state, Act.PROPOSE): Edge(state, _STAFF, _SECOND_TAKEN, "proposal", "propose"),
        (state, Act.ACCEPT_PROPOSAL): Edge(
            State.CONFIRMED, _CITIZEN, _MOVED, letter, "accept_proposal"
        ),
        (state, Act.REFUSE_PROPOSAL): Edge(state, _CITIZEN, _SECOND_FREED, "", "refuse_proposal"),
        (state, Act.WITHDRAW_PROPOSAL): Edge(
            state, _STAFF, _SECOND_FREED, "proposal_withdrawn", "withdraw_proposal"
        ),
        (state, Act.EXPIRE_PROPOSAL): Edge(state, _SYSTEM, _SECOND_FREED, "", "expire_proposal"),
    }


def _awaiting(state: State) -> dict[tuple[State, Act], Edge]:
    """Return the edges of an application that waits for its decision; an agency may decide without a word before."""
    return {
        (state, Act.CONFIRM): Edge(State.CONFIRMED, _STAFF, _KEPT, "confirmation", "confirm"),
        (state, Act.CONFIRM_OTHER_TIME): Edge(
            State.CONFIRMED, _STAFF, _MOVED, "confirmation", "confirm_other_time"
        ),
        **_reassigned(state),
        **_while_proposed(state, "confirmation"),
        (state, Act.ANSWER_IN_WRITING): Edge(
            State.ANSWERED, _STAFF, _FREED, "written_answer", "answer_in_writing"
        ),
        (state, Act.EXTEND_TERM): Edge(state, _STAFF, _KEPT, "term_extended", "extend_term"),
        (state, Act.DECLINE): Edge(State.DECLINED, _STAFF, _FREED, "declined", "decline"),
        (state, Act.END_CONSIDERATION): Edge(
            State.NOT_CONSIDERED, _STAFF, _FREED, "not_considered", "end_consideration"
        ),
        (state, Act.CANCEL_BY_CITIZEN): Edge(
            State.CANCELLED, _CITIZEN, _FREED, "cancelled", "cancel"
        ),
        (state, Act.LAPSE): Edge(State.LAPSED, _SYSTEM, _FREED, "lapsed", "lapse"),
        (state, Act.ASK_CLARIFICATION): Edge(
            State.CLARIFICATION, _STAFF, _KEPT, "clarification", "ask_clarification"
        ),
        **_corrected(state),
    }


EDGES: Mapping[tuple[State, Act], Edge] = MappingProxyType(
    {
        **_awaiting(State.SUBMITTED),
        (State.SUBMITTED, Act.ACCEPT_FOR_REVIEW): Edge(
            State.IN_REVIEW, _STAFF, _KEPT, "accepted", "accept_for_review"
        ),
        **_awaiting(State.IN_REVIEW),
        **_corrected(State.CLARIFICATION),
        (State.CLARIFICATION, Act.ANSWER_CLARIFICATION): Edge(
            State.IN_REVIEW, _CITIZEN, _KEPT, "", "answer_clarification"
        ),
        (State.CLARIFICATION, Act.WITHDRAW_CLARIFICATION): Edge(
            State.IN_REVIEW, _STAFF, _KEPT, "clarification_withdrawn", "withdraw_clarification"
        ),
        (State.CLARIFICATION, Act.EXPIRE_CLARIFICATION): Edge(
            State.IN_REVIEW, _SYSTEM, _KEPT, "", "expire_clarification"
        ),
        (State.CLARIFICATION, Act.CANCEL_BY_CITIZEN): Edge(
            State.CANCELLED, _CITIZEN, _FREED, "cancelled", "cancel"
        ),
        (State.CLARIFICATION, Act.LAPSE): Edge(State.LAPSED, _SYSTEM, _FREED, "lapsed", "lapse"),
        (State.CONFIRMED, Act.MOVE): Edge(State.CONFIRMED, _STAFF, _MOVED, "moved", "move"),
        **_reassigned(State.CONFIRMED),
        **_while_proposed(State.CONFIRMED, "moved"),
        **_OF_REQUEST,
        (State.CONFIRMED, Act.CANCEL_BY_CITIZEN): Edge(
            State.CANCELLED, _CITIZEN, _FREED, "cancelled", "cancel"
        ),
        (State.CONFIRMED, Act.CANCEL_BY_AGENCY): Edge(
            State.CANCELLED, _STAFF, _FREED, "cancelled", "cancel_by_agency"
        ),
    }
    | {
        (before, act): Edge(outcome, _STAFF, _FREED, _NOT_HELD.get(act, ""), act.value)
        for before in (State.CONFIRMED, *OUTCOMES.values())
        for act, outcome in OUTCOMES.items()
        if outcome != before
    }
)
"""Every act that fits a state; whatever is not here is refused. docs/states.md shows it in words."""

OPEN_STATES = UNDECIDED_STATES | {State.CONFIRMED}


def next_state(state: State, act: Act) -> State:
    """Return the state that follows when `act` is done in `state`.

    Raises:
        IllegalTransition: The act does not fit the state.
    """
    try:
        return EDGES[state, act].state
    except KeyError:
        raise IllegalTransition(state, act) from None


def acts_from(state: State) -> frozenset[Act]:
    """Return everything that may be done in `state`, by whomever."""
    return frozenset(act for known, act in EDGES if known == state)


def fits_proposal(act: Act, *, is_open: bool) -> bool:
    """Return whether the act can be done while a proposal of another time is open, or while none is."""
    return act not in (NOT_BESIDE_PROPOSAL if is_open else OF_OPEN_PROPOSAL)


def fits_request(act: Act, *, is_open: bool) -> bool:
    """Return whether the act can be done while a request to move is open, or while none is."""
    return act is not Act.REQUEST_MOVE if is_open else act not in OF_OPEN_REQUEST


def is_open(state: State) -> bool:
    """Return whether an application in `state` occupies its time and counts as open."""
    return state in OPEN_STATES
