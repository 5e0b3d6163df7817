"""The life of an application: one table of what may follow what (A-50 to A-53)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
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

    CONFIRM = "confirm"
    CONFIRM_OTHER_TIME = "confirm_other_time"
    MOVE = "move"
    DECLINE = "decline"
    CANCEL_BY_CITIZEN = "cancel_by_citizen"
    CANCEL_BY_AGENCY = "cancel_by_agency"
    LAPSE = "lapse"
    COMPLETE = "complete"
    NOTE_CITIZEN_ABSENT = "note_citizen_absent"
    NOTE_AGENCY_ABSENT = "note_agency_absent"


class IllegalTransition(ValueError):
    """The act does not fit the state; `state` and `act` say which."""

    def __init__(self, state: State, act: Act) -> None:
        super().__init__(f"{act} does not fit {state}")
        self.state = state
        self.act = act


OUTCOMES: Mapping[Act, State] = MappingProxyType(
    {
        Act.COMPLETE: State.COMPLETED,
        Act.NOTE_CITIZEN_ABSENT: State.CITIZEN_ABSENT,
        Act.NOTE_AGENCY_ABSENT: State.AGENCY_ABSENT,
    }
)
"""What may become of a confirmed reception; one noted wrongly can be put right."""

MODERATORS_ACTS = frozenset(
    {Act.CONFIRM, Act.CONFIRM_OTHER_TIME, Act.MOVE, Act.DECLINE, Act.CANCEL_BY_AGENCY}
)
"""What a moderator decides before it begins; what is open now, `worklist.acts_open_to_moderator` says."""

RECEPTION_STATES = frozenset({State.CONFIRMED, *OUTCOMES.values()})
"""An appointed reception, before it and after it."""

TRANSITIONS: Mapping[tuple[State, Act], State] = MappingProxyType(
    {
        (State.SUBMITTED, Act.CONFIRM): State.CONFIRMED,
        (State.SUBMITTED, Act.CONFIRM_OTHER_TIME): State.CONFIRMED,
        (State.SUBMITTED, Act.DECLINE): State.DECLINED,
        (State.SUBMITTED, Act.CANCEL_BY_CITIZEN): State.CANCELLED,
        (State.SUBMITTED, Act.LAPSE): State.LAPSED,
        (State.CONFIRMED, Act.MOVE): State.CONFIRMED,
        (State.CONFIRMED, Act.CANCEL_BY_CITIZEN): State.CANCELLED,
        (State.CONFIRMED, Act.CANCEL_BY_AGENCY): State.CANCELLED,
    }
    | {
        (before, act): outcome
        for before in (State.CONFIRMED, *OUTCOMES.values())
        for act, outcome in OUTCOMES.items()
        if outcome != before
    }
)

OPEN_STATES = frozenset({State.SUBMITTED, State.CONFIRMED})


def next_state(state: State, act: Act) -> State:
    """Return the state that follows when `act` is done in `state`.

    Raises:
        IllegalTransition: The act does not fit the state.
    """
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise IllegalTransition(state, act) from None


def acts_from(state: State) -> frozenset[Act]:
    """Return everything that may be done in `state`, by whomever."""
    return frozenset(act for known, act in TRANSITIONS if known == state)


def is_open(state: State) -> bool:
    """Return whether an application in `state` occupies its time and counts as open."""
    return state in OPEN_STATES
