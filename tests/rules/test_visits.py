"""The stages of a visit: which way leads through which, forwards and back; the letters."""

from itertools import pairwise

import pytest

from diia_videoreception.rules.visits import (
    LETTERS,
    NEED_REASON,
    NEED_RIGHT,
    PATHS,
    VisitMode,
    VisitPhase,
    free_letters,
    next_phase,
    path_of,
    previous_phase,
)


@pytest.mark.parametrize("mode", VisitMode)
def test_every_way__leads_from_the_greeting_through_the_decision_to_the_close(
    mode: VisitMode,
) -> None:
    path = [VisitPhase.GREETING]
    while path[-1] != VisitPhase.CLOSE:
        path.append(next_phase(path[-1], mode))

    assert tuple(path) == PATHS[mode] == path_of(mode)
    assert path[:3] == [VisitPhase.GREETING, VisitPhase.NEED, VisitPhase.DECISION]
    for earlier, later in pairwise(path):
        assert previous_phase(later, mode) == earlier
    assert previous_phase(VisitPhase.GREETING, mode) is None
    with pytest.raises(ValueError, match="close"):
        next_phase(VisitPhase.CLOSE, mode)


def test_before_the_decision__all_stages_are_shown() -> None:
    assert path_of(None) == tuple(VisitPhase)


def test_advice__has_no_work_and_no_check() -> None:
    assert next_phase(VisitPhase.DECISION, VisitMode.CONSULTATION) == VisitPhase.CLOSE


def test_what_is_done_for_a_person__needs_a_reason() -> None:
    assert NEED_RIGHT <= NEED_REASON
    assert VisitMode.SIDE_BY_SIDE not in NEED_REASON


def test_letters__are_the_first_that_are_free_and_run_out() -> None:
    assert free_letters({0, 2}, 2) == [1, 3]
    assert free_letters(set(range(len(LETTERS))), 1) == []
    assert len(set(LETTERS)) == len(LETTERS)
