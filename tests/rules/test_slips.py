"""The code of a slip is read however people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.slips import CODE_LENGTH, read_code, written_code
from integrations.common.readable_codes import SIGNS

codes = st.text(alphabet=SIGNS, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


@given(codes, st.sampled_from(["", " ", "-", "–", " - "]))
def test_a_code__is_read_as_it_is_written_and_as_it_is_typed(code: str, mark: str) -> None:
    assert read_code(written_code(code)) == code
    assert read_code(mark.join(code).lower()) == code


@pytest.mark.parametrize("text", ["", "R4KM2", "R4KM277", "R4KMЇ7", "R4KM²7", "x" * 100_000])
def test_what_is_no_code__is_none(text: str) -> None:
    assert read_code(text) is None


def test_cyrillic_signs_of_the_same_shape__are_taken_for_latin_ones() -> None:
    assert read_code("В4КМ-2Х") == "B4KM2X"


@given(st.text())
def test_whatever_is_typed__is_no_error(text: str) -> None:
    assert read_code(text) is None or len(read_code(text) or "") == CODE_LENGTH
