"""Levels of assurance: one list, one comparison."""

import re
from pathlib import Path

import pytest

import diia_videoreception
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


def test_what_an_agency_demands__is_compared_by_those_who_act() -> None:
    """Elsewhere it is chosen, told or handed to their `satisfies`."""
    folder = Path(diia_videoreception.__file__).parent
    problems = [
        f"{path.relative_to(folder)}: {line.strip()}"
        for room in ("services", "selectors", "web", "api")
        for path in (folder / room).rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"\.minimum_level\b", line) and ".satisfies(" not in line
    ]

    assert not problems
