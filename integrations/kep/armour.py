"""Messages that programs write as text: base64, with or without the lines of PEM (RFC 7468)."""

from __future__ import annotations

import base64
import re
from typing import Final

from integrations.kep.der import SEQUENCE

_LINES: Final = re.compile(rb"-----(BEGIN|END) (CMS|PKCS7)-----")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def is_binary(data: bytes) -> bool:
    """Return whether the bytes begin as every message, certificate and CRL in BER or DER does."""
    return data[:1] == bytes((SEQUENCE,))


def remove_armour(data: bytes) -> bytes:
    """Return the bytes of a message in base64; anything else as it is, for its reader to judge."""
    if is_binary(data):
        return data
    try:
        return decode_lines(_LINES.sub(b"", data.removeprefix(_BYTE_ORDER_MARK)))
    except ValueError:
        return data


def decode_lines(text: str | bytes) -> bytes:
    """Return the bytes of base64 of the usual alphabet, broken into lines or not.

    Raises:
        ValueError: It is no base64.
    """
    joined = "".join(text.split()) if isinstance(text, str) else b"".join(text.split())
    return base64.b64decode(joined, validate=True)
