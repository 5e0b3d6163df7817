"""What people type and paste for a code of six digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.codes import typed_code


@pytest.mark.parametrize(
    "typed",
    [
        "348995",
        " 348 995 ",
        "348-995",
        "348–995",
        "348995.",
        "\u200b348995",
        "3\u00ad48995",
        "\u202a348995\u202c",
        "３４８９９５",
        "٣٤٨٩٩٥",
        "Код: 348995\n",
    ],
)
def test_code__is_read_as_people_paste_it(typed: str) -> None:
    assert typed_code(typed) == "348995"


@pytest.mark.parametrize(
    "typed", ["", "x", "34899", "3489956", "348995, діє до 10:30", "³48995", "Ⅷ"]
)
def test_code__without_six_digits_is_none(typed: str) -> None:
    assert typed_code(typed) is None


@given(
    st.from_regex(r"\A[0-9]{6}\Z"), st.text(st.characters(exclude_categories=["Nd"]), max_size=5)
)
def test_code__does_not_depend_on_what_stands_between(code: str, between: str) -> None:
    assert typed_code(between + code[:2] + between + code[2:] + between) == code
