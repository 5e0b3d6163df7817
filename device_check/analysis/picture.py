"""Several stills of one camera together: what is wrong with the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise
from statistics import fmean, median, pstdev
from typing import Final

import numpy as np

from device_check.analysis.face import Face, find_faces
from device_check.analysis.jpeg import Image
from device_check.analysis.light import Light, detail_of, measure_light
from device_check.analysis.opencv import cv2
from device_check.analysis.result import Problem
from device_check.analysis.surroundings import FaceLight, measure_face_light
from device_check.analysis.thresholds import Thresholds

_MIN_REACH = 48
"""Pixels around the middle of a face in which its detail is measured: four tiles at least."""
_OVERSHOOT: Final = 0.25
"""Share of its way that a camera comes back after having adapted too far."""


@dataclass(frozen=True)
class Framing:
    """The face of the person in shares of the picture, the middle of all stills that show one."""

    height: float
    across: float
    down: float
    light: FaceLight


@dataclass(frozen=True)
class Stills:
    """All stills together: medians, and how they differ from each other.

    Attributes:
        light: Medians of the stills' light.
        without_face: Stills in which no face was found.
        several_faces: Stills in which more than one was found.
        framing: The face, if most stills show one.
        differences: Mean difference of neighbouring stills in luma.
        lumas: Mean luma of each still.
    """

    light: Light
    without_face: int
    several_faces: int
    framing: Framing | None
    differences: tuple[float, ...]
    lumas: tuple[float, ...]


@dataclass(frozen=True)
class Judgement:
    """The problems, and those of them that forbid a reception."""

    problems: set[Problem]
    severe: set[Problem]


def measure_stills(stills: Sequence[Image], limits: Thresholds) -> Stills:
    """Measure one to five pictures of the same size.

    Somebody small beside the person is searched in every second one: half of them is enough to
    be told, and a single one has to be judged at once.
    """
    greys = [np.asarray(cv2.cvtColor(still, cv2.COLOR_BGR2GRAY), np.uint8) for still in stills]
    lights = [measure_light(grey) for grey in greys]
    faces = [
        ()
        if _is_covered(light, limits)
        else find_faces(still, limits.face_score, beside=len(stills) > 1 and number % 2 == 0)
        for number, (still, light) in enumerate(zip(stills, lights, strict=True))
    ]
    lights = [
        _with_detail_of_face(light, grey, found)
        for light, grey, found in zip(lights, greys, faces, strict=True)
    ]
    return Stills(
        light=Light(
            **{
                item.name: median(getattr(light, item.name) for light in lights)
                for item in fields(Light)
            }
        ),
        without_face=sum(not found for found in faces),
        several_faces=sum(len(found) > 1 for found in faces),
        framing=_frame(stills, faces),
        differences=tuple(
            float(cv2.mean(cv2.absdiff(one, other))[0]) for one, other in pairwise(greys)
        ),
        lumas=tuple(light.luma for light in lights),
    )


def _with_detail_of_face(light: Light, grey: Image, faces: Sequence[Face]) -> Light:
    """Judge the sharpest parts: before a plain wall most of the picture has no detail."""
    if not faces:
        return light
    face = faces[0]
    height, width = grey.shape
    (across, down), reach = face.centre, max(face.height, _MIN_REACH)
    part = grey[
        max(0, round(down - reach)) : min(height, round(down + reach)),
        max(0, round(across - reach)) : min(width, round(across + reach)),
    ]
    return replace(light, detail=max(light.detail, detail_of(part)))


def _frame(stills: Sequence[Image], faces: Sequence[Sequence[Face]]) -> Framing | None:
    framings = []
    for still, found in zip(stills, faces, strict=True):
        if found:
            height, width = still.shape[:2]
            across, down = found[0].centre
            framings.append(
                (
                    found[0].height / height,
                    across / width,
                    down / height,
                    measure_face_light(still, found[0]),
                )
            )
    if not framings:
        return None
    lights = [light for *_, light in framings]
    return Framing(
        height=median(height for height, *_ in framings),
        across=median(across for _, across, *_ in framings),
        down=median(down for _, _, down, _ in framings),
        light=FaceLight(
            **{
                item.name: median(getattr(light, item.name) for light in lights)
                for item in fields(FaceLight)
            }
        ),
    )


def judge_stills(view: Stills, limits: Thresholds) -> Judgement:
    """Name what is wrong; of what follows from something else only the cause."""
    light, framing = view.light, view.framing
    found = _judge_exposure(light, framing, limits)
    severe = set()
    covered = _is_covered(light, limits)
    if covered:
        found.add(Problem.COVERED)
    else:
        found |= _judge_clarity(light, limits, exposed=not found)
        if _is_frozen(view.differences, limits):
            found.add(Problem.FROZEN)
    if (
        Problem.TOO_DARK in found
        and light.luma < limits.very_dark_luma
        and not _is_plain(view, limits)
    ):
        severe.add(Problem.TOO_DARK)
    if Problem.TOO_BRIGHT in found and (
        light.luma > limits.very_bright_luma or light.blown > limits.very_blown_share
    ):
        severe.add(Problem.TOO_BRIGHT)
    if Problem.BLURRED in found and light.detail < limits.very_blurred:
        severe.add(Problem.BLURRED)
    if _flickers(view.lumas, limits):
        found.add(Problem.FLICKER)
    found |= _judge_faces(view, limits)
    if Problem.BACKLIGHT in found:
        # Beside a bright window the detail of a dark face counts for nothing.
        found.discard(Problem.BLURRED)
        severe.discard(Problem.BLURRED)
    if Problem.TOO_DARK in found and (covered or Problem.TOO_DARK in severe):
        found.discard(Problem.NO_FACE)
    return Judgement(found, severe)


def _is_plain(view: Stills, limits: Thresholds) -> bool:
    """Tell whether the other side sees a face: then a dark picture only wants more light."""
    return view.framing is not None and view.framing.light.bright >= limits.plain_face


def _judge_exposure(light: Light, framing: Framing | None, limits: Thresholds) -> set[Problem]:
    found = set()
    dim = light.luma < limits.dark_luma or light.highlights < limits.dark_highlights
    if dim and not (framing and framing.light.bright >= limits.well_lit_face):
        found.add(Problem.TOO_DARK)
    glaring = light.luma > limits.bright_luma or light.blown > limits.blown_share
    if framing:
        face = framing.light.face
        glaring = face > limits.blown_face or (glaring and face > limits.bright_face)
    if glaring:
        found.add(Problem.TOO_BRIGHT)
    return found


def _judge_clarity(light: Light, limits: Thresholds, *, exposed: bool) -> set[Problem]:
    """Contrast is judged only in a picture that is rightly exposed: light changes it too."""
    found = set()
    if exposed and light.contrast < limits.low_contrast:
        found.add(Problem.LOW_CONTRAST)
    if light.detail < limits.blurred:
        found.add(Problem.BLURRED)
    return found


def _is_covered(light: Light, limits: Thresholds) -> bool:
    smooth = light.structure < limits.smooth_structure and light.detail < limits.blurred
    return smooth or light.structure < limits.covered_structure


def _is_frozen(differences: Sequence[float], limits: Thresholds) -> bool:
    still = sum(difference < limits.frozen_difference for difference in differences)
    return bool(differences) and still >= limits.frozen_share * len(differences)


def _flickers(lumas: Sequence[float], limits: Thresholds) -> bool:
    """Return a camera that adapts to the light goes one way, at most a little too far; a lamp goes both."""
    steps = [later - earlier for earlier, later in pairwise(lumas)]
    rise = sum(step for step in steps if step > 0)
    fall = -sum(step for step in steps if step < 0)
    less, more = sorted((rise, fall))
    returns = less > max(limits.flicker_deviation, _OVERSHOOT * more)
    return returns and pstdev(lumas) > limits.flicker_deviation


def _judge_faces(view: Stills, limits: Thresholds) -> set[Problem]:
    count = len(view.lumas)
    if view.without_face >= min(limits.no_face_stills, count) or view.framing is None:
        return {Problem.NO_FACE}
    found = set()
    framing = view.framing
    if framing.height < limits.far_height:
        found.add(Problem.FACE_FAR)
    if framing.height > limits.near_height:
        found.add(Problem.FACE_NEAR)
    across = limits.centre_left <= framing.across <= limits.centre_right
    if not (across and limits.centre_top <= framing.down <= limits.centre_bottom):
        found.add(Problem.OFF_CENTRE)
    if 2 * view.several_faces >= count:
        found.add(Problem.SEVERAL_FACES)
    if _is_in_shadow(framing.light, limits):
        found.add(Problem.BACKLIGHT)
    return found


def _is_in_shadow(light: FaceLight, limits: Thresholds) -> bool:
    """Tell a face before a window from a dark skin before a white wall."""
    if light.background - light.face <= limits.backlit_difference:
        return False
    is_even = light.relief < limits.even_relief
    return light.bright < (limits.backlit_even_face if is_even else limits.backlit_face)


def as_numbers(view: Stills) -> dict[str, float]:
    """Return the measures by name, rounded for people."""
    numbers: dict[str, float] = {
        "stills": len(view.lumas),
        **asdict(view.light),
        "face_missing": view.without_face,
        "face_several": view.several_faces,
    }
    if view.framing:
        numbers |= {
            "face_height": view.framing.height,
            "face_across": view.framing.across,
            "face_down": view.framing.down,
            "face_lightness": view.framing.light.face,
            "face_bright_parts": view.framing.light.bright,
            "face_relief": view.framing.light.relief,
            "face_background": view.framing.light.background,
        }
    if view.differences:
        numbers["difference"] = fmean(view.differences)
        numbers["luma_deviation"] = pstdev(view.lumas)
    return {name: round(float(value), 4) for name, value in numbers.items()}
