"""The verdicts of steps and of the whole run: rules without a clock, a table or a browser.

A run and its steps are what the browser and the analysis reported, in the words of `vocabulary`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from device_check.vocabulary import (
    ANALYSED_PROBLEMS,
    BROWSER_PROBLEMS,
    JUDGED,
    MEASURES,
    NOT_ANALYSED_PROBLEMS,
    Step,
    Verdict,
)

NEEDED = (Step.CAMERA, Step.MICROPHONE, Step.SPEAKERS, Step.CONNECTION)
"""Without these nothing is known about a reception."""
ANALYSED = (Step.CAMERA, Step.MICROPHONE)
"""Only the server says that these are good."""
_MINOR = frozenset({Step.CLOCK})
"""A problem here does not spoil a reception."""
_WITH_PROBLEMS = frozenset({Verdict.USABLE, Verdict.BAD})
_HINTS = frozenset({"virtual_device"})
"""What the browser may add to an analysed step without spoiling it."""


class Forged(ValueError):
    """A reported step that no honest browser sends; `field` names the part that is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step as it is stored: numbers in the units of `vocabulary.MEASURES`."""

    verdict: Verdict
    problems: tuple[str, ...] = ()
    measures: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.step_word,
            "problems": list(self.problems),
            "measures": dict(self.measures),
        }


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What a way through the network must reach; the loop counts both directions."""

    rtt_ms: float
    loss_percent: float
    kbit_per_s: float


GOOD_CONNECTION = ConnectionLimits(rtt_ms=200, loss_percent=3, kbit_per_s=1000)
MIN_CONNECTION = ConnectionLimits(rtt_ms=1000, loss_percent=20, kbit_per_s=60)
"""Enough for the voice alone; below it there is no call."""
SKEW_SECONDS = 60
"""From here a clock leads people to the wrong time."""


def read_step(step: Step, *, verdict: Any, problems: Any, measures: Any) -> StepResult:
    """Read what a browser reports about a step, and judge anew what can be judged by numbers.

    Raises:
        Forged: a word is not of the vocabulary, does not belong to this step or verdict, or a
            number is out of its range.
    """
    try:
        reported = Verdict.of_step(verdict)
    except ValueError:
        raise Forged("verdict") from None
    codes = _codes(step, problems)
    numbers = _numbers(step, measures)
    if bool(codes) != (reported in _WITH_PROBLEMS):
        raise Forged("problems")
    if step in ANALYSED and (
        reported is Verdict.GOOD or (reported is Verdict.USABLE and not _HINTS.issuperset(codes))
    ):
        raise Forged("verdict")
    if reported in {Verdict.SKIPPED, Verdict.NOT_CHECKED}:
        return StepResult(reported, (), numbers)
    if step is Step.CONNECTION:
        return _connection(reported, codes, numbers)
    if step is Step.CLOCK and abs(numbers.get("skew_seconds", 0)) >= SKEW_SECONDS:
        return StepResult(_worst([reported, Verdict.USABLE]), ("skewed",), numbers)
    return StepResult(reported, codes, numbers)


def _codes(step: Step, problems: Any) -> tuple[str, ...]:
    known = BROWSER_PROBLEMS[step]
    if not isinstance(problems, list) or not all(isinstance(code, str) for code in problems):
        raise Forged("problems")
    if not set(problems) <= set(known) or len(set(problems)) != len(problems):
        raise Forged("problems")
    return tuple(code for code in known if code in problems)


def _numbers(step: Step, measures: Any) -> dict[str, float]:
    ranges = MEASURES[step]
    if not isinstance(measures, dict) or not measures.keys() <= ranges.keys():
        raise Forged("measures")
    for name, value in measures.items():
        least, greatest = ranges[name]
        # NaN is in no range.
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Forged("measures")
        if not least <= value <= greatest:
            raise Forged("measures")
    return {name: round(value, 3) for name, value in measures.items()}


