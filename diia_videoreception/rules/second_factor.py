"""What a portal asks of each role of its staff, and how what they type is read.

Whether a request lacks it, `selectors/accounts/second_factor.py` tells (`is_unproven`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_TAKEN_FOR = str.maketrans({"0": "o", "1": "l", "8": "b"})
"""Digits that the alphabet lacks, and what they were read off as."""


class Role(StrEnum):
    """As whom a member of staff reads personal data."""

    MODERATOR = "moderator"
    HEAD = "head"
    OFFICIAL = "official"
    SUPERUSER = "superuser"
    CENTRE = "centre"
    OPERATOR = "operator"
    HELP_DESK = "help_desk"
    AUDITOR = "auditor"


class FactorPolicy(StrEnum):
    """Whether a role has to have a second factor; who has set one up is asked for it anyhow."""

    REQUIRED = "required"
    OFFERED = "offered"


def policy_of(role: Role, *, given: Mapping[str, str]) -> FactorPolicy:
    """Return what the portal has set for a role; what it has not set, or wrongly, is required."""
    try:
        return FactorPolicy(given.get(role, FactorPolicy.REQUIRED))
    except ValueError:
        return FactorPolicy.REQUIRED


def problems_of_policies(name: str, *, given: Mapping[str, str]) -> list[str]:
    """Return in words what is wrong with the setting that is called `name`."""
    roles, policies = ", ".join(Role), " or ".join(repr(str(policy)) for policy in FactorPolicy)
    return [
        f"{name} has an unknown role {role!r}: {roles}." for role in given if role not in set(Role)
    ] + [
        f"{name}[{role!r}] must be {policies}."
        for role, policy in given.items()
        if role in set(Role) and policy not in set(FactorPolicy)
    ]


def is_live(proven_at: datetime, *, now: datetime, lifetime: timedelta) -> bool:
    """Return whether a proof still holds; one of the future never does."""
    return timedelta(0) <= now - proven_at < lifetime


def typed_recovery_code(text: str) -> str | None:
    """Return the signs of a recovery code as it was typed; None for what can be none."""
    signs = "".join(sign for sign in text.lower() if sign.isalnum()).translate(_TAKEN_FOR)
    fits = len(signs) == RECOVERY_LENGTH and all(sign in _ALPHABET for sign in signs)
    return signs if fits else None


def recovery_code(numbers: list[int]) -> str:
    """Return the code that RECOVERY_LENGTH random numbers from 0 to 31 make, without its hyphen."""
    return "".join(_ALPHABET[number] for number in numbers)


def shown_recovery_code(code: str) -> str:
    """Return a recovery code as people read it off: two groups with a hyphen."""
    half = RECOVERY_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
