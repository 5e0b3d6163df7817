"""No text of anybody's becomes a formula in a spreadsheet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.exports import safe_text

COMPUTED = tuple("=+-@\t\r\n")


@given(st.text())
def test_safe_text__begins_with_no_sign_that_is_computed(text: str) -> None:
    safe = safe_text(text)
    assert not unicodedata.normalize("NFKC", safe.lstrip(" \u00a0")[:1]).startswith(COMPUTED)
    # No half of a sign is left, which no file could hold.
    safe.encode("utf-8")


@pytest.mark.parametrize("sign", [*COMPUTED, "＝", "＋", "－", "＠", " =", "\x00="])
def test_a_formula__is_told_as_text(sign: str) -> None:
    assert safe_text(f"{sign}1+1").startswith("'")


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_ordinary_words__stay_as_they_are(text: str) -> None:
    assert safe_text(text) == text
