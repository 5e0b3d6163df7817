"""Ending the consideration of an application without a decision on it: on what grounds."""

from enum import StrEnum

from diia_videoreception.rules.transitions import State

MAX_EARLIER_NUMBER = 60


class ClosingGround(StrEnum):
    """Why an application is not considered (Article 8 of the Law «Про звернення громадян»)."""

    REPEATED = "repeated"
    """The same person has asked the same agency the same, and it was settled on its merits."""
    NOT_CONSIDERED = "not_considered"
    """The law lets nobody consider it for another reason."""


SETTLED = frozenset({State.COMPLETED, State.ANSWERED})
"""Where an earlier application is settled on its merits, so that another one repeats it."""
