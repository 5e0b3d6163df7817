"""The tables of standards name each requirement once, and what they say of it can be looked up."""

import re
from collections import Counter
from inspect import getsource
from pathlib import Path

import pytest
from django.core.checks.security import base

from tests.steps.manuals import ids_of_our_checks, rows

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
# Numbers alone, each on a line, with the level where the standard has levels: see the NOTICE there.
NUMBERS = {
    "asvs.md": ROOT / "tests/data/standards/asvs-5.0.0.txt",
    "en301549.md": ROOT / "tests/data/standards/en301549-3.2.1.txt",
}
TABLES = sorted(NUMBERS)
STATES = ("met", "the host's", "not applicable", "open")
BY_READING = "met, by reading"
A_TEST = re.compile(r"\w+\.py::test_\w+")
A_FILE = re.compile(
    r"(?:integrations|diia_videoreception|device_check|docs|cms_pages|services)/[\w/.]+"
)
A_MANUAL = re.compile(r"\]\(\w[\w-]*\.md")
A_CHECK = re.compile(r"(diia_videoreception|security)\.([EW]\d{3})")
OUR_CHECKS = ids_of_our_checks()
DJANGOS_CHECKS = set(re.findall(r'id="security\.(\w+)"', getsource(base)))


def requirements(table: str) -> list[list[str]]:
    """The rows that begin with a number of the standard: number, level if any, words, state."""
    return [
        row for row in rows((DOCS / table).read_text()) if re.fullmatch(r"V?\d+(\.\d+)+", row[0])
    ]


def state_of(row: list[str]) -> str:
    return re.split("[:,]", row[-1], maxsplit=1)[0]


@pytest.mark.parametrize("table", TABLES)
def test_each_requirement__is_listed_once(table: str) -> None:
    wanted = [line.split() for line in NUMBERS[table].read_text().splitlines()]

    assert len(wanted) > 90
    assert [row[: len(wanted[0])] for row in requirements(table)] == wanted


@pytest.mark.parametrize("table", TABLES)
def test_states__are_counted(table: str) -> None:
    found = requirements(table)
    counted = Counter(map(state_of, found))
    documented = {row[0]: row[2] for row in rows((DOCS / table).read_text()) if row[0] in STATES}
    reading = sum(row[-1].startswith(BY_READING) for row in found)

    assert documented == {state: str(counted[state]) for state in STATES} | {
        "met": f"{counted['met']}, of these {reading} by reading alone"
    }


@pytest.mark.parametrize("table", TABLES)
def test_states__say_where_it_can_be_looked_up(table: str) -> None:
    for row in requirements(table):
        number, documented = row[0], row[-1]
        state = state_of(row)
        assert state in STATES, f"{number}: {documented}"
        assert len(documented) > len(state) + 5, f"{number} says nothing"
        if documented.startswith(BY_READING):
            assert A_FILE.search(documented), f"{number} names no file"
        elif state == "met":
            assert A_TEST.search(documented), f"{number} names no test"
        elif state == "the host's":
            assert A_MANUAL.search(documented) or A_CHECK.search(documented), (
                f"{number} names no manual"
            )


@pytest.mark.parametrize("table", TABLES)
def test_checks_that_are_named__exist(table: str) -> None:
    for whose, which in A_CHECK.findall((DOCS / table).read_text()):
        assert which in {"diia_videoreception": OUR_CHECKS, "security": DJANGOS_CHECKS}[whose], (
            which
        )
