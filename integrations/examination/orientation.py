"""The one thing that is read from EXIF before it is thrown away: how the picture is turned."""

import struct

from PIL.Image import Transpose

UPRIGHT = 1
QUARTER_TURNS = frozenset({5, 6, 7, 8})
TURN_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

_ORIENTATION_TAG = 0x0112
_SHORT = 3
_ENTRY_BYTES = 12


def read_orientation(tiff: bytes) -> int:
    """Read the Orientation tag (1 to 8, EXIF 2.32 §4.6.4) from a TIFF header and its first directory.

    Anything unreadable counts as upright: bad metadata is no reason to refuse a picture.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return UPRIGHT
    (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
    if directory + 2 > len(tiff):
        return UPRIGHT
    (entries,) = struct.unpack_from(f"{order}H", tiff, directory)
    for index in range(entries):
        entry = directory + 2 + index * _ENTRY_BYTES
        if entry + _ENTRY_BYTES > len(tiff):
            break
        tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if tag == _ORIENTATION_TAG:
            return value if kind == _SHORT and count == 1 and value in TURN_UPRIGHT else UPRIGHT
    return UPRIGHT


def orientation_only(orientation: int) -> bytes:
    """Build the smallest TIFF block that says how a picture is turned, and nothing else."""
    header = struct.pack("<4sIH", b"II*\0", 8, 1)
    return header + struct.pack("<HHIHxxI", _ORIENTATION_TAG, _SHORT, 1, orientation, 0)
