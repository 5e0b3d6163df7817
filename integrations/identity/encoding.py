"""Strict readings of base64url and JSON: one text, one meaning, or ValueError."""

import base64
import binascii
import json
from typing import NoReturn


def decode_base64url(text: str) -> bytes:
    """Decode base64url without padding (RFC 7515 section 2).

    The standard decoder skips foreign letters and spare bits, so that many texts mean the same
    bytes; here exactly one does.

    Raises:
        ValueError: Any other text.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64url") from None
    if encode_base64url(data) != text:
        raise ValueError("not canonical base64url")
    return data


def encode_base64url(data: bytes) -> str:
    """Encode bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_json(data: bytes) -> object:
    """Read JSON in UTF-8, refusing what readers understand differently.

    Raises:
        ValueError: A member twice at any depth, NaN or Infinity, a number of thousands of digits,
            nesting deeper than the reader follows, no JSON, or not UTF-8.
    """
    try:
        value: object = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None
    return value


def decode_json_object(data: bytes) -> dict[str, object]:
    """Read a JSON object, see `decode_json`.

    Raises:
        ValueError: Something else, or what `decode_json` refuses.
    """
    value = decode_json(data)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a JSON member occurs twice")
    return members


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("not a JSON number")
