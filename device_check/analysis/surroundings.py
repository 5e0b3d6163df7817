"""How light the face is, and how light what is around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.face import Face
from device_check.analysis.jpeg import Image
from device_check.analysis.opencv import cv2

_LONGEST: Final = 96
_BODY: Final = 1.3
"""Widths of the face from its middle to where the person ends."""
_HAIR: Final = 0.6
"""Heights of the face above it that are still the person."""


@dataclass(frozen=True)
class FaceLight:
    """CIE lightness L* (0 to 100) of face and background."""

    face: float
    background: float


def measure_face_light(picture: Image, face: Face) -> FaceLight:
    """Measures the face and everything that is not the person below and around it."""
    scale = _LONGEST / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lightness = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)[:, :, 0].astype(np.float32) / 2.55
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
    return FaceLight(face=float(skin.mean()), background=float(around.mean()))


def _span(start: float, end: float, size: int) -> tuple[int, int]:
    """Whole pixels within the picture, at least one."""
    first = min(max(0, round(start)), size - 1)
    return first, max(first + 1, min(size, round(end)))
