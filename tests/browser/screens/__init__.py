"""The states of the citizen's screens, by their codes."""

from tests.browser.screens import (
    account,
    cabinet,
    choosing,
    corrections,
    filing,
    questions,
    refusals,
    signing,
    signing_in,
    slips,
    writing,
)
from tests.browser.screens.registry import SCREENS, Screen

__all__ = [
    "SCREENS",
    "Screen",
    "account",
    "cabinet",
    "choosing",
    "corrections",
    "filing",
    "questions",
    "refusals",
    "signing",
    "signing_in",
    "slips",
    "writing",
]
