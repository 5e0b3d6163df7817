"""Levels of assurance: one list, one comparison."""

import pytest

from diia_videoreception.models import LevelOfAssurance
from diia_videoreception.selectors.actors import SignedIn
from integrations.common.levels import Level
from tests.factories import NOW, CitizenFactory


def test_agencies_and_sessions__choose_from_the_levels_of_the_providers() -> None:
    assert LevelOfAssurance.values == list(Level)


@pytest.mark.parametrize(
    ("level", "satisfied"),
    [
        ("low", ["low"]),
        ("substantial", ["low", "substantial"]),
        ("high", ["low", "substantial", "high"]),
    ],
)
def test_a_sign_in__satisfies_its_own_level_and_those_below(
    level: str, satisfied: list[str]
) -> None:
    actor = SignedIn(CitizenFactory.build(), Level(level), "bankid", NOW)
    assert [minimum for minimum in LevelOfAssurance.values if actor.satisfies(minimum)] == satisfied
