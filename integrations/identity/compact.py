"""Spaces and dashes out of a number, as people and registers group them."""

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
# Longer input is no identifier, whatever stands in it.
_MAX_INPUT: Final = 64


def compact(text: str) -> str:
    """Take spaces and dashes out.

    Raises:
        ValueError: The text is too long for an identifier.
    """
    if len(text) > _MAX_INPUT:
        raise ValueError("the identifier is too long")
    return _SEPARATORS.sub("", text)
