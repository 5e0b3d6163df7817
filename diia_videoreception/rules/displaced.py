"""Texts that gave way to others in a draft: kept beside, for the person to choose."""

import hashlib
from collections.abc import Sequence
from typing import TypedDict

MAX_TEXTS = 5
"""How many texts are kept beside one answer."""


class Displaced(TypedDict):
    """A text that gave way: which tab typed it, if that is known, or whether a program wrote it."""

    text: str
    tab: str
    by_program: bool


def keep(kept: Sequence[Displaced], new: Displaced) -> list[Displaced] | None:
    """Add a text to those beside an answer; None when there is no room for a person's text.

    A tab goes on typing: its newer text replaces its older one. Texts of programs, which keep what
    they send, go first when room is wanted, and never take that of a person's.
    """
    same = [one for one in kept if one["text"] == new["text"]]
    new = {**new, "by_program": all(one["by_program"] for one in [new, *same])}
    others = [
        one
        for one in kept
        if one["text"] != new["text"] and not (new["tab"] and one["tab"] == new["tab"])
    ]
    texts = [*others, new]
    while len(texts) > MAX_TEXTS:
        of_program = next((one for one in texts if one["by_program"]), None)
        if of_program is None:
            return None
        texts.remove(of_program)
    return texts


def key_of(text: str) -> str:
    """Return what names a text on a button of the form."""
    return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
