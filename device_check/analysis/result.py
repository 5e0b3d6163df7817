"""The result of an analysis, and the only exception that leaves this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from device_check.vocabulary import JUDGED, Verdict

MAX_MEASURE: Final = 1e9
MAX_IMAGES: Final = 5


class Problem(StrEnum):
    """Everything that can be wrong; results list their problems in this order."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    LOW_CONTRAST = "low_contrast"
    BLURRED = "blurred"
    COVERED = "covered"
    FROZEN = "frozen"
    BACKLIGHT = "backlight"
    FLICKER = "flicker"
    NO_FACE = "no_face"
    FACE_FAR = "face_far"
    FACE_NEAR = "face_near"
    OFF_CENTRE = "off_centre"
    SEVERAL_FACES = "several_faces"
    SILENT = "silent"
    TOO_QUIET = "too_quiet"
    CLIPPING = "clipping"
    NOISY = "noisy"
    HUM = "hum"
    NO_SPEECH = "no_speech"
    BAD_SOUND_CARD = "bad_sound_card"


class InputError(StrEnum):
    """Why files cannot be examined."""

    NOT_JPEG = "not_jpeg"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    DIFFERENT_SIZES = "different_sizes"
    TOO_MANY = "too_many"
    NOT_WAV = "not_wav"
    WRONG_FORMAT = "wrong_format"
    LYING_HEADER = "lying_header"
    EMPTY = "empty"
    NOTHING_GIVEN = "nothing_given"
    UNREADABLE = "unreadable"
    USAGE = "usage"
    """Only of the command line: it was called in another way than it says."""


class UnusableInput(Exception):
    """The files cannot be examined.

    Attributes:
        code: The machine-readable cause.
        detail: English wording for an engineer's log; never holds personal data.
    """

    def __init__(self, code: InputError, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code.value


Measures = dict[str, dict[str, float]]
"""Numbers by kind ("image", "audio") and name; a kind that was not examined is absent."""


@dataclass(frozen=True)
class Analysis:
    """What was found.

    Attributes:
        verdict: Whether a reception can be held like this, one of `JUDGED`.
        problems: Everything that is wrong, each once, in the order of `Problem`.
        measures: The numbers behind it, rounded, for those who adjust the thresholds.
    """

    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    measures: Measures = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return what `json.dumps` takes."""
        return {
            "verdict": self.verdict.value,
            "problems": [problem.value for problem in self.problems],
            "measures": {kind: dict(numbers) for kind, numbers in self.measures.items()},
        }

    @classmethod
    def from_json(cls, data: object) -> Analysis:
        """Read what `as_json` returned.

        Raises:
            ValueError: It did not return that.
        """
        if not isinstance(data, Mapping) or set(data) != {"verdict", "problems", "measures"}:
            raise ValueError("not an analysis")
        problems = data["problems"]
        if not isinstance(problems, list):
            raise ValueError("problems are not a list")
        if not all(isinstance(code, str) for code in [data["verdict"], *problems]):
            raise ValueError("a code is not a word")
        found = {Problem(code) for code in problems}
        verdict = Verdict(data["verdict"])
        if verdict not in JUDGED:
            raise ValueError("not a verdict of an analysis")
        return cls(
            verdict=verdict,
            problems=tuple(problem for problem in Problem if problem in found),
            measures=_read_measures(data["measures"]),
        )


def _read_measures(data: object) -> Measures:
    if not isinstance(data, Mapping) or not set(data) <= {"image", "audio"}:
        raise ValueError("measures have unknown kinds")
    read: Measures = {}
    for kind, numbers in data.items():
        if not isinstance(numbers, Mapping):
            raise ValueError("measures are not numbers by name")
        read[kind] = {}
        for name, value in numbers.items():
            known = isinstance(name, str) and name.isascii() and name.isidentifier()
            if not known or isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError("a measure is not a number by name")
            # NaN is in no range.
            if not -MAX_MEASURE <= value <= MAX_MEASURE:
                raise ValueError("a measure is out of range")
            read[kind][name] = value
    return read
