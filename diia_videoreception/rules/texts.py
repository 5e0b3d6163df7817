"""Typed text made safe to store and to show: same words, no hidden characters (A-39, A-41)."""

import re
import unicodedata

# Direction marks can make a text read otherwise than it is stored; the joiners (200C, 200D) stay,
# since some scripts and emoji need them.
_HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_DROPPED = frozenset({"Cc", "Cs"})


MAX_MARKS = 30
"""Marks on one letter, as in the Stream-Safe Text Format; putting more in order takes quadratic time."""


def with_few_marks(text: str, most: int = MAX_MARKS) -> str:
    """Drop the marks of a letter behind the first `most`."""
    kept = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char).startswith("M") else 0
        if run <= most:
            kept.append(char)
    return "".join(kept)


def clean_text(text: str, *, blank_lines: int = 1) -> str:
    """Normalise text of several lines: NFC, trimmed, no control or direction characters.

    Args:
        text: As it was typed or pasted.
        blank_lines: How many empty lines in a row are kept.
    """
    plain = _HIDDEN.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")
    visible = "".join(
        char for char in plain if char == "\n" or unicodedata.category(char) not in _DROPPED
    )
    lines = unicodedata.normalize("NFC", with_few_marks(visible)).split("\n")
    trimmed = "\n".join(line.rstrip() for line in lines).strip()
    return re.sub(rf"\n{{{blank_lines + 2},}}", "\n" * (blank_lines + 1), trimmed)


def clean_line(text: str) -> str:
    """Normalise text of one line as `clean_text` does; any run of spaces becomes one."""
    return " ".join(clean_text(text).split())
