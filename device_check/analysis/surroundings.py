"""How light the face is, and how light what is around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.face import Face
from device_check.analysis.jpeg import Image
from device_check.analysis.opencv import cv2

_MAX_SIDE: Final = 96
_BODY: Final = 1.3
"""Widths of the face from its middle to where the person ends."""
_HAIR: Final = 0.6
"""Heights of the face above it that are still the person."""
_FACE_SIDE: Final = 48
_BRIGHT_PARTS: Final = 95
"""Percentile of the face from which on its skin shines or its eyes and teeth are white."""


@dataclass(frozen=True)
class FaceLight:
    """CIE lightness L* (0 to 100) of face and background.

    How light a skin is depends on the person as much as on the lamp, so exposure is judged by the
    bright parts of a face, which light from the front gives to every skin.

    Attributes:
        face: The mean of the face.
        bright: The bright parts of the face.
        relief: By how much the bright parts stand out of the middle of the face.
        background: What is not the person.
    """

    face: float
    bright: float
    relief: float
    background: float


def measure_face_light(picture: Image, face: Face) -> FaceLight:
    """Measure the face and everything that is not the person below and around it."""
    scale = _MAX_SIDE / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lightness = _lightness(np.asarray(small, np.uint8))
    rows, columns = lightness.shape
    left, right = _span(face.left * scale, (face.left + face.width) * scale, columns)
    top, bottom = _span(face.top * scale, (face.top + face.height) * scale, rows)
    skin = lightness[top:bottom, left:right]
    middle = face.centre[0] * scale
    body = slice(
        *_span(middle - _BODY * face.width * scale, middle + _BODY * face.width * scale, columns)
    )
    outside = np.ones(lightness.shape, bool)
    outside[max(0, round((face.top - _HAIR * face.height) * scale)) :, body] = False
    around = lightness[outside] if outside.any() else skin
    near = _lightness(_close_up(picture, face))
    middle_tone, bright = np.percentile(near, (50, _BRIGHT_PARTS))
    return FaceLight(
        face=float(skin.mean()),
        bright=float(bright),
        relief=float(bright - middle_tone),
        background=float(around.mean()),
    )


def _close_up(picture: Image, face: Face) -> Image:
    rows, columns = picture.shape[:2]
    part = picture[
        slice(*_span(face.top, face.top + face.height, rows)),
        slice(*_span(face.left, face.left + face.width, columns)),
    ]
    size = (_FACE_SIDE, _FACE_SIDE)
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)


def _lightness(picture: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)[:, :, 0].astype(np.float32) / 2.55


def _span(start: float, end: float, size: int) -> tuple[int, int]:
    """Return whole pixels within the picture, at least one."""
    first = min(max(0, round(start)), size - 1)
    return first, max(first + 1, min(size, round(end)))
