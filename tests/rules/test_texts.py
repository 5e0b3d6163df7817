"""Typed text keeps its words and loses what cannot be seen (A-39, A-41)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.texts import clean_line, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Питання про пенсію \n", "Питання про пенсію"),
        ("один\r\nдва\rтри\u2028чотири", "один\nдва\nтри\nчотири"),
        ("один  \n\n\n\n\nдва", "один\n\nдва"),
        ("один\n \t \n \nдва", "один\n\nдва"),
        ("а\x00б\x1bв\x7f", "абв"),
        ("а\ud800б", "аб"),
        ("\ufeffтекст\u202eфдп\u200b", "текстфдп"),
        ("колонка\tдруга", "колонка друга"),
        ("Киї\u0308в", "Киї\u0308в"),
        ("Киі\u0308в", "Київ"),
        ("і\u200b\u0308жак", "їжак"),
        ("👩\u200d💼 об’єм «лапки» — тире", "👩\u200d💼 об’єм «лапки» — тире"),
    ],
)
def test_clean_text__keeps_words_drops_the_hidden(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_clean_text__blank_lines_are_limited_as_asked() -> None:
    assert clean_text("а\n\n\n\nб", blank_lines=0) == "а\nб"
    assert clean_text("а\n\n\n\nб", blank_lines=2) == "а\n\n\nб"


def test_clean_line__is_one_line() -> None:
    assert clean_line(" Олена \n\t Петрівна\u00a0Коваленко ") == "Олена Петрівна Коваленко"


@given(st.text(st.characters()) | st.text("аі\u0308 \n\r\t\x00\u200b\u202e\u2028", max_size=30))
def test_clean_text__once_is_enough_and_the_database_takes_it(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\x00" not in cleaned
    assert "\n\n\n" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert clean_line(clean_line(text)) == clean_line(text)
