"""Training of the staff of a centre (B-80): exercises with invented people, and the way through one of them.

A training visit goes through the stages of a real one and is kept nowhere but with who trains: what
follows from these values is a page, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from diia_videoreception.rules.mandates import ConsentMethod
from diia_videoreception.rules.visits import EidAnswer, VisitMode, VisitPhase

MAX_TEXT = 1000
SMS_CODE = "482913"
"""What a telephone would show, if a message went out."""
TIMES_OFFERED = 3
_FIRST_DAY, _HOURS = 4, (10, 11, 15)


class TrainingStep(StrEnum):
    """The pages of a training visit; on behalf of a person the work is three of them."""

    GREETING = "greeting"
    NEED = "need"
    DECISION = "decision"
    WORK = "work"
    CONSENT = "consent"
    ANSWERS = "answers"
    TIME = "time"
    CHECK = "check"
    CLOSE = "close"

    @property
    def phase(self) -> VisitPhase:
        """The stage of a visit to which the page belongs."""
        return VisitPhase.WORK if self in _OF_WORK else VisitPhase(self.value)


_OF_WORK = frozenset(
    {TrainingStep.WORK, TrainingStep.CONSENT, TrainingStep.ANSWERS, TrainingStep.TIME}
)
_BEGINNING = (TrainingStep.GREETING, TrainingStep.NEED, TrainingStep.DECISION)
_AFTERWARDS: Mapping[VisitMode, tuple[TrainingStep, ...]] = MappingProxyType(
    {
        VisitMode.SELF_SERVICE: (TrainingStep.WORK, TrainingStep.CLOSE),
        VisitMode.SIDE_BY_SIDE: (TrainingStep.WORK, TrainingStep.CHECK, TrainingStep.CLOSE),
        VisitMode.PAPER: (TrainingStep.WORK, TrainingStep.CHECK, TrainingStep.CLOSE),
        VisitMode.CONSULTATION: (TrainingStep.CLOSE,),
        VisitMode.ON_BEHALF: (
            TrainingStep.CONSENT,
            TrainingStep.ANSWERS,
            TrainingStep.TIME,
            TrainingStep.CHECK,
            TrainingStep.CLOSE,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Exercise:
    """Somebody invented, and how they are best helped.

    Attributes:
        advised: the way that the exercise is about; another one is no mistake, but is talked about.
        consent: by which method the person can agree; None where nothing is done for them.
    """

    key: str
    eid: EidAnswer
    advised: VisitMode
    consent: ConsentMethod | None = None


EXERCISES = (
    Exercise("beside", EidAnswer.YES, VisitMode.SIDE_BY_SIDE),
    Exercise("paper_consent", EidAnswer.NO, VisitMode.ON_BEHALF, ConsentMethod.PAPER_SCAN),
    Exercise("sms_consent", EidAnswer.NO, VisitMode.ON_BEHALF, ConsentMethod.SMS_CODE),
    Exercise("alone", EidAnswer.YES, VisitMode.SELF_SERVICE),
    Exercise("paper_form", EidAnswer.NO, VisitMode.PAPER),
)


@dataclass(frozen=True, slots=True)
class TrainingVisit:
    """How far somebody has come in an exercise, and what they have typed there of nobody real."""

    centre: str
    exercise: int
    step: TrainingStep = TrainingStep.GREETING
    mode: VisitMode | None = None
    need: str = ""
    purpose: str = ""
    agency_name: str = ""
    reason: str = ""
    eid: str = ""
    method: str = ""
    topic: str = ""
    time: int = -1

    @property
    def about(self) -> Exercise:
        return EXERCISES[self.exercise]

    @property
    def steps(self) -> tuple[TrainingStep, ...]:
        """The pages of the way that was chosen; those of the beginning while none is."""
        return _BEGINNING + (_AFTERWARDS[self.mode] if self.mode else ())

    @property
    def is_as_advised(self) -> bool:
        return self.mode == self.about.advised

    def noted(self, **values: Any) -> "TrainingVisit":
        """Return the visit with something more noted in it, on the same page."""
        return replace(self, **values)

    def gone_on(self, **values: Any) -> "TrainingVisit":
        """Return the visit on the next page, with what was noted on this one; on the last it stays there."""
        noted = replace(self, **values)
        place = noted.steps.index(noted.step) + 1
        return replace(noted, step=noted.steps[min(place, len(noted.steps) - 1)])

    def gone_back(self) -> "TrainingVisit":
        """Return the visit on the page before; who goes back to the decision makes it anew."""
        step = self.steps[max(self.steps.index(self.step) - 1, 0)]
        return replace(self, step=step, mode=None if step in _BEGINNING else self.mode)


def as_data(visit: TrainingVisit) -> dict[str, object]:
    """Return what JSON can hold of a visit."""
    return asdict(visit)


def read_visit(raw: object) -> TrainingVisit:
    """Return a visit of what `as_data` gave.

    Raises:
        ValueError, TypeError: it is none.
    """
    if not isinstance(raw, dict):
        raise TypeError("not a training visit")
    mode = raw.get("mode")
    values = {
        **raw,
        "step": TrainingStep(str(raw.get("step"))),
        "mode": VisitMode(mode) if mode else None,
    }
    visit = TrainingVisit(**values)
    texts = (visit.centre, visit.need, visit.purpose, visit.agency_name, visit.reason)
    numbers = (visit.exercise, visit.time)
    if not all(isinstance(text, str) for text in (*texts, visit.eid, visit.method, visit.topic)):
        raise TypeError("not a text")
    if not all(type(number) is int for number in numbers):
        raise TypeError("not a number")
    if not 0 <= visit.exercise < len(EXERCISES) or not -1 <= visit.time < TIMES_OFFERED:
        raise ValueError("not an exercise")
    if visit.step not in visit.steps:
        raise ValueError("not on this way")
    return visit


class PracticeStep(StrEnum):
    """The screens of a visitor who tries booking out at a self-service place, one question on each."""

    BODY = "body"
    TIME = "time"
    TOPIC = "topic"
    CHECK = "check"
    DONE = "done"


BODIES = ("streets", "libraries")
"""Invented bodies, of which a visitor chooses one."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What a visitor has answered so far."""

    step: PracticeStep = PracticeStep.BODY
    body: str = BODIES[0]
    time: int = 0
    topic: str = ""

    def moved(self, by: int, **values: Any) -> "Practice":
        """Return the practice some screens further, with what was answered on this one."""
        steps = tuple(PracticeStep)
        place = min(max(steps.index(self.step) + by, 0), len(steps) - 1)
        return replace(self, step=steps[place], **values)


def read_practice(raw: object) -> Practice:
    """Return a practice of what `asdict` gave.

    Raises:
        ValueError: it is none.
    """
    match raw:
        case {"step": str(step), "body": str(body), "time": int(number), "topic": str(topic)}:
            if body in BODIES and 0 <= number < TIMES_OFFERED:
                return Practice(PracticeStep(step), body, number, topic)
    raise ValueError("not a practice")


def times_offered(today: date) -> list[datetime]:
    """Return when the invented official receives, by the clock of the centre: the three days' rule holds here, too."""
    day = today + timedelta(days=_FIRST_DAY)
    return [
        datetime.combine(day + timedelta(days=number), time(hour))
        for number, hour in enumerate(_HOURS)
    ]
