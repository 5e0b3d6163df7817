"""One folding for all searches, and the Ukrainian alphabet for all lists."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.folding import (
    MAX_SEARCH_WORDS,
    MAX_SORT_KEY,
    fold,
    matches,
    search_words,
    sort_key,
)
from tests.harness.growth import LIMIT, growth

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "folding.json").read_text("utf-8"))


@pytest.mark.parametrize(("typed", "folded"), VECTORS)
def test_fold__writes_every_spelling_as_the_same_words(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_fold__changes_nothing_the_second_time(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_search_words__occur_in_the_text_that_was_searched_for(text: str) -> None:
    assert matches(search_words(text), fold(text))


@pytest.mark.parametrize(
    "search", ["освіти міністерство", "Міністерство  освіти", "МІН ОСВ", "науки, освіти"]
)
def test_matches__wants_every_word_in_any_order(search: str) -> None:
    folded = fold("Міністерство освіти і науки")

    assert matches(search_words(search), folded)
    assert not matches([*search_words(search), "пенсій"], folded)


def test_search_words__are_few_whatever_is_typed() -> None:
    assert len(search_words("а б в г ґ д е є ж з и і ї й " * 1000)) == MAX_SEARCH_WORDS
    assert sum(map(len, search_words("я" * 10_000))) <= 200


def test_sort_key__follows_the_ukrainian_alphabet() -> None:
    names = "Ґудзь Рудий Єременко Ільченко Бойчук Їжак Еней Гриб Йова Жук Д’як Дяк Дячук Smith 2"

    assert " ".join(sorted(names.split(), key=sort_key)) == (
        "2 Бойчук Гриб Ґудзь Д’як Дяк Дячук Еней Єременко Жук Ільченко Їжак Йова Рудий Smith"
    )


def test_sort_key__sorts_word_by_word() -> None:
    names = ["Коваль Юрій", "Ковальчук Анна", "Коваль Анна", "Коваль-Ан Яна"]

    assert sorted(names, key=sort_key) == [names[3], names[2], names[0], names[1]]


@given(st.text(max_size=300))
def test_sort_key__is_digits_alone_and_fits_its_column(text: str) -> None:
    key = sort_key(text)

    assert len(key) <= MAX_SORT_KEY
    assert key == "" or (key.isascii() and key.isdigit())


def _marks(number: int) -> str:
    chosen = random.Random(1)
    return "а" + "".join(chr(chosen.randrange(0x300, 0x370)) for _ in range(number))


@pytest.mark.parametrize(
    "worst", [_marks, lambda number: "\ufdfa" * number, lambda number: "а " * number]
)
def test_fold__costs_twice_as_much_for_twice_the_text(worst: Callable[[int], str]) -> None:
    assert growth(fold, worst, 1_900) < LIMIT
