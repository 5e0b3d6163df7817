"""Whether two spellings are one name, for who is known by nothing but a passport.

Sources differ in capitals, apostrophes, hyphens and script; they do not differ in letters. What is
not surely the same is not the same: staff look at it.
"""

import re
import unicodedata

from diia_videoreception.rules.folding import fold

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_TWINS = str.maketrans("abcehikmoptxy", "авсенікмортху")
"""Latin letters that slip into Cyrillic words from the keyboard."""

# The Cabinet of Ministers of Ukraine, resolution 55 of 27.01.2010.
_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie",
        "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "",
        "ю": "iu", "я": "ia",
    }
)  # fmt: skip
_FIRST_LETTERS = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def is_same_name(one: str, other: str) -> bool:
    """Whether two texts spell one last name, or one first name; an empty one is like no other.

    Capitals, apostrophes, hyphens and the Ukrainian transliteration do not matter; every letter
    and the order of the words do.
    """
    first, second = fold_name(one), fold_name(other)
    if not first or not second:
        return False
    if _is_cyrillic(first) == _is_cyrillic(second):
        return first == second
    return _in_latin(first) == _in_latin(second)


def fold_name(text: str) -> str:
    """A name in lower case, words apart by one space, without apostrophes and slips of keyboard."""
    return " ".join(map(_of_one_script, fold(text).split()))


def _of_one_script(word: str) -> str:
    if _CYRILLIC.search(word):
        return word.translate(_TWINS)
    return "".join(
        sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign)
    )


def _is_cyrillic(name: str) -> bool:
    return _CYRILLIC.search(name) is not None


def _in_latin(name: str) -> str:
    return " ".join(map(_word_in_latin, name.split()))


def _word_in_latin(word: str) -> str:
    head = _FIRST_LETTERS.get(word[0], "")
    rest = word[1:] if head else word
    return head + rest.replace("зг", "zgh").translate(_LETTERS)
