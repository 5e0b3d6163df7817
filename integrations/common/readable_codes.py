"""Codes that people read aloud, over the phone or from paper."""

import secrets
from typing import Final

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that look or sound alike; each carries almost five bits."""


def readable_code(length: int) -> str:
    """Make a random code that nobody can guess."""
    return "".join(secrets.choice(SIGNS) for _ in range(length))
