"""Whether two spellings are one name, for who is known by nothing but a passport.

Sources differ in capitals, apostrophes, hyphens and script; they do not differ in letters. What is
not surely the same is not the same: staff look at it.
"""

import re
import unicodedata
from typing import Protocol

from diia_videoreception.rules.folding import fold
from diia_videoreception.rules.latin import in_latin

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_TWINS = str.maketrans("abcehikmoptxy", "авсенікмортху")
"""Latin letters that slip into Cyrillic words from the keyboard."""


class Named(Protocol):
    """Whoever has a last and a first name."""

    @property
    def last_name(self) -> str: ...

    @property
    def first_name(self) -> str: ...


def have_same_names(one: Named, other: Named) -> bool:
    """Return whether two people bear the same last name and the same first name, each in its place."""
    return is_same_name(one.last_name, other.last_name) and is_same_name(
        one.first_name, other.first_name
    )


def is_same_name(one: str, other: str) -> bool:
    """Return whether two texts spell one last name, or one first name; an empty one is like no other.

    Capitals, apostrophes, hyphens and the Ukrainian transliteration do not matter; every letter
    and the order of the words do.
    """
    first, second = fold_name(one), fold_name(other)
    if not first or not second:
        return False
    if _is_cyrillic(first) == _is_cyrillic(second):
        return first == second
    return in_latin(first) == in_latin(second)


def fold_name(text: str) -> str:
    """Return a name in lower case, words apart by one space, without apostrophes and slips of keyboard."""
    return " ".join(map(_of_one_script, fold(text).split()))


def _of_one_script(word: str) -> str:
    if _CYRILLIC.search(word):
        return word.translate(_TWINS)
    return "".join(
        sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign)
    )


def _is_cyrillic(name: str) -> bool:
    return _CYRILLIC.search(name) is not None
