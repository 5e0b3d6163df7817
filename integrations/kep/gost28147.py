"""The block cipher ДСТУ ГОСТ 28147:2009 with the standard substitution table (ДКЕ no. 1).

Modes: gamma, gamma with feedback (CFB), the message code used in key wrapping, and the key wrap
of the national CMS profile (order of the Ministry of Justice and the State Service of Special
Communications of 18.12.2012 no. 739). Bytes are little-endian throughout.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from integrations.kep.errors import KepError, Reason

DKE: Final = bytes.fromhex(
    "a9d6eb45f13c708280c4967b231f5eadf658eba4c037291d38d96bf025ca4e17"
    "f8e9720dc615b43a28975f0bc1dea36438b564ea2c179fd0123e6db8fac57904"
)
"""The only substitution table accepted: eight rows of sixteen nibbles, packed."""

BLOCK: Final = 8
KEY: Final = 32
WRAPPED_KEY: Final = 44

_MASK: Final = 0xFFFFFFFF
_WRAP_IV: Final = bytes.fromhex("4adda22c79e82105")

Tables = tuple[list[int], list[int], list[int]]


@lru_cache(maxsize=1)
def round_tables() -> Tables:
    """Return substitution and rotation by 11 for bits 0–11, 12–23 and 24–32 of a sum of words.

    Bit 32 is a carry, without effect. Tables for half words would save one more step a round and
    lose more to the processor's cache.
    """
    nibbles = [nibble for byte in DKE for nibble in (byte >> 4, byte & 15)]
    rows = [nibbles[16 * row : 16 * row + 16] for row in range(8)]
    low, middle, high = (_substituted(rows, part) for part in ((0, 1, 2), (3, 4, 5), (6, 7)))
    return low, middle, high * 2


def _substituted(rows: list[list[int]], numbers: tuple[int, ...]) -> list[int]:
    """Return the substitution of some neighbouring nibbles, rotated, for each of their values."""
    words = [0]
    for number in numbers:
        words = [word | nibble << 4 * number for nibble in rows[number] for word in words]
    return [(word << 11 | word >> 21) & _MASK for word in words]


def encrypt_block(block: int, schedule: Sequence[int]) -> int:
    """Run the rounds of ``schedule`` over a 64-bit block and exchange the halves."""
    low, middle, high = round_tables()
    left, right = block & _MASK, block >> 32
    rounds = iter(schedule)
    for first, second in zip(rounds, rounds, strict=True):
        mixed = left + first
        right ^= low[mixed & 4095] ^ middle[mixed >> 12 & 4095] ^ high[mixed >> 24]
        mixed = right + second
        left ^= low[mixed & 4095] ^ middle[mixed >> 12 & 4095] ^ high[mixed >> 24]
    return right | left << 32


class Cipher:
    """One key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        words = [int.from_bytes(key[i : i + 4], "little") for i in range(0, KEY, 4)]
        self._encryption = words * 3 + words[::-1]
        self._code = words * 2

    def _encrypt(self, block: bytes) -> bytes:
        number = encrypt_block(int.from_bytes(block, "little"), self._encryption)
        return number.to_bytes(BLOCK, "little")

    def decrypt_cfb(self, data: bytes, iv: bytes) -> bytes:
        """Gamma with feedback: each gamma block is the encryption of the last cipher block."""
        plain = bytearray()
        feedback = iv
        for start in range(0, len(data), BLOCK):
            block = data[start : start + BLOCK]
            plain += _xor(block, self._encrypt(feedback))
            feedback = block
        return bytes(plain)

    def encrypt_cfb(self, data: bytes, iv: bytes) -> bytes:
        """Return the inverse of :meth:`decrypt_cfb`."""
        cipher = bytearray()
        feedback = iv
        for start in range(0, len(data), BLOCK):
            feedback = _xor(data[start : start + BLOCK], self._encrypt(feedback))
            cipher += feedback
        return bytes(cipher)

    def gamma(self, data: bytes, iv: bytes) -> bytes:
        """Gamma mode; encryption and decryption are the same."""
        counter = int.from_bytes(self._encrypt(iv), "little")
        low, high = counter & _MASK, counter >> 32
        result = bytearray()
        for start in range(0, len(data), BLOCK):
            low = low + 0x01010101 & _MASK
            high = (high + 0x01010104 - 1) % _MASK + 1
            block = encrypt_block(low | high << 32, self._encryption).to_bytes(BLOCK, "little")
            result += _xor(data[start : start + BLOCK], block)
        return bytes(result)

    def code(self, data: bytes) -> bytes:
        """Return the 32-bit message code (імітовставка) of whole blocks."""
        state = 0
        for start in range(0, len(data), BLOCK):
            block = int.from_bytes(data[start : start + BLOCK], "little")
            mixed = encrypt_block(state ^ block, self._code)
            # The code takes sixteen rounds and does not exchange the halves.
            state = mixed >> 32 | (mixed & _MASK) << 32
        return (state & _MASK).to_bytes(4, "little")

    def wrap_key(self, key: bytes, iv: bytes) -> bytes:
        """Wrap a content key under this key; ``iv`` is eight random bytes."""
        inner = iv + self.encrypt_cfb(key + self.code(key), iv)
        return self.encrypt_cfb(inner[::-1], _WRAP_IV)

    def unwrap_key(self, wrapped: bytes) -> bytes:
        """Unwrap a content key.

        Raises:
            KepError: ``malformed`` for a wrong length, ``bad_signature`` when the code does not
                fit: the message is for another key or was changed.
        """
        if len(wrapped) != WRAPPED_KEY:
            raise KepError(Reason.MALFORMED, "wrapped key has a wrong length")
        inner = self.decrypt_cfb(wrapped, _WRAP_IV)[::-1]
        opened = self.decrypt_cfb(inner[BLOCK:], inner[:BLOCK])
        key, code = opened[:KEY], opened[KEY:]
        if not hmac.compare_digest(self.code(key), code):
            raise KepError(Reason.BAD_SIGNATURE, "wrapped key fails its check")
        return key


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))
