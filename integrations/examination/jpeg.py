"""The structure of a JPEG (ITU-T T.81 Annex B): walked segment by segment, metadata left out."""

import struct
from dataclasses import dataclass

from integrations.examination.formats import ImageDamaged
from integrations.examination.jpeg_segments import (
    START,
    START_OF_SCAN,
    JpegDamaged,
    Segment,
    segments,
)
from integrations.examination.jpeg_tables import TABLES, Table, Tables, used
from integrations.examination.orientation import UPRIGHT, read_orientation
from integrations.examination.profiles import is_profile

_END_OF_IMAGE = 0xD9
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

_EXIF = b"Exif\0\0"
_ICC = b"ICC_PROFILE\0"
_JFIF_BYTES = 14
_ADOBE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG without metadata.

    Attributes:
        content: The same compressed picture, bit for bit, with no metadata, no table that no scan uses and
            nothing after its end.
        width, height: Pixels by the frame header.
        scans: Passes over the picture; each costs the decoder time.
        orientation: 1 to 8 as EXIF had it.
        is_overdrawn: One scan hides what an earlier one has drawn.
    """

    content: bytes
    width: int
    height: int
    scans: int
    orientation: int
    is_overdrawn: bool


def read_jpeg(data: bytes) -> Jpeg:
    """Walk the segments and keep those that decoding and colour need (A-46).

    Kept are frame, scans, the tables that they use, JFIF without its thumbnail, Adobe APP14 and the ICC profile.

    Raises:
        ImageDamaged: The frame is missing or doubled, or the end is missing.
    """
    try:
        return _read(data)
    except JpegDamaged as error:
        raise ImageDamaged(str(error)) from error


def _read(data: bytes) -> Jpeg:
    kept: list[tuple[Segment, bytes | list[Table]]] = []
    tables = Tables()
    frame: tuple[int, int] | None = None
    orientation = UPRIGHT
    scans = 0
    has_profile = is_profile(_profile(data))
    for segment in segments(data):
        code, payload = segment.code, segment.payload
        if code in _FRAMES:
            if frame is not None:
                raise ImageDamaged("one frame header is expected")
            tables.frame(code, payload)
            height, width = struct.unpack_from(">HH", payload, 1)
            frame = (width, height)
        elif code == START_OF_SCAN:
            scans += 1
            tables.scan(payload)
        elif code == _APP1 and payload.startswith(_EXIF) and orientation == UPRIGHT:
            orientation = read_orientation(payload[len(_EXIF) :])
        essential = (
            tables.define(code, payload)
            if code in TABLES
            else _essential(code, payload, has_profile=has_profile)
        )
        if essential is not None:
            kept.append((segment, essential))
    if frame is None or 0 in frame or not scans:
        raise ImageDamaged("no picture")
    return Jpeg(_joined(kept), frame[0], frame[1], scans, orientation, tables.is_overdrawn)


def _joined(kept: list[tuple[Segment, bytes | list[Table]]]) -> bytes:
    """Write the segments again, without tables that turned out to be of no use."""
    parts = [START]
    for segment, essential in kept:
        payload = used(essential) if isinstance(essential, list) else essential
        if isinstance(essential, list) and not payload:
            continue
        head = struct.pack(">BBH", 0xFF, segment.code, len(payload) + 2)
        parts += [head, payload, segment.scan]
    parts.append(bytes((0xFF, _END_OF_IMAGE)))
    return b"".join(parts)


def _profile(data: bytes) -> bytes:
    """Return the colour profile, whose numbered parts (ICC.1, B.4) stand in their order; nothing when they do not."""
    parts = [
        segment.payload
        for segment in segments(data)
        if segment.code == _APP2 and segment.payload.startswith(_ICC)
    ]
    numbered = (
        [bytes((number, len(parts))) for number in range(1, len(parts) + 1)]
        if len(parts) < 256
        else []
    )
    if [part[len(_ICC) : len(_ICC) + 2] for part in parts] != numbered:
        return b""
    return b"".join(part[len(_ICC) + 2 :] for part in parts)


def _essential(code: int, payload: bytes, *, has_profile: bool) -> bytes | None:
    """Return the part of a segment that the picture needs, None when it needs nothing of it."""
    if code in _FRAMES or code == START_OF_SCAN:
        return payload
    if code == _APP0 and payload.startswith(b"JFIF\0") and len(payload) >= _JFIF_BYTES:
        return payload[: _JFIF_BYTES - 2] + b"\0\0"
    if code == _APP2 and payload.startswith(_ICC):
        return payload if has_profile else None
    if code == _APP14 and payload.startswith(b"Adobe") and len(payload) >= _ADOBE_BYTES:
        return payload[:_ADOBE_BYTES]
    return None
