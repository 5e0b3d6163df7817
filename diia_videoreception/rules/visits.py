"""Visits to a centre: their stages, the ways to help, and which way leads through which stages (B-30, B-76)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

LETTERS = "АБВГДЕЖЗ"
"""By its letter, and its colour, somebody tells the visits apart that they hold at once (B-50)."""
MAX_OPEN = len(LETTERS)
MAX_NEED = 200
MAX_AGENCY_NAME = 160
MAX_CALL_NOTE = 200
MAX_CALLS = 20
"""Calls that are noted of one visit."""


class VisitPhase(StrEnum):
    """The stages of the conversation, in their order."""

    GREETING = "greeting"
    NEED = "need"
    DECISION = "decision"
    WORK = "work"
    CHECK = "check"
    CLOSE = "close"


class VisitMode(StrEnum):
    """How somebody is helped."""

    SELF_SERVICE = "self_service"
    SIDE_BY_SIDE = "side_by_side"
    ON_BEHALF = "on_behalf"
    PAPER = "paper"
    CONSULTATION = "consultation"


class VisitReason(StrEnum):
    """Why somebody cannot do it alone (B-06, B-08)."""

    NO_EID = "no_eid"
    NO_SKILLS = "no_skills"
    NO_EQUIPMENT = "no_equipment"
    HEALTH_OR_LANGUAGE = "health_or_language"
    OTHER = "other"


class EidAnswer(StrEnum):
    """What was answered to «У Вас є електронний підпис?» (B-31)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_ALL = tuple(VisitPhase)
PATHS: Mapping[VisitMode, tuple[VisitPhase, ...]] = MappingProxyType(
    {
        VisitMode.SELF_SERVICE: tuple(one for one in _ALL if one != VisitPhase.CHECK),
        VisitMode.SIDE_BY_SIDE: _ALL,
        VisitMode.ON_BEHALF: _ALL,
        VisitMode.PAPER: _ALL,
        VisitMode.CONSULTATION: (
            VisitPhase.GREETING,
            VisitPhase.NEED,
            VisitPhase.DECISION,
            VisitPhase.CLOSE,
        ),
    }
)
"""Through which stages each way leads."""
NEED_RIGHT = frozenset({VisitMode.ON_BEHALF})
"""What only those do who may act on behalf of people."""
BY_CONSENT = frozenset({VisitMode.ON_BEHALF, VisitMode.PAPER})
"""On these something may be done for the person, by their consent; each act of it asks for the right."""
NEED_REASON = frozenset({VisitMode.ON_BEHALF, VisitMode.PAPER})
"""What is done only for who cannot do it alone, and why is recorded (B-06)."""


def path_of(mode: VisitMode | None) -> tuple[VisitPhase, ...]:
    """Return the stages of a visit; all of them while nobody has decided how to help."""
    return _ALL if mode is None else PATHS[mode]


def next_phase(phase: VisitPhase, mode: VisitMode) -> VisitPhase:
    """Return the stage that follows on a way.

    Raises:
        ValueError: it is the last, or the way does not lead through it.
    """
    path = PATHS[mode]
    place = path.index(phase) + 1
    if place == len(path):
        raise ValueError(phase)
    return path[place]


def previous_phase(phase: VisitPhase, mode: VisitMode | None) -> VisitPhase | None:
    """Return the stage before; None before the first."""
    path = path_of(mode)
    place = path.index(phase)
    return path[place - 1] if place else None


def free_letters(taken: set[int], wanted: int) -> list[int]:
    """Return so many letters that no open visit has, by their places in `LETTERS`; fewer when they run out."""
    return [one for one in range(MAX_OPEN) if one not in taken][:wanted]
