"""Colour profiles (ICC.1): kept only when they are profiles, because anything else could stand there."""

import zlib
from typing import Final

_HEAD_BYTES: Final = 128
_SIGNATURE: Final = b"acsp"
_MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024
_MAX_NAME_BYTES: Final = 79
_DEFLATE: Final = b"\0"


def is_profile(data: bytes) -> bool:
    """Return whether the head says so, and that it is as long as it is."""
    return (
        _HEAD_BYTES <= len(data) <= _MAX_PROFILE_BYTES
        and int.from_bytes(data[:4], "big") == len(data)
        and data[36:40] == _SIGNATURE
    )


def is_packed_profile(body: bytes) -> bool:
    """Return whether an iCCP chunk is a name and one compressed profile, and nothing more; inflated within bounds."""
    name, _, rest = body.partition(b"\0")
    if not 1 <= len(name) <= _MAX_NAME_BYTES or not rest.startswith(_DEFLATE):
        return False
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(rest[1:], _MAX_PROFILE_BYTES + 1)
    except zlib.error:
        return False
    return unpacker.eof and not unpacker.unused_data and is_profile(profile)
