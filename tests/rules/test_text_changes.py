"""What was changed between two texts: every line of both is there, in its order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.text_changes import MAX_LINES, ChangedLine, changes_between
from tests.harness.growth import LIMIT, growth

TEXTS = st.lists(st.sampled_from(["", "а", "б", "в {час}"]), min_size=1).map("\n".join)


def test_lines_that_are_alike__stand_in_one_row() -> None:
    assert changes_between("Вітаємо!\nа\nб\nКінець", "Вітаємо!\nб\nв\nКінець") == [
        ChangedLine("Вітаємо!", "Вітаємо!"),
        ChangedLine("а", None),
        ChangedLine("б", "б"),
        ChangedLine(None, "в"),
        ChangedLine("Кінець", "Кінець"),
    ]


@given(earlier=TEXTS, later=TEXTS)
def test_no_line__is_lost_or_invented(earlier: str, later: str) -> None:
    rows = changes_between(earlier, later)
    assert [one.earlier for one in rows if one.earlier is not None] == earlier.split("\n")
    assert [one.later for one in rows if one.later is not None] == later.split("\n")


@pytest.mark.parametrize("piece", ["\n", "а\n", "а\nб\n"])
def test_comparing__grows_with_the_texts(piece: str) -> None:
    def compare(text: str) -> None:
        changes_between(text, f"x{text[::-1]}y")

    # Above the number of lines up to which they are looked at one by one.
    assert growth(compare, lambda size: piece * size, 4 * MAX_LINES) < LIMIT
