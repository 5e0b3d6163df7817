"""One folding for all searches: what is typed and what is looked through become the same words.

`static/diia_videoreception/js/folding.js` does the same in the browser; both are held to
`tests/data/folding.json`.
"""

import re
import unicodedata

from diia_videoreception.rules.texts import with_few_marks

MAX_CHARACTERS = 4_000
"""So much of a stored text can be found; what comes behind it is not looked through."""

MAX_SEARCH_CHARACTERS = 200
MAX_SEARCH_WORDS = 10
"""Bounds of what is looked for: whatever is typed, a search costs no more than this."""

MAX_SORT_KEY = 400

MAX_MARKS = 4
"""A letter with more marks than these is none; to put many in order takes quadratic time."""

# What people type and programs insert for an apostrophe. They are left out: «Гончаряк» finds
# «Гончар’як».
_APOSTROPHES = "'`´ʹʻʼʽˈˊˋ‘’‚‛′‵＇｀"
# Soft hyphens, joiners, direction marks and whatever else is not seen.
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_DROPPED = re.compile(f"[{_APOSTROPHES}{_INVISIBLE}]")
_NUMERO = "№"
_WORD = re.compile(r"[^\W_]+")

_ALPHABET = "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя"
_PLACES = {
    char: f"{place}"
    for place, char in enumerate("0123456789" + _ALPHABET + "abcdefghijklmnopqrstuvwxyz", start=11)
}
_BETWEEN_WORDS = "10"
_ELSEWHERE = "99"


def fold(text: str) -> str:
    """Write a text as folded words with one space between them.

    Compatibility forms become plain (NFKC), letters small; apostrophes of every kind, stress marks
    and invisible signs go; hyphens, punctuation and any space separate words. Folding twice changes
    nothing.
    """
    return " ".join(_words(text[:MAX_CHARACTERS]))


def search_words(search: str) -> list[str]:
    """Return the folded words of a search, each once; all of them must occur in what is found.

    Characters behind the 200th and words behind the tenth do not count.
    """
    return list(dict.fromkeys(_words(search[:MAX_SEARCH_CHARACTERS])))[:MAX_SEARCH_WORDS]


def matches(words: list[str], folded: str) -> bool:
    """Return whether every one of the words occurs in a folded text, in any order."""
    return all(word in folded for word in words)


def sort_key(text: str) -> str:
    """Write a text as digits that any database sorts by the Ukrainian alphabet.

    Ґ stands behind Г, Є behind Е, І and Ї behind И; digits come first, Latin letters after the
    Ukrainian ones. Apostrophes, hyphens and case do not count. Only digits, so that no collation of
    a server can have a view of its own.
    """
    return _BETWEEN_WORDS.join(
        "".join(_PLACES.get(char) or f"{_ELSEWHERE}{ord(char):07d}" for char in word)
        for word in _words(text[:MAX_SORT_KEY])
    )[:MAX_SORT_KEY]


def _words(text: str) -> list[str]:
    visible = with_few_marks(_DROPPED.sub("", text.replace(_NUMERO, " ")), MAX_MARKS)
    # What falls apart may leave an apostrophe (ŉ).
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", visible).lower())
    # A mark that no letter has taken in is the stress of «за́мок».
    return _WORD.findall("".join(char for char in plain if not _is_mark(char)))


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")
