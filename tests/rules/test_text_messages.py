"""How many segments a text message takes."""

import pytest

from diia_videoreception.rules.text_messages import if_it_fits, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("a" * 69 + "я", 1),
        ("a" * 70 + "’", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments__are_counted_as_networks_do(text: str, count: int) -> None:
    assert segments(text) == count


def test_link__is_added_only_where_there_is_room() -> None:
    assert if_it_fits("я" * 49, "https://a.gov.ua/vp/") == "я" * 49 + " https://a.gov.ua/vp/"
    assert if_it_fits("я" * 50, "https://a.gov.ua/vp/") == "я" * 50
