"""The whole analysis: stills and sound are measured and judged, and the verdict follows."""

from __future__ import annotations

from collections.abc import Sequence

from device_check.analysis import picture, sound
from device_check.analysis.jpeg import decode, read_header
from device_check.analysis.result import (
    MAX_IMAGES,
    Analysis,
    InputError,
    Measures,
    Problem,
    UnusableInput,
)
from device_check.analysis.thresholds import Thresholds
from device_check.analysis.wav import read_wav
from device_check.analysis.weights import verdict_of


def examine(images: Sequence[bytes], audio: bytes | None, limits: Thresholds) -> Analysis:
    """Do what `device_check.analysis.analyse` promises."""
    if not images and audio is None:
        raise UnusableInput(InputError.NOTHING_GIVEN, "neither image nor sound")
    if len(images) > MAX_IMAGES:
        raise UnusableInput(InputError.TOO_MANY, f"more than {MAX_IMAGES} images")
    found: set[Problem] = set()
    severe: set[Problem] = set()
    measures: Measures = {}
    if images:
        headers = [read_header(image) for image in images]
        if len(set(headers)) > 1:
            raise UnusableInput(InputError.DIFFERENT_SIZES, "the images are of different sizes")
        stills = [decode(image, headers[0]) for image in images]
        if len({still.shape for still in stills}) > 1:
            raise UnusableInput(InputError.DIFFERENT_SIZES, "the images are turned differently")
        view = picture.measure_stills(stills, limits)
        judged = picture.judge_stills(view, limits)
        found |= judged.problems
        severe |= judged.severe
        measures["image"] = picture.as_numbers(view)
    if audio is not None:
        levels = sound.measure_sound(read_wav(audio))
        found |= sound.judge_sound(levels, limits)
        measures["audio"] = sound.as_numbers(levels)
    return Analysis(
        verdict=verdict_of(found, severe),
        problems=tuple(problem for problem in Problem if problem in found),
        measures=measures,
    )
