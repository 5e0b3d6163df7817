"""File names as people gave them, made safe to show and to hand back."""

import re
import unicodedata

from django.utils.translation import gettext

MAX_NAME = 120

# Control characters, format characters (bidi overrides, zero width), surrogates, private use.
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"\.(?=[0-9]*[a-z])[a-z0-9]{2,5}$", re.IGNORECASE)


def clean_name(filename: str) -> str:
    """Reduce a file name to one visible line without a path; at most 120 characters, never empty."""
    base = re.split(r"[/\\]", filename)[-1]
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", base)
        if character.isspace() or unicodedata.category(character) not in _HIDDEN_CATEGORIES
    )
    safe = _RESERVED.sub("_", " ".join(visible.split())).strip(" .")
    return safe[:MAX_NAME].strip(" .") or gettext("document")


def display_name(filename: str, *, extension: str) -> str:
    """Give the cleaned name the extension of the real content (A-46).

    A wrong or missing extension is replaced: `заява.docx` that is a PDF becomes `заява.pdf`; numbers and
    words after a dot (`наказ 01.12`) are not taken for an extension.
    """
    ending = f".{extension}"
    stem = clean_name(_EXTENSION.sub("", clean_name(filename)))
    while stem.lower().endswith(ending):
        stem = clean_name(stem[: -len(ending)])
    return stem[: MAX_NAME - len(ending)].rstrip(" .") + ending
