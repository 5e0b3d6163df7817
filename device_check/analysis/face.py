"""Where faces are, by BlazeFace short range (MediaPipe) in OpenCV's own network engine.

A face is a rectangle and a score here, and is forgotten with the picture: no features, no identity.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import fmean
from threading import Lock
from typing import Final

import numpy as np

from device_check.analysis.jpeg import Image
from device_check.analysis.opencv import cv2

MODEL: Final = Path(__file__).parents[1] / "data" / "face_detection_short_range.tflite"
_SIDE: Final = 128
_OVERLAP: Final = 0.3
_LARGE: Final = 0.2
"""Share of the picture's height from which on the first look is precise."""
_ALONE: Final = 0.3
"""Share from which on a second look at the same face finds nothing new."""
_CERTAIN: Final = 0.8
"""Score of the first look that nothing but faces reaches."""
_AROUND: Final = (3, 4)
"""Heights of a face that the looks from near take in."""
_WORTH_A_LOOK: Final = -0.6
"""Logit of a score of about 0.35."""
_MAX_DOUBTS: Final = 6
_DIM: Final = 128
"""Luma of the brightest parts below which the network sees little."""
_turn = Lock()
"""The network keeps its input: two threads in it would get each other's faces."""
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
class Crop:
    """A square part of the still that the network looks at, in pixels; may be larger than it."""

    left: int
    top: int
    side: int


def find_faces(picture: Image, score: float, *, beside: bool = True) -> tuple[Face, ...]:
    """Find faces, the largest first.

    The network sees 128 pixels square, so a face far away is lost in the whole picture. Small and
    doubtful finds are looked at again from near, and parts are searched: all where the largest
    face is small or there is none, else those beside it.

    Args:
        picture: Blue, green and red.
        score: How sure the looks from near must be on average.
        beside: Whether smaller faces beside a large one are searched: two looks more.
    """
    height, width = picture.shape[:2]
    side = max(height, width)
    whole = Crop((width - side) // 2, (height - side) // 2, side)
    faces = _confirmed(picture, _look(picture, whole), score)
    views = _squares(width, height, 1)
    if not faces or faces[0].height < _ALONE * height:
        faces = _sorted([*faces, *_search(picture, views, score)])
    elif beside:
        # What is large was seen well, so only others count, and they are beside.
        others = _search(picture, views[:: max(1, len(views) - 1)], score)
        apart = [other for other in others if _apart(other, faces)]
        faces = _sorted([*faces, *apart])
    return faces or _search(picture, _squares(width, height, 0.5), score)


def _search(picture: Image, views: Sequence[Crop], score: float) -> tuple[Face, ...]:
    return _confirmed(picture, [face for view in views for face in _look(picture, view)], score)


def _squares(width: int, height: int, share: float) -> list[Crop]:
    """Return overlapping squares, this share of the shorter side large, that cover the whole picture."""
    side = round(share * min(width, height))
    columns = math.ceil(2 * width / side) - 1 if width > side else 1
    rows = math.ceil(2 * height / side) - 1 if height > side else 1
    return [
        Crop(round(left), round(top), side)
        for top in np.linspace(0, height - side, rows)
        for left in np.linspace(0, width - side, columns)
    ]


def _confirmed(picture: Image, found: Sequence[Face], score: float) -> tuple[Face, ...]:
    faces = []
    for face in _distinct(found)[:_MAX_DOUBTS]:
        if face.height >= _LARGE * picture.shape[0] and face.score >= _CERTAIN:
            faces.append(face)
            continue
        seen = [_look_again(picture, face, heights) for heights in _AROUND]
        if fmean(again.score for again in seen) >= score:
            faces.append(seen[0])
    return _sorted(faces)


def _sorted(faces: Sequence[Face]) -> tuple[Face, ...]:
    """Return each face once, the largest first."""
    return tuple(sorted(_distinct(faces), key=lambda face: face.height, reverse=True))


def _look_again(picture: Image, face: Face, heights: float) -> Face:
    """Return the face as seen from near; what is not there any more has the score 0."""
    side = max(1, round(heights * face.height))
    across, down = face.centre
    view = Crop(round(across - side / 2), round(down - side / 2), side)
    again = [seen for seen in _look(picture, view) if _overlap(seen, face) > 0]
    return max(again, key=lambda seen: seen.score, default=replace(face, score=0))


def _look(picture: Image, view: Crop) -> list[Face]:
    part = _brightened(_cut(picture, view))
    blob = cv2.dnn.blobFromImage(part, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
    with _turn:
        network, names = _network()
        network.setInput(blob)
        outputs = dict(zip(names, network.forward(names), strict=True))
    scores = outputs["classificators"].ravel()
    boxes = outputs["regressors"].reshape(-1, 16)[:, :4]
    found = np.flatnonzero(scores >= _WORTH_A_LOOK)
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


def _cut(picture: Image, view: Crop) -> Image:
    """Return the view at the network's size, black where it reaches beyond the picture."""
    scale = _SIDE / view.side
    left, right, across, wide = _shared(view.left, view.side, picture.shape[1])
    top, bottom, down, high = _shared(view.top, view.side, picture.shape[0])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    cut = np.zeros((_SIDE, _SIDE, 3), np.uint8)
    cut[down : down + high, across : across + wide] = cv2.resize(
        picture[top:bottom, left:right], (wide, high), interpolation=how
    )
    return cut


def _brightened(part: Image) -> Image:
    """Return a dark view with its brightest parts made as bright as usual."""
    brightest = float(np.percentile(part[::4, ::4], 99))
    if brightest >= _DIM:
        return part
    return np.asarray(cv2.convertScaleAbs(part, alpha=200 / max(brightest, 1)), np.uint8)


def _shared(start: int, side: int, size: int) -> tuple[int, int, int, int]:
    """Return what a view and the picture share in one direction.

    Returns:
        First and last pixel of the picture; first pixel and length at the network's size.
    """
    first = min(max(0, start), size - 1)
    last = max(first + 1, min(size, start + side))
    offset = min(_SIDE - 1, max(0, (first - start) * _SIDE // side))
    return first, last, offset, min(_SIDE - offset, max(1, (last - first) * _SIDE // side))


@cache
def _network() -> tuple[cv2.dnn.Net, list[str]]:
    # The default engine of OpenCV 5 gives only one of the two outputs.
    network = cv2.dnn.readNetFromTFLite(str(MODEL), engine=cv2.dnn.ENGINE_CLASSIC)
    return network, list(network.getUnconnectedOutLayersNames())


@cache
def _anchors() -> Floats:
    """Return centres that the network's boxes are relative to: two per cell of 16², six of 8²."""
    rows = []
    for cells, count in ((16, 2), (8, 6)):
        centres = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        across, down = np.meshgrid(centres, centres)
        rows.append(np.repeat(np.stack([across.ravel(), down.ravel()], axis=1), count, axis=0))
    return np.concatenate(rows)


def _distinct(faces: Sequence[Face]) -> list[Face]:
    """Return the best of rectangles that overlap, the best of all first."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: face.score, reverse=True):
        if _apart(face, kept):
            kept.append(face)
    return kept


def _apart(face: Face, others: Sequence[Face]) -> bool:
    return all(_overlap(face, other) < _OVERLAP for other in others)


def _overlap(one: Face, other: Face) -> float:
    """Return common area as a share of the smaller rectangle."""
    width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    height = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0
    return width * height / min(one.width * one.height, other.width * other.height)
