"""Messages that programs write as text: base64, with or without the lines of PEM (RFC 7468)."""

from __future__ import annotations

import base64
import binascii
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
    text = _LINES.sub(b"", data.removeprefix(_BYTE_ORDER_MARK))
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        return data
