"""No illegal edge in the life of an application (A-50 to A-53)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.transitions import (
    TRANSITIONS,
    Act,
    IllegalTransition,
    State,
    acts_from,
    is_open,
    next_state,
)

# Written down once more, by hand: the table must not change unnoticed.
EDGES = {
    "submitted": {
        "confirm": "confirmed",
        "confirm_other_time": "confirmed",
        "decline": "declined",
        "cancel_by_citizen": "cancelled",
        "lapse": "lapsed",
    },
    "confirmed": {
        "move": "confirmed",
        "cancel_by_citizen": "cancelled",
        "cancel_by_agency": "cancelled",
        "complete": "completed",
        "note_citizen_absent": "citizen_absent",
        "note_agency_absent": "agency_absent",
    },
    "declined": {},
    "cancelled": {},
    "lapsed": {},
    "completed": {"note_citizen_absent": "citizen_absent", "note_agency_absent": "agency_absent"},
    "citizen_absent": {"complete": "completed", "note_agency_absent": "agency_absent"},
    "agency_absent": {"complete": "completed", "note_citizen_absent": "citizen_absent"},
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(State, Act)))
def test_next_state__every_state_and_act(state: State, act: Act) -> None:
    expected = EDGES[state].get(act)
    if expected is None:
        with pytest.raises(IllegalTransition) as caught:
            next_state(state, act)
        assert (caught.value.state, caught.value.act) == (state, act)
    else:
        assert next_state(state, act) == expected


@pytest.mark.parametrize("state", State)
def test_acts_from__are_those_that_work(state: State) -> None:
    assert acts_from(state) == set(EDGES[state])


def test_states__open_ones_occupy_time_final_ones_do_not() -> None:
    assert {state for state in State if is_open(state)} == {"submitted", "confirmed"}
    assert {state for state in State if not acts_from(state)} == {"declined", "cancelled", "lapsed"}


def test_table__cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        TRANSITIONS[State.DECLINED, Act.CONFIRM] = State.CONFIRMED  # type: ignore[index]


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
        decisions += before == State.SUBMITTED
    assert decisions <= 1
