"""JPEG files from strangers: looked through before OpenCV sees them, then decoded small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.opencv import MAX_PIXELS, cv2
from device_check.analysis.result import InputError, UnusableInput
from integrations.examination.jpeg_segments import (
    START,
    START_OF_SCAN,
    JpegCutShort,
    JpegDamaged,
    Segment,
    segments,
)

Image = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
"""Rows, columns and (for colour) blue, green and red, 0 to 255."""

MAX_BYTES: Final = 600 * 1024
MIN_SIDE: Final = 64
MAX_ASPECT: Final = 4
MAX_SCANS: Final = 40
"""Each scan of a progressive file walks the whole picture again; encoders make about ten."""

MAX_SIDE: Final = 480
"""Measures of sharpness mean nothing unless pictures are shrunk to about the same size."""
_ENLARGED_SIDE: Final = 320
"""Smaller pictures are enlarged to this and no further: enlarging blurs."""

_SOF_DECODABLE: Final = frozenset({0xC0, 0xC1, 0xC2})
_SOF_OTHER: Final = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


@dataclass(frozen=True)
class Header:
    """Width and height in pixels as stored, before any turn that EXIF asks for."""

    width: int
    height: int


def read_header(data: bytes) -> Header:
    """Walk through all segments of a JPEG file without decoding anything.

    Raises:
        UnusableInput: It is no JPEG file, is cut short, has too many pixels or bytes, or is of a
            kind that no camera makes.
    """
    if not data:
        raise UnusableInput(InputError.EMPTY, "the image has no bytes")
    if len(data) > MAX_BYTES:
        raise UnusableInput(InputError.TOO_LARGE, f"more than {MAX_BYTES} bytes")
    if not data.startswith(START):
        raise UnusableInput(InputError.NOT_JPEG, "no JPEG signature")
    header, scans = None, 0
    for segment in _strict(data):
        if segment.code in _SOF_OTHER or (segment.code in _SOF_DECODABLE and header):
            raise UnusableInput(InputError.UNREADABLE, "a kind of JPEG that cameras do not make")
        if segment.code in _SOF_DECODABLE:
            header = _read_frame(segment.payload)
        elif segment.code == START_OF_SCAN:
            scans += 1
    if header is None or not scans:
        raise UnusableInput(InputError.TRUNCATED, "the file has no picture")
    if scans > MAX_SCANS:
        raise UnusableInput(InputError.UNREADABLE, f"more than {MAX_SCANS} scans")
    return header


def decode(data: bytes, header: Header) -> Image:
    """Decode a JPEG file to blue, green and red, at most `MAX_SIDE` pixels long.

    The turn that EXIF asks for is made: a telephone held upright shows an upright face.

    Args:
        data: The file.
        header: What `read_header` said of it.

    Raises:
        UnusableInput: The picture cannot be decoded.
    """
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), _flags(header))
    except cv2.error as error:
        raise UnusableInput(InputError.UNREADABLE, "the picture cannot be decoded") from error
    if picture is None:
        raise UnusableInput(InputError.TRUNCATED, "the picture cannot be decoded")
    height, width = picture.shape[:2]
    longest = max(width, height)
    scale = min(max(longest, _ENLARGED_SIDE), MAX_SIDE) / longest
    size = (round(width * scale), round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    picture = cv2.resize(picture, size, interpolation=how)
    return picture.astype(np.uint8, copy=False)


def _flags(header: Header) -> int:
    """Return the decoder halves a picture for less than it costs to decode and then shrink it."""
    longest = max(header.width, header.height)
    if longest >= 4 * MAX_SIDE:
        return cv2.IMREAD_REDUCED_COLOR_4
    return cv2.IMREAD_REDUCED_COLOR_2 if longest >= 2 * MAX_SIDE else cv2.IMREAD_COLOR


def _strict(data: bytes) -> Iterator[Segment]:
    """Yield the segments of a file in which nothing else stands: decoders may skip it otherwise than we do."""
    try:
        for segment in segments(data):
            if segment.is_apart:
                raise UnusableInput(InputError.UNREADABLE, "something other than a segment")
            yield segment
    except JpegCutShort as error:
        raise UnusableInput(InputError.TRUNCATED, str(error)) from error
    except JpegDamaged as error:
        raise UnusableInput(InputError.UNREADABLE, str(error)) from error


def _read_frame(payload: bytes) -> Header:
    """Return precision, height, width, number of components (ITU-T T.81, B.2.2)."""
    if len(payload) < 6 or payload[0] != 8 or payload[5] not in {1, 3, 4}:
        raise UnusableInput(InputError.UNREADABLE, "a kind of JPEG that cameras do not make")
    height = int.from_bytes(payload[1:3], "big")
    width = int.from_bytes(payload[3:5], "big")
    if width * height > MAX_PIXELS:
        raise UnusableInput(InputError.TOO_MANY_PIXELS, f"more than {MAX_PIXELS} pixels")
    short, long = sorted((width, height))
    if short < MIN_SIDE or long > MAX_ASPECT * short:
        raise UnusableInput(InputError.UNREADABLE, "no camera makes pictures of this shape")
    return Header(width, height)
