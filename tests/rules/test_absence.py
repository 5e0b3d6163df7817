"""Nobody is absent before the time of grace is over, nor when the room knows better."""

from datetime import timedelta

import pytest

from diia_videoreception.rules.absence import AbsenceObstacle, obstacle_to
from diia_videoreception.rules.transitions import Act
from tests.harness.clock import NOW

GRACE = timedelta(minutes=10)
CITIZEN, AGENCY = Act.NOTE_CITIZEN_ABSENT, Act.NOTE_AGENCY_ABSENT


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def obstacle(
    outcome: Act, after: float, *stays: tuple[float, float | None]
) -> AbsenceObstacle | None:
    there = [
        (NOW + minutes(since), None if until is None else NOW + minutes(until))
        for since, until in stays
    ]
    return obstacle_to(
        outcome, start=NOW, grace=GRACE, citizen_was_there=there, now=NOW + minutes(after)
    )


@pytest.mark.parametrize("outcome", [CITIZEN, AGENCY])
def test_absence__is_not_noted_before_the_grace_is_over(outcome: Act) -> None:
    assert obstacle(outcome, 9.9) is AbsenceObstacle.TOO_EARLY
    assert obstacle(outcome, 10) is None


def test_taking_place__is_known_from_the_start() -> None:
    assert obstacle(Act.COMPLETE, 0) is None


@pytest.mark.parametrize("stay", [(-12, 3), (-12, None), (0, 1), (9, 9.5), (9.9, None)])
def test_citizen__who_was_there_is_not_absent(stay: tuple[float, float | None]) -> None:
    assert obstacle(CITIZEN, 30, stay) is AbsenceObstacle.CITIZEN_CAME
    assert obstacle(AGENCY, 30, stay) is None


@pytest.mark.parametrize("stay", [(-12, -5), (-12, 0), (10, 20), (25, None)])
def test_citizen__who_left_before_or_came_after_the_grace_may_be_absent(
    stay: tuple[float, float | None],
) -> None:
    assert obstacle(CITIZEN, 30, stay) is None
