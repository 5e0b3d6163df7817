"""Where faces are, by BlazeFace short range (MediaPipe) in OpenCV's own network engine.

A face is a rectangle and a score here, and is forgotten with the picture: no features, no identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from device_check.analysis.jpeg import Image
from device_check.analysis.opencv import cv2

MODEL: Final = Path(__file__).parents[1] / "data" / "face_detection_short_range.tflite"
_SIDE: Final = 128
_OVERLAP: Final = 0.3
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


@dataclass(frozen=True)
class Face:
    """A face in pixels of the still; it may reach beyond the edges."""

    left: float
    top: float
    width: float
    height: float
    score: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True)
class View:
    """A square part of the still that the network looks at, in pixels; may be larger than it."""

    left: float
    top: float
    side: float


def find_faces(picture: Image, score: float) -> tuple[Face, ...]:
    """Finds faces with at least this score, the largest first."""
    height, width = picture.shape[:2]
    side = max(height, width)
    whole = View((width - side) / 2, (height - side) / 2, side)
    return _distinct(_look(picture, whole, score))


def _look(picture: Image, view: View, score: float) -> list[Face]:
    scale = _SIDE / view.side
    move = np.array([[scale, 0, -view.left * scale], [0, scale, -view.top * scale]])
    part = cv2.warpAffine(picture, move, (_SIDE, _SIDE), flags=cv2.INTER_AREA)
    blob = cv2.dnn.blobFromImage(part, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
    network, names = _network()
    network.setInput(blob)
    outputs = dict(zip(names, network.forward(names), strict=True))
    scores = outputs["classificators"].ravel()
    boxes = outputs["regressors"].reshape(-1, 16)[:, :4]
    found = np.flatnonzero(scores >= np.log(score / (1 - score)))
    anchors = _anchors()
    faces = []
    for index in found:
        across, down, width, height = boxes[index] / _SIDE
        x, y = anchors[index] + (across, down)
        faces.append(
            Face(
                left=float(view.left + (x - width / 2) * view.side),
                top=float(view.top + (y - height / 2) * view.side),
                width=float(width * view.side),
                height=float(height * view.side),
                score=float(1 / (1 + np.exp(-scores[index]))),
            )
        )
    return faces


@cache
def _network() -> tuple[cv2.dnn.Net, list[str]]:
    # The default engine of OpenCV 5 gives only one of the two outputs.
    network = cv2.dnn.readNetFromTFLite(str(MODEL), engine=cv2.dnn.ENGINE_CLASSIC)
    return network, list(network.getUnconnectedOutLayersNames())


@cache
def _anchors() -> Floats:
    """Centres that the network's boxes are relative to: two per cell of 16², six of 8²."""
    rows = []
    for cells, count in ((16, 2), (8, 6)):
        centres = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        across, down = np.meshgrid(centres, centres)
        rows.append(np.repeat(np.stack([across.ravel(), down.ravel()], axis=1), count, axis=0))
    return np.concatenate(rows)


def _distinct(faces: Sequence[Face]) -> tuple[Face, ...]:
    """Leaves the best of rectangles that overlap."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: face.score, reverse=True):
        if all(_overlap(face, other) < _OVERLAP for other in kept):
            kept.append(face)
    return tuple(sorted(kept, key=lambda face: face.height, reverse=True))


def _overlap(one: Face, other: Face) -> float:
    """Intersection over union."""
    width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    height = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0
    common = width * height
    return common / (one.width * one.height + other.width * other.height - common)
