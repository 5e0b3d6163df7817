"""Names of official mailboxes (A-15)."""

from typing import Final

MAX_NAME: Final = 40
"""Leaves room for the digits in the 64 bytes of a local part (RFC 5321, 4.5.3.1.1)."""
NUMBERS: Final = range(1000, 10_000)
MORE_NUMBERS: Final = range(10_000_000, 100_000_000)
"""For names that thousands of people have."""

_LETTERS: Final = {
    "а": "a",
    "б": "b",
    "в": "v",
    "г": "h",
    "ґ": "g",
    "д": "d",
    "е": "e",
    "є": "ie",
    "ж": "zh",
    "з": "z",
    "и": "y",
    "і": "i",
    "ї": "i",
    "й": "i",
    "к": "k",
    "л": "l",
    "м": "m",
    "н": "n",
    "о": "o",
    "п": "p",
    "р": "r",
    "с": "s",
    "т": "t",
    "у": "u",
    "ф": "f",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "iu",
    "я": "ia",
}
_AT_THE_BEGINNING: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def transliterate(word: str) -> str:
    """Write a Ukrainian name in Latin small letters, by the resolution № 55 of 27 January 2010.

    What is no letter of the Ukrainian or the Latin alphabet goes; «зг» becomes «zgh».
    """
    lower = word.lower().replace("зг", "з\0г")
    result = ""
    for position, letter in enumerate(lower):
        if letter == "\0":
            result += "g"
        elif position == 0 and letter in _AT_THE_BEGINNING:
            result += _AT_THE_BEGINNING[letter]
        elif letter in _LETTERS:
            result += _LETTERS[letter]
        elif letter.isascii() and letter.isalnum():
            result += letter
    return result


def local_part(*, last_name: str, first_name: str, number: int) -> str:
    """Make the name of a mailbox: «melnyk.iryna.4821».

    The number is random, so that nobody can guess the mailbox of a namesake.

    Raises:
        ValueError: the number is one of neither NUMBERS nor MORE_NUMBERS.
    """
    if number not in NUMBERS and number not in MORE_NUMBERS:
        raise ValueError("the number has four or eight digits")
    names = [transliterate(name) for name in (last_name, first_name)]
    readable = ".".join(name for name in names if name)[:MAX_NAME].strip(".")
    return f"{readable or 'skrynka'}.{number}"
