"""No illegal edge in the life of an application (A-50 to A-53)."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.transitions import (
    EDGES,
    UNDECIDED_STATES,
    Act,
    IllegalTransition,
    State,
    acts_from,
    fits_proposal,
    fits_request,
    is_open,
    next_state,
)

MANUAL = Path(__file__).parent.parent.parent / "docs" / "states.md"

# Written down once more, by hand: the table must not change unnoticed.
STATES = {
    "submitted": {
        "confirm": "confirmed",
        "confirm_other_time": "confirmed",
        "reassign": "submitted",
        "propose": "submitted",
        "accept_proposal": "confirmed",
        "refuse_proposal": "submitted",
        "withdraw_proposal": "submitted",
        "expire_proposal": "submitted",
        "answer_in_writing": "answered",
        "extend_term": "submitted",
        "decline": "declined",
        "end_consideration": "not_considered",
        "cancel_by_citizen": "cancelled",
        "lapse": "lapsed",
        "ask_clarification": "clarification",
        "correct": "submitted",
        "accept_for_review": "in_review",
    },
    "in_review": {
        "confirm": "confirmed",
        "confirm_other_time": "confirmed",
        "reassign": "in_review",
        "propose": "in_review",
        "accept_proposal": "confirmed",
        "refuse_proposal": "in_review",
        "withdraw_proposal": "in_review",
        "expire_proposal": "in_review",
        "answer_in_writing": "answered",
        "extend_term": "in_review",
        "decline": "declined",
        "cancel_by_citizen": "cancelled",
        "lapse": "lapsed",
        "ask_clarification": "clarification",
        "end_consideration": "not_considered",
        "correct": "in_review",
    },
    "clarification": {
        "correct": "clarification",
        "answer_clarification": "in_review",
        "withdraw_clarification": "in_review",
        "expire_clarification": "in_review",
        "cancel_by_citizen": "cancelled",
        "lapse": "lapsed",
    },
    "confirmed": {
        "move": "confirmed",
        "reassign": "confirmed",
        "propose": "confirmed",
        "accept_proposal": "confirmed",
        "refuse_proposal": "confirmed",
        "withdraw_proposal": "confirmed",
        "expire_proposal": "confirmed",
        "request_move": "confirmed",
        "refuse_move": "confirmed",
        "withdraw_move": "confirmed",
        "expire_move": "confirmed",
        "cancel_by_citizen": "cancelled",
        "cancel_by_agency": "cancelled",
        "complete": "completed",
        "note_citizen_absent": "citizen_absent",
        "note_agency_absent": "agency_absent",
    },
    "declined": {},
    "answered": {},
    "not_considered": {},
    "cancelled": {},
    "lapsed": {},
    "completed": {"note_citizen_absent": "citizen_absent", "note_agency_absent": "agency_absent"},
    "citizen_absent": {"complete": "completed", "note_agency_absent": "agency_absent"},
    "agency_absent": {"complete": "completed", "note_citizen_absent": "citizen_absent"},
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(State, Act)))
def test_next_state__every_state_and_act(state: State, act: Act) -> None:
    expected = STATES[state].get(act)
    if expected is None:
        with pytest.raises(IllegalTransition) as caught:
            next_state(state, act)
        assert (caught.value.state, caught.value.act) == (state, act)
    else:
        assert next_state(state, act) == expected


@pytest.mark.parametrize("state", State)
def test_acts_from__are_those_that_work(state: State) -> None:
    assert acts_from(state) == set(STATES[state])


def test_states__open_ones_occupy_time_final_ones_do_not() -> None:
    assert {state for state in State if is_open(state)} == {
        "submitted",
        "in_review",
        "clarification",
        "confirmed",
    }
    final = {state for state in State if not acts_from(state)}
    assert final == {"declined", "answered", "not_considered", "cancelled", "lapsed"}


def test_table__cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        EDGES[State.DECLINED, Act.CONFIRM] = EDGES[State.SUBMITTED, Act.CONFIRM]  # type: ignore[index]


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_walk__nothing_follows_a_final_state_and_nothing_is_decided_twice(acts: list[Act]) -> None:
    state = State.SUBMITTED
    decisions = 0
    for act in acts:
        before = state
        try:
            state = next_state(state, act)
        except IllegalTransition:
            continue
        assert acts_from(before)
        decisions += before in UNDECIDED_STATES and state not in UNDECIDED_STATES
    assert decisions <= 1


def test_acts_of_a_proposal__fit_while_it_is_open_and_no_others_are_lost() -> None:
    beside = {act for act in Act if fits_proposal(act, is_open=True)}
    without = {act for act in Act if fits_proposal(act, is_open=False)}

    assert without - beside == {
        Act.PROPOSE,
        Act.CONFIRM,
        Act.REASSIGN,
        Act.REQUEST_MOVE,
        Act.ASK_CLARIFICATION,
    }
    assert beside - without == {
        Act.ACCEPT_PROPOSAL,
        Act.REFUSE_PROPOSAL,
        Act.WITHDRAW_PROPOSAL,
        Act.EXPIRE_PROPOSAL,
    }
    assert beside | without == set(Act)


def test_acts_of_a_request__fit_while_it_is_open_and_no_others_are_lost() -> None:
    beside = {act for act in Act if fits_request(act, is_open=True)}
    without = {act for act in Act if fits_request(act, is_open=False)}

    assert without - beside == {Act.REQUEST_MOVE}
    assert beside - without == {Act.REFUSE_MOVE, Act.WITHDRAW_MOVE, Act.EXPIRE_MOVE}
    assert beside | without == set(Act)


def test_the_manual__has_every_edge_and_no_others() -> None:
    written = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*) \|$", MANUAL.read_text(), re.MULTILINE)

    assert {(state, act): rest for state, act, rest in written} == {
        (state, act): " | ".join(
            [
                edge.who,
                f"`{edge.state}`",
                edge.time.replace("_", " "),
                f"`{edge.letter}`" if edge.letter else "–",
                f"`{edge.journal}`",
            ]
        )
        for (state, act), edge in EDGES.items()
    }
