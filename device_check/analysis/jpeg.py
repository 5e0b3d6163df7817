"""JPEG files from strangers: looked through before OpenCV sees them, then decoded small."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from device_check.analysis.opencv import MOST_PIXELS, cv2
from device_check.analysis.result import InputError, UnusableInput

Image = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
"""Rows, columns and (for colour) blue, green and red, 0 to 255."""

MOST_BYTES: Final = 600 * 1024
LEAST_SIDE: Final = 64
MOST_ASPECT: Final = 4
MOST_SCANS: Final = 40
"""Each scan of a progressive file walks the whole picture again; encoders make about ten."""

LONGEST_SIDE: Final = 480
"""Measures of sharpness mean nothing unless pictures are shrunk to about the same size."""
_ENLARGED_SIDE: Final = 320
"""Smaller pictures are enlarged to this and no further: enlarging blurs."""

_START = b"\xff\xd8"
_SOF_DECODABLE: Final = frozenset({0xC0, 0xC1, 0xC2})
_SOF_OTHER: Final = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SOS, _EOI = 0xDA, 0xD9
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True)
class Header:
    """Width and height in pixels as stored, before any turn that EXIF asks for."""

    width: int
    height: int


def read_header(data: bytes) -> Header:
    """Walks through all segments of a JPEG file without decoding anything.

    Raises:
        UnusableInput: It is no JPEG file, is cut short, has too many pixels or octets, or is of a
            kind that no camera makes.
    """
    if not data:
        raise UnusableInput(InputError.EMPTY, "the image has no bytes")
    if len(data) > MOST_BYTES:
        raise UnusableInput(InputError.TOO_LARGE, f"more than {MOST_BYTES} bytes")
    if not data.startswith(_START):
        raise UnusableInput(InputError.NOT_JPEG, "no JPEG signature")
    header, scans, position = None, 0, len(_START)
    while True:
        code, position = _next_marker(data, position)
        if code == _EOI:
            break
        if code in _WITHOUT_LENGTH:
            continue
        start, position = position, _end_of_segment(data, position)
        if code in _SOF_OTHER or (code in _SOF_DECODABLE and header):
            raise UnusableInput(InputError.UNREADABLE, "a kind of JPEG that cameras do not make")
        if code in _SOF_DECODABLE:
            header = _read_frame(data[start:position])
        elif code == _SOS:
            scans += 1
            position = _end_of_scan(data, position)
    if header is None or not scans:
        raise UnusableInput(InputError.TRUNCATED, "the file has no picture")
    if scans > MOST_SCANS:
        raise UnusableInput(InputError.UNREADABLE, f"more than {MOST_SCANS} scans")
    return header


def decode(data: bytes, header: Header) -> Image:
    """Decodes a JPEG file to blue, green and red, at most `LONGEST_SIDE` pixels long.

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
    scale = min(max(longest, _ENLARGED_SIDE), LONGEST_SIDE) / longest
    size = (round(width * scale), round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    picture = cv2.resize(picture, size, interpolation=how)
    return picture.astype(np.uint8, copy=False)


def _flags(header: Header) -> int:
    """The decoder halves a picture for less than it costs to decode and then shrink it."""
    longest = max(header.width, header.height)
    if longest >= 4 * LONGEST_SIDE:
        return cv2.IMREAD_REDUCED_COLOR_4
    return cv2.IMREAD_REDUCED_COLOR_2 if longest >= 2 * LONGEST_SIDE else cv2.IMREAD_COLOR


def _next_marker(data: bytes, position: int) -> tuple[int, int]:
    """The code of the marker here, and where its segment starts."""
    if data[position : position + 1] not in {b"\xff", b""}:
        raise UnusableInput(InputError.UNREADABLE, "something other than a segment")
    while data[position : position + 1] == b"\xff":
        position += 1
    if position >= len(data):
        raise UnusableInput(InputError.TRUNCATED, "the end of the picture is missing")
    if data[position] == 0:
        # Decoders skip it as fill and would find segments where this walk sees one with a length.
        raise UnusableInput(InputError.UNREADABLE, "something other than a segment")
    return data[position], position + 1


def _end_of_segment(data: bytes, position: int) -> int:
    length = int.from_bytes(data[position : position + 2], "big")
    if length < 2:
        raise UnusableInput(InputError.UNREADABLE, "a segment without a length")
    if position + length > len(data):
        raise UnusableInput(InputError.TRUNCATED, "a segment is cut short")
    return position + length


def _end_of_scan(data: bytes, position: int) -> int:
    found = _END_OF_SCAN.search(data, position)
    if found is None:
        raise UnusableInput(InputError.TRUNCATED, "the end of the picture is missing")
    return found.start()


def _read_frame(segment: bytes) -> Header:
    """Length, precision, height, width, number of components (ITU-T T.81, B.2.2)."""
    if len(segment) < 8 or segment[2] != 8 or segment[7] not in {1, 3, 4}:
        raise UnusableInput(InputError.UNREADABLE, "a kind of JPEG that cameras do not make")
    height = int.from_bytes(segment[3:5], "big")
    width = int.from_bytes(segment[5:7], "big")
    if width * height > MOST_PIXELS:
        raise UnusableInput(InputError.TOO_MANY_PIXELS, f"more than {MOST_PIXELS} pixels")
    short, long = sorted((width, height))
    if short < LEAST_SIDE or long > MOST_ASPECT * short:
        raise UnusableInput(InputError.UNREADABLE, "no camera makes pictures of this shape")
    return Header(width, height)