def _connection(
    reported: Verdict, codes: tuple[str, ...], numbers: Mapping[str, float]
) -> StepResult:
    """Return the worse of what is said and what the numbers of the best way show."""
    if reported is not Verdict.BAD and not {"rtt_ms", "kbit_per_s"} <= numbers.keys():
        raise Forged("measures")
    shown, measured = judge_connection(numbers)
    known = BROWSER_PROBLEMS[Step.CONNECTION]
    found = tuple(code for code in known if code in codes or code in measured)
    return StepResult(_worst([reported, shown]), found, numbers)


def judge_connection(numbers: Mapping[str, float]) -> tuple[Verdict, tuple[str, ...]]:
    """Return verdict and problems of the numbers `rtt_ms`, `loss_percent` and `kbit_per_s`; what is missing is good."""
    rtt = numbers.get("rtt_ms", 0.0)
    loss = numbers.get("loss_percent", 0.0)
    rate = numbers.get("kbit_per_s", GOOD_CONNECTION.kbit_per_s)
    problems = tuple(
        code
        for code, is_worse in (
            ("slow", rate < GOOD_CONNECTION.kbit_per_s),
            ("high_delay", rtt >= GOOD_CONNECTION.rtt_ms),
            ("lossy", loss >= GOOD_CONNECTION.loss_percent),
        )
        if is_worse
    )
    if not problems:
        return Verdict.GOOD, ()
    least = MIN_CONNECTION
    fails = rate < least.kbit_per_s or rtt >= least.rtt_ms or loss >= least.loss_percent
    return (Verdict.BAD if fails else Verdict.USABLE), problems


def of_analysis(
    step: Step, *, verdict: Verdict, problems: Iterable[str], measures: Any
) -> StepResult:
    """Return the step that an analysis of its stills or its sound makes; codes of the other are left out."""
    own = tuple(code for code in problems if code in ANALYSED_PROBLEMS[step])
    if "covered" in own:
        # A lamp does not help behind a shutter.
        own = tuple(code for code in own if code != "too_dark")
    return StepResult(verdict, own, measures)


def not_analysed(reason: str) -> StepResult:
    """Return the step of an analysis that was not done; `reason` is a code of NOT_ANALYSED_PROBLEMS."""
    assert reason in NOT_ANALYSED_PROBLEMS  # noqa: S101  (our own two words)
    return StepResult(Verdict.NOT_CHECKED, (reason,))


def with_hint(before: Mapping[str, Any] | None, hint: StepResult) -> StepResult:
    """Return an analysed step with the browser's hint added, which alone would hide the analysis."""
    if before is None or hint.verdict is not Verdict.USABLE:
        return hint
    analysed = Verdict.of_step(before["verdict"])
    if analysed not in JUDGED:
        # A hint about a camera that nobody looked at does not make it checked.
        return StepResult(analysed, hint.problems, before["measures"])
    problems = dict.fromkeys([*before["problems"], *hint.problems])
    measures = {**before["measures"], **hint.measures}
    return StepResult(_worst([analysed, hint.verdict]), tuple(problems), measures)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=JUDGED.index)


def overall(steps: Mapping[str, Mapping[str, Any]]) -> Verdict:
    """Return the verdict of a run (A-09).

    A problem anywhere but at the clock makes it bad; else a needed step that is missing, skipped or
    not checked makes it not checked; else any advice makes it usable.
    """
    verdicts = {Step(name): Verdict.of_step(step["verdict"]) for name, step in steps.items()}
    if any(verdict is Verdict.BAD for step, verdict in verdicts.items() if step not in _MINOR):
        return Verdict.BAD
    if any(verdicts.get(step) not in JUDGED for step in NEEDED):
        return Verdict.NOT_CHECKED
    if _WITH_PROBLEMS.intersection(verdicts.values()):
        return Verdict.USABLE
    return Verdict.GOOD
