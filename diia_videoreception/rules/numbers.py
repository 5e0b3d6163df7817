"""Numbers of applications, such as ВП-2026-000123-7: year, place in the year, check digit (A-42).

The check digit is Damm's: it catches every wrong digit and every two neighbours swapped. (ISO 7064
MOD 11,10, the better known one, lets one in fifty of such swaps pass.)
"""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

PREFIX = "ВП"
FIRST_YEAR = 2000
LAST_YEAR = 2999
MIN_DIGITS = 6
MAX_TEXT = 64

# The letters enter the check as this digit: a bare Damm number of another kind does not pass.
PREFIX_DIGIT = "5"

# The quasigroup of H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004): row is the state so
# far, column the next digit.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

# What people type for ВП: the same shapes in Latin and Greek, the sounds (V, P), the shape of a
# hand-written п (n), and letters that only look so in lower case.
_LETTERS = re.compile("[ВBΒVЬ][ПPΠРN]")
_SEPARATORS = re.compile(r"[\s\-‐-―−_./]+")
_DIGITS = re.compile(r"(2[0-9]{3})(?!0+[0-9]$)([0-9]{6}|[1-9][0-9]{6,8})([0-9])")


class NumberProblem(StrEnum):
    """Why a text is not the number of an application."""

    MALFORMED = "number_malformed"
    CHECK_DIGIT = "number_check_digit"


class NumberError(ValueError):
    """A text that is not the number of an application; `code` says why."""

    def __init__(self, code: NumberProblem) -> None:
        super().__init__(code)
        self.code = code


class NumberParts(NamedTuple):
    """The parts of a number that mean something."""

    year: int
    sequence: int

    def __str__(self) -> str:
        return format_number(self.year, self.sequence)


def format_number(year: int, sequence: int) -> str:
    """Write a number as it is shown and stored: ВП-2026-000123-7.

    Args:
        year: The year of the submission, in the agency's zone.
        sequence: Place in that year, from 1; gaps are allowed.

    Raises:
        ValueError: The year is not of this millennium, or the sequence is out of range.
    """
    digits = digits_of(year, sequence)
    return f"{PREFIX}-{digits[:4]}-{digits[4:]}-{check_digit(digits)}"


def digits_of(year: int, sequence: int) -> str:
    """Return year and place in the year as the digits that are checked.

    Raises:
        ValueError: The year is not of this millennium, or the sequence is out of range.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= sequence < 10**9:
        raise ValueError("no application has such a year or sequence")
    return f"{year}{sequence:0{MIN_DIGITS}d}"


def parse_number(text: str) -> NumberParts:
    """Read a number as people type it (A-42).

    Latin and Greek look-alikes, lower case, spaces, any dash or none, a № in front and missing
    letters are accepted; `str()` of the result is the number as it is stored.

    Raises:
        NumberError: The text is no number, or its check digit does not fit.
    """
    if len(text) > MAX_TEXT:
        raise NumberError(NumberProblem.MALFORMED)
    plain = unicodedata.normalize("NFKC", text.replace("№", "")).upper()
    plain = _SEPARATORS.sub("", plain)
    match = _DIGITS.fullmatch(_LETTERS.sub("", plain, count=1) if _LETTERS.match(plain) else plain)
    if match is None:
        raise NumberError(NumberProblem.MALFORMED)
    year, sequence, check = match.groups()
    if check_digit(year + sequence) != check:
        raise NumberError(NumberProblem.CHECK_DIGIT)
    return NumberParts(int(year), int(sequence))


def check_digit(digits: str, *, prefix: str = PREFIX_DIGIT) -> str:
    """Return the check digit of year and sequence, both as decimal digits.

    Args:
        prefix: The digit as which the letters enter: each kind of number has its own.
    """
    state = 0
    for digit in prefix + digits:
        state = DAMM[state][int(digit)]
    return str(state)
