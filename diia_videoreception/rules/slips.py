"""The code on a slip: how it is written and read, and how often one may guess."""

from enum import StrEnum

CODE_LENGTH = 6
MAX_TRIES = 5
"""How many wrong codes an application is given; after them the code works no more."""
MAX_SENT = 5
"""How often a slip is sent by email or SMS, all together."""
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_MARKS = str.maketrans("", "", f" \t\r\n\u00a0.{_DASHES}")
# What people take for a Latin sign of a code that Cyrillic keyboards have too.
_LOOKALIKES = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")


class SlipPaper(StrEnum):
    """The sheets on which a slip is printed."""

    A4 = "a4"
    A6 = "a6"
    ROLL = "80"


def written_code(code: str) -> str:
    """Write a code so that it is easily read: «R4KM-27»."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str | None:
    """Read a code as people type it; None for what is none, however it is written."""
    plain = text[:40].upper().translate(_MARKS).translate(_LOOKALIKES)
    return plain if len(plain) == CODE_LENGTH and plain.isascii() and plain.isalnum() else None
