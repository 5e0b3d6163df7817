"""Measures of one still: light, contrast, sharpness, and whether there is a scene at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.jpeg import Image
from device_check.analysis.opencv import cv2

BLOWN: Final = 250
"""Luma from which on nothing is to be seen any more."""
_CELLS: Final = (32, 18)
_LEVELS: Final = np.arange(256, dtype=np.float64)
_TILE: Final = 24
_PLAIN_SPREAD: Final = 1.5
"""Tiles of nothing but noise differ by no more than this from each other."""
_SECOND_DIFFERENCES: Final = (
    (np.array([[0, 0, 0], [1, -2, 1], [0, 0, 0]], np.float32), 1.0),
    (np.array([[0, 1, 0], [0, -2, 0], [0, 1, 0]], np.float32), 1.0),
    (np.array([[1, 0, 0], [0, -2, 0], [0, 0, 1]], np.float32), 0.5),
    (np.array([[0, 0, 1], [0, -2, 0], [1, 0, 0]], np.float32), 0.5),
)
"""Across, down and both diagonals, whose pixels are further apart and so differ more."""


@dataclass(frozen=True)
class Light:
    """What one still shows, in luma of 0 to 255.

    Attributes:
        luma: Mean.
        highlights: 95th percentile.
        blown: Share of pixels at `BLOWN` and above.
        contrast: Standard deviation.
        entropy: Bits per pixel.
        structure: Standard deviation of what is left of a coarse picture without its gradient.
        detail: Fine detail beyond the noise in the sharpest places, as a share of the contrast.
        noise: Standard deviation of the noise in the plainest places.
    """

    luma: float
    highlights: float
    blown: float
    contrast: float
    entropy: float
    structure: float
    detail: float
    noise: float


def measure_light(grey: Image) -> Light:
    """Measure a grey picture."""
    shares = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel() / grey.size
    luma = float(shares @ _LEVELS)
    contrast = float(np.sqrt(shares @ (_LEVELS - luma) ** 2))
    present = shares[shares > 0]
    detail, noise = _sharpness(grey, contrast)
    return Light(
        luma=luma,
        highlights=float(np.searchsorted(np.cumsum(shares), 0.95)),
        blown=float(shares[BLOWN:].sum()),
        contrast=contrast,
        entropy=abs(float(present @ np.log2(present))),
        structure=_structure(grey),
        detail=detail,
        noise=noise,
    )


def detail_of(grey: Image) -> float:
    """Return fine detail of a part of a picture, as `Light.detail` of a whole one."""
    contrast = float(np.std(grey))
    return _sharpness(grey, contrast)[0]


def _gradients() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return orthonormal base of all quadratic surfaces over the cells."""
    across, down = np.meshgrid(np.linspace(-1, 1, _CELLS[0]), np.linspace(-1, 1, _CELLS[1]))
    surfaces = [np.ones_like(across), across, down, across * down, across**2, down**2]
    return np.linalg.qr(np.stack([surface.ravel() for surface in surfaces], axis=1))[0]


_SURFACES: Final = _gradients()


def _structure(grey: Image) -> float:
    """Return a finger on the lens or a plain wall leaves nothing but noise and a gradient."""
    cells = cv2.resize(grey, _CELLS, interpolation=cv2.INTER_AREA).ravel().astype(np.float64)
    return float(np.std(cells - _SURFACES @ (_SURFACES.T @ cells)))


def _sharpness(grey: Image, contrast: float) -> tuple[float, float]:
    """Return detail and noise by second differences, tile by tile.

    White noise of deviation s gives every tile a mean square of 6 s² (the sum of the kernel's
    squares). The plainest tiles tell the noise, the sharpest are what is in focus. A moving
    camera smears in one direction, so the poorest of four directions counts.
    """
    size = (max(1, grey.shape[1] // _TILE), max(1, grey.shape[0] // _TILE))
    details, plainest = [], []
    for kernel, share in _SECOND_DIFFERENCES:
        differences = cv2.filter2D(grey, cv2.CV_16S, kernel)
        squares = cv2.multiply(differences, differences, dtype=cv2.CV_32F)
        tiles = cv2.resize(squares, size, interpolation=cv2.INTER_AREA)
        plain, sharp = np.percentile(tiles, (10, 90))
        details.append(share * max(0.0, float(sharp - _PLAIN_SPREAD * plain)))
        plainest.append(float(plain))
    return min(details) / max(contrast, 1) ** 2, float(np.sqrt(min(plainest) / 6))
