"""Numbers of applications as they are written and as people type them (A-42)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.numbers import (
    NumberError,
    NumberParts,
    NumberProblem,
    format_number,
    parse_number,
)

years = st.integers(2000, 2999)
sequences = st.integers(1, 2_000_000) | st.integers(1, 10**9 - 1)
EXAMPLE = NumberParts(2026, 123)


def code_of(text: str) -> NumberProblem:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    return caught.value.code


def digits_of(number: str) -> str:
    return number.removeprefix("ВП-").replace("-", "")


def test_format_number__as_shown_everywhere() -> None:
    assert format_number(2026, 123) == "ВП-2026-000123-7"
    assert str(EXAMPLE) == "ВП-2026-000123-7"


@pytest.mark.parametrize("wrong", [(1999, 1), (3000, 1), (2026, 0), (2026, -1), (2026, 10**9)])
def test_format_number__refuses_what_no_application_has(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no application"):
        format_number(*wrong)


@pytest.mark.parametrize(
    "typed",
    [
        "ВП-2026-000123-7",
        "вп-2026-000123-7",
        "BP-2026-000123-7",
        "bp 2026 000123 7",
        "BΠ-2026-000123-7",
        "ΒΠ-2026-000123-7",
        "βπ-2026-000123-7",
        "ВР-2026-000123-7",
        "VP20260001237",
        "Bn-2026-000123-7",
        "ВП20260001237",
        "20260001237",
        "  ВП–2026—000123−7 ",
        "В П - 2026 - 000123 - 7",
        "№ ВП-2026-000123-7",
        "ВП‑2026‑000123‑7",
        "ВП\u00a02026\u00a0000123\u00a07",
        "ВП-2026-000123-７",
        "ВП/2026/000123/7",
    ],
)
def test_parse_number__reads_what_people_type(typed: str) -> None:
    assert parse_number(typed) == EXAMPLE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ВП",
        "2026-123-7",
        "ВП-2026-00123-7",
        "ВП-2026-0000123-7",
        "АБ-2026-000123-7",
        "ВПВП-2026-000123-7",
        "ВП-2026-000123-7 або 8",
        "ВП-٢٠٢٦-000123-7",
        "ВП-1999-000123-4",
        "9" * 10_000,
        "ВП" + " " * 100 + "2026-000123-7",
    ],
)
def test_parse_number__refuses_what_is_no_number(typed: str) -> None:
    assert code_of(typed) == NumberProblem.MALFORMED


@pytest.mark.parametrize("check", "0123456789")
def test_parse_number__zero_is_nobodys_number(check: str) -> None:
    assert code_of(f"ВП-2026-000000-{check}") == NumberProblem.MALFORMED


@given(year=years, sequence=sequences)
def test_number__survives_writing_and_reading(year: int, sequence: int) -> None:
    written = format_number(year, sequence)
    assert parse_number(written) == (year, sequence)
    assert parse_number(digits_of(written)) == (year, sequence)


@given(year=years, sequence=sequences)
def test_number__any_one_wrong_digit_is_caught(year: int, sequence: int) -> None:
    digits = digits_of(format_number(year, sequence))
    for place, right in enumerate(digits):
        for wrong in set("0123456789") - {right}:
            assert code_of(digits[:place] + wrong + digits[place + 1 :])


@given(year=years, sequence=sequences)
def test_number__any_two_neighbours_swapped_are_caught(year: int, sequence: int) -> None:
    digits = digits_of(format_number(year, sequence))
    for place, (one, two) in enumerate(pairwise(digits)):
        if one != two:
            assert code_of(digits[:place] + two + one + digits[place + 2 :])


@given(st.text(max_size=30) | st.text(alphabet="ВПBP-0123456789 ", max_size=20))
def test_parse_number__any_text_is_a_number_or_an_error(text: str) -> None:
    try:
        number = parse_number(text)
    except NumberError:
        return
    assert parse_number(str(number)) == number
