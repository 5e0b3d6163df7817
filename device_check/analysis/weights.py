"""Which problems of a picture or a sound forbid a reception, and which are only worth a hint.

What steps and a whole run are worth, `device_check/verdicts.py` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from device_check.analysis.result import Problem
from device_check.vocabulary import Verdict

WEIGHT: Final[Mapping[Problem, Verdict]] = {
    Problem.TOO_DARK: Verdict.USABLE,
    Problem.TOO_BRIGHT: Verdict.USABLE,
    Problem.LOW_CONTRAST: Verdict.USABLE,
    Problem.BLURRED: Verdict.USABLE,
    Problem.COVERED: Verdict.BAD,
    Problem.FROZEN: Verdict.BAD,
    Problem.BACKLIGHT: Verdict.USABLE,
    Problem.FLICKER: Verdict.USABLE,
    Problem.NO_FACE: Verdict.USABLE,
    Problem.FACE_FAR: Verdict.USABLE,
    Problem.FACE_NEAR: Verdict.USABLE,
    Problem.OFF_CENTRE: Verdict.USABLE,
    Problem.SEVERAL_FACES: Verdict.USABLE,
    Problem.SILENT: Verdict.BAD,
    Problem.TOO_QUIET: Verdict.USABLE,
    Problem.CLIPPING: Verdict.USABLE,
    Problem.NOISY: Verdict.USABLE,
    Problem.HUM: Verdict.USABLE,
    Problem.NO_SPEECH: Verdict.USABLE,
    Problem.BAD_SOUND_CARD: Verdict.USABLE,
}
"""What each problem alone makes of the verdict.

Only what leaves the other side without a picture or a sound is bad. Light, sharpness and speech
can be bad too, at the far end of their measure: their rules then say that the problem is severe.
"""


def verdict_of(problems: Iterable[Problem], severe: Iterable[Problem] = ()) -> Verdict:
    """Return the worst that the problems make; a severe problem is bad whatever its weight."""
    if any(True for _ in severe):
        return Verdict.BAD
    weights = {WEIGHT[problem] for problem in problems}
    if Verdict.BAD in weights:
        return Verdict.BAD
    return Verdict.USABLE if weights else Verdict.GOOD
