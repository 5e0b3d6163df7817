"""Training visits: their pages, and what a session may have kept of one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.training import (
    EXERCISES,
    TrainingStep,
    TrainingVisit,
    as_data,
    read_visit,
    times_offered,
)
from diia_videoreception.rules.visits import VisitMode, VisitPhase, path_of

MODES = st.sampled_from(VisitMode)


def walked(mode: VisitMode) -> list[TrainingVisit]:
    """A training visit on each of its pages."""
    visit = TrainingVisit(centre="c", exercise=0)
    found = [visit, visit := visit.gone_on(), visit := visit.gone_on()]
    visit = visit.gone_on(mode=mode)
    while visit.step is not found[-1].step:
        found.append(visit)
        visit = visit.gone_on()
    return found


@given(MODES)
def test_a_training__has_the_stages_of_a_visit_of_its_way(mode: VisitMode) -> None:
    phases = list(dict.fromkeys(one.step.phase for one in walked(mode)))
    assert phases == list(path_of(mode))
    assert phases[-1] is VisitPhase.CLOSE


@given(MODES)
def test_back__leads_the_same_way_and_to_a_decision_that_is_open_again(mode: VisitMode) -> None:
    for before, after in zip(walked(mode), walked(mode)[1:], strict=False):
        back = after.gone_back()
        assert back.step is before.step
        assert back.mode is before.mode
    first = walked(mode)[0]
    assert first.gone_back() == first


@given(MODES, st.integers(0, len(EXERCISES) - 1), st.text(max_size=50))
def test_what_a_session_keeps__is_read_again(mode: VisitMode, exercise: int, topic: str) -> None:
    for visit in walked(mode):
        kept = visit.noted(exercise=exercise, topic=topic)
        assert read_visit(as_data(kept)) == kept


@pytest.mark.parametrize(
    "spoilt",
    [
        {"exercise": 9},
        {"exercise": True},
        {"time": 3},
        {"step": "hold"},
        {"mode": "force"},
        {"topic": 1},
        {"step": "close"},
        {"more": "x"},
    ],
)
def test_what_is_no_training__is_not_read(spoilt: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_visit(as_data(TrainingVisit(centre="c", exercise=0)) | spoilt)


def test_every_exercise__leads_to_an_end() -> None:
    for one in EXERCISES:
        assert walked(one.advised)[-1].step is TrainingStep.CLOSE


def test_times_of_the_invented_official__lie_three_days_ahead() -> None:
    today = date(2026, 11, 24)
    assert all(moment.date() - today > timedelta(days=3) for moment in times_offered(today))
