"""Policies of the second factor, and what people type for a recovery code."""

from datetime import timedelta

import pytest

from diia_videoreception.rules.second_factor import (
    RECOVERY_LENGTH,
    FactorPolicy,
    Role,
    is_live,
    policy_of,
    recovery_code,
    shown_recovery_code,
    typed_recovery_code,
)
from tests.harness.clock import NOW

LIFETIME = timedelta(hours=12)


@pytest.mark.parametrize("given", [{}, {"head": "offered"}, {"official": "off"}])
def test_a_role_that_is_not_named__needs_it(given: dict[str, str]) -> None:
    assert policy_of(Role.OFFICIAL, given=given) is FactorPolicy.REQUIRED


@pytest.mark.parametrize("typed", ["abcde-fgh23", "ABCDE FGH23", " abcdefgh23 ", "abc-de-fgh-23"])
def test_recovery_code__is_read_however_it_is_written(typed: str) -> None:
    assert typed_recovery_code(typed) == "abcdefgh23"


def test_recovery_code__digits_taken_for_letters_are_those_letters() -> None:
    assert typed_recovery_code("0l1b8-22222") == "ollbb22222"


@pytest.mark.parametrize("typed", ["", "abcde-fgh2", "abcde-fgh234", "абвгд-еєжзи", "abcde-fgh29"])
def test_recovery_code__what_can_be_none_is_none(typed: str) -> None:
    assert typed_recovery_code(typed) is None


def test_recovery_code__is_read_as_it_is_shown() -> None:
    code = recovery_code(list(range(3, 3 + RECOVERY_LENGTH)))
    assert typed_recovery_code(shown_recovery_code(code)) == code


@pytest.mark.parametrize(
    ("ago", "holds"),
    [
        (0, True),
        (LIFETIME.total_seconds() - 1, True),
        (LIFETIME.total_seconds(), False),
        (-1, False),
    ],
)
def test_a_proof__holds_for_its_time_and_never_before_it_was_given(ago: float, holds: bool) -> None:
    assert is_live(NOW - timedelta(seconds=ago), now=NOW, lifetime=LIFETIME) is holds
