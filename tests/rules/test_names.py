"""When two spellings are one name (rule C.9: a passport alone needs both)."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from diia_videoreception.rules.names import fold_name, is_same_name

LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
WORDS = st.text(LETTERS, min_size=1, max_size=20)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
APOSTROPHES = "'’ʼ`‘′"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ґудзь", "ҐУДЗЬ"),
        ("М’якота", "М'якота"),
        ("М’якота", "МЯКОТА"),
        ("Щербань-Їжакевич", "ЩЕРБАНЬ – ЇЖАКЕВИЧ"),
        ("Щербань-Їжакевич", "Shcherban-Yizhakevych"),
        ("Соломія", "SOLOMIIA"),
        ("Згурський", "Zghurskyi"),
        ("Розгон", "Rozghon"),
        ("Єнакієве Юрій", "Yenakiieve Yurii"),
        ("Ірина", "Iрина"),
        ("Марія", "МАРIЯ"),
        ("Müller", "MULLER"),
        ("Йосип", "Йосип"),
    ],
)
def test_name__is_one_in_other_spellings(one: str, other: str) -> None:
    assert is_same_name(one, other)
    assert is_same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Коваль", "Новак"),
        ("Коваль", "Ковалів"),
        ("Гудзь", "Ґудзь"),
        ("Соломія", "Соломея"),
        ("Анна Марія", "Марія Анна"),
        ("Анна", "Анна Марія"),
        ("Щербань", "Щербань-Їжакевич"),
        ("Олександр", "Alexander"),
        ("", ""),
        ("-", "’"),
        ("Іван", ""),
    ],
)
def test_name__is_not_surely_the_same(one: str, other: str) -> None:
    assert not is_same_name(one, other)
    assert not is_same_name(other, one)


@given(NAMES)
def test_capitals__do_not_matter(name: str) -> None:
    assert is_same_name(name, name.upper())
    assert is_same_name(name, name.title())


@given(NAMES, st.data())
def test_apostrophes_and_hyphens__do_not_matter(name: str, data: st.DataObject) -> None:
    mark = data.draw(st.sampled_from(APOSTROPHES))
    place = data.draw(st.integers(0, len(name)))
    assert is_same_name(name, name[:place] + mark + name[place:])
    assert is_same_name(
        name, name.replace(" ", data.draw(st.sampled_from([" - ", "-", "–", "  "])))
    )


@given(NAMES, NAMES)
@example("ія", "іа")
@example("зг", "жг")
def test_two_cyrillic_names__are_one_only_letter_by_letter(one: str, other: str) -> None:
    assert is_same_name(one, other) == (one == other)


@given(NAMES, st.data())
def test_a_letter_more_or_another__is_another_name(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name)))
    letter = data.draw(st.sampled_from(LETTERS))
    assert not is_same_name(name, name[:place] + letter + name[place:])


@given(st.text(max_size=40), st.text(max_size=40))
def test_folding__ends_and_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert is_same_name(one, other) == is_same_name(other, one)
    assume(fold_name(one))
    assert is_same_name(one, one)
    assert fold_name(fold_name(one)) == fold_name(one)
