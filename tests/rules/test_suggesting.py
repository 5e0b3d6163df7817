"""Whom to ask, by what somebody tells: the beginnings of words, their worth, and what is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.suggesting import (
    MAX_STEMS,
    Candidate,
    Topic,
    best_fits,
    marked,
    stems_of,
)

TOLD = "Мамі 80 років. З вересня припинили компенсацію за догляд, рішення не пояснили."


def one(
    key: int, competence: str, *, unit: str = "", post: str = "", near: bool = False
) -> Candidate:
    return Candidate(key, competence, post, unit, near)


CARE = one(1, "компенсації за догляд за людьми від 80 років")
PAYMENTS = one(2, "виплати за догляд")
PENSIONS = one(3, "пенсії, стаж", unit="Відділ пенсій")


def keys(words: str, topic: Topic | None = None) -> list[int]:
    stems = stems_of(words, topic)
    return [fit.key for fit in best_fits(stems, [PENSIONS, PAYMENTS, CARE], most=5)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (TOLD, [1, 2]),
        ("ПЕНСІЮ не нарахували", [3]),
        ("Не виплатили за догляд", [2, 1]),
        ("Шумлять уночі", []),
        ("80 років", []),
        ("", []),
    ],
)
def test_words__lead_to_who_receives_it_however_they_are_declined(
    words: str, found: list[int]
) -> None:
    assert keys(words) == found


def test_a_topic__leads_alone() -> None:
    assert keys("", Topic.PENSIONS) == [3]


def test_who_is_near__comes_first_among_equals() -> None:
    near = one(9, PAYMENTS.competence, near=True)
    fits = best_fits(stems_of("виплати за догляд"), [PAYMENTS, near], most=1)
    assert [fit.key for fit in fits] == [9]


def test_marked__shows_the_words_that_led_there() -> None:
    pieces = marked("Компенсації за догляд", stems_of(TOLD))
    assert pieces == [("Компенсації", True), (" за ", False), ("догляд", True)]


@given(st.text(max_size=700), st.text(max_size=300))
def test_anything__is_bounded_and_nothing_is_lost_of_a_text(words: str, text: str) -> None:
    stems = stems_of(words)
    assert len(stems) <= MAX_STEMS
    assert all(stem.isalnum() for stem in stems)
    assert "".join(piece for piece, _ in marked(text, stems)) == text
