"""The segments of a JPEG file (ITU-T T.81, annex B), walked in linear time and without decoding."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

START: Final = b"\xff\xd8"
START_OF_SCAN: Final = 0xDA
MAX_SEGMENTS: Final = 20_000
"""Each costs the walker a microsecond; the longest files of encoders have some hundreds."""

_END_OF_IMAGE: Final = 0xD9
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
# One FF only: a pattern that took all of them would begin anew at each, which is quadratic.
_MARKER: Final = re.compile(rb"\xff[^\x00\xff]")
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_FILL: Final = b"\xff"


class JpegDamaged(ValueError):
    """The bytes are not what the format says they must be."""


class JpegCutShort(JpegDamaged):
    """The end of the picture is missing."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    Attributes:
        code: The second byte of its marker.
        payload: What its length covers, without the length; empty for markers without one.
        scan: The compressed data that follows the head of a scan, without fill bytes at its end.
        is_apart: Something that belongs to no segment stands before it; decoders skip that.
    """

    code: int
    payload: bytes
    scan: bytes
    is_apart: bool


def segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments between the start and the end of the image.

    Raises:
        JpegDamaged: A segment has no length, or there are absurdly many.
        JpegCutShort: The file ends before the end of the image.
    """
    position = len(START)
    for _ in range(MAX_SEGMENTS):
        marker = _MARKER.search(data, position)
        if marker is None:
            if data[position:].strip(_FILL):
                raise JpegDamaged("something other than a segment")
            raise JpegCutShort("the end is missing")
        is_apart = bool(data[position : marker.start()].strip(_FILL))
        code = data[marker.end() - 1]
        position = marker.end()
        if code == _END_OF_IMAGE:
            if is_apart:
                # Told as a segment, so that a strict reader can refuse it.
                yield Segment(code, b"", b"", is_apart)
            return
        if code in _WITHOUT_LENGTH:
            yield Segment(code, b"", b"", is_apart)
            continue
        start, position = position, _end_of(data, position)
        payload, scan = data[start + 2 : position], b""
        if code == START_OF_SCAN:
            end = _END_OF_SCAN.search(data, position)
            if end is None:
                raise JpegCutShort("the end is missing")
            scan = data[position : end.start()].rstrip(_FILL)
            position = end.start()
        yield Segment(code, payload, scan, is_apart)
    raise JpegDamaged("too many segments")


def _end_of(data: bytes, start: int) -> int:
    length = int.from_bytes(data[start : start + 2], "big")
    if length < 2:
        raise JpegDamaged("a segment without a length")
    if start + length > len(data):
        raise JpegCutShort("a segment is cut short")
    return start + length
