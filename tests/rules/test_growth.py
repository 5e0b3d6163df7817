"""Twice the text costs less than three times, whatever is typed or sent."""

from collections.abc import Callable

import pytest

from diia_videoreception.rules.codes import typed_code
from diia_videoreception.rules.folding import fold, search_words, sort_key
from diia_videoreception.rules.merging import Known, merge, tabs_after
from diia_videoreception.rules.names import is_same_name
from diia_videoreception.rules.numbers import parse_number
from diia_videoreception.rules.phones import format_phone, normalise_phone
from diia_videoreception.rules.texts import clean_line, clean_text
from tests.harness.growth import LIMIT, growth

SIZE = 4_000
MARKS = "\u0301\u0323\u0327"
"""Of several classes, the later before the earlier: what puts them in order compares them all."""

TEXTS: dict[str, str] = {
    "marks": f"{MARKS}",
    "marks of one class": "\u0301",
    "ligatures of many letters": "\ufdfa",
    "Hangul": "\u1112\u1161\u11ab",
    "spaces": " ",
    "lines": "\n",
    "lines of spaces": " \n",
    "invisible signs": "\u200b",
    "apostrophes": "ʼ",
    "digits": "0",
    "plus signs": "+",
    "commas": "1,",
    "half an extension": "1 ; ",
    "words between numbers": "1 або ",
    "dashes": "-",
    "letters": "щ",
    "colons": "a:b ",
}
READERS: dict[str, Callable[[str], object]] = {
    "phone": normalise_phone,
    "stored phone": format_phone,
    "text": clean_text,
    "line": clean_line,
    "number": parse_number,
    "code": typed_code,
    "names": lambda text: is_same_name(text, f"{text}а"),
    "folding": fold,
    "search": search_words,
    "sorting": sort_key,
    "version": lambda text: merge({"topic": "а"}, {"topic": text}, Known(text), {}),
    "tabs": lambda text: tabs_after({text: (1, ["topic"])}, Known("", tab=text), ["topic"]),
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("reader", READERS)
def test_twice_the_text__costs_less_than_three_times(reader: str, text: str) -> None:
    piece = TEXTS[text]
    assert growth(READERS[reader], lambda size: f"a{piece * size}", SIZE) < LIMIT


def test_many_answers_and_tabs__are_merged_in_linear_time() -> None:
    def merge_many(size: int) -> object:
        names = [f"answer{number}" for number in range(size)]
        tabs = {"tab": (1, names)}
        merged = merge(
            dict.fromkeys(names, "а"), dict.fromkeys(names, "б"), Known("", "tab", 2), tabs
        )
        return merged, tabs_after(tabs, Known("", "tab", 2), names)

    assert growth(merge_many, lambda size: size, 1000) < LIMIT
