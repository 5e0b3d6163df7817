"""Codes of six digits that a person copies from a letter or a message."""

import unicodedata

DIGITS = 6
MOST = 200
"""Signs that are read: a whole message is shorter."""


def typed_code(text: str) -> str | None:
    """Return the six digits of what was typed or pasted; None for what has more or fewer of them.

    Signs between and around them do not matter, seen or not; digits of every script count.
    """
    if len(text) > MOST:
        return None
    digits = [unicodedata.decimal(sign, None) for sign in text]
    code = "".join(str(digit) for digit in digits if digit is not None)
    return code if len(code) == DIGITS else None
