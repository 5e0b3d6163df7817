"""The hash function ГОСТ 34.311-95 with the standard substitution table and a zero start value."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from integrations.kep.gost28147 import encrypt_block

_BLOCK: Final = 32
_LOW_64: Final = (1 << 64) - 1
_LOW_256: Final = (1 << 256) - 1
_C3: Final = 0xFF00FFFF000000FFFF0000FF00FFFF0000FF00FF00FF00FFFF00FF00FF00FF00


def digest(data: bytes) -> bytes:
    """Return the 32-byte digest of ``data``."""
    state = total = 0
    for start in range(0, len(data), _BLOCK):
        block = int.from_bytes(data[start : start + _BLOCK], "little")
        state = _step(state, block)
        total += block
    state = _step(state, len(data) * 8)
    return _step(state, total & _LOW_256).to_bytes(_BLOCK, "little")


def _step(state: int, block: int) -> int:
    """Return the step function: encrypt the state under keys made of both, then mix."""
    encrypted = 0
    for i, schedule in enumerate(_schedules(state, block)):
        part = state >> 64 * i & _LOW_64
        encrypted |= encrypt_block(part, schedule) << 64 * i
    for _ in range(12):
        encrypted = _psi(encrypted)
    return _psi_61(state ^ _psi(block ^ encrypted))


def _schedules(state: int, block: int) -> list[list[int]]:
    """Return the four key schedules: eight words forward three times, then backward."""
    schedules = []
    for i in range(4):
        if i:
            state = _rotate(state) ^ (_C3 if i == 2 else 0)
            block = _rotate(_rotate(block))
        data = (state ^ block).to_bytes(_BLOCK, "little")
        words = [int.from_bytes(data[k::8], "little") for k in range(8)]
        schedules.append(words * 3 + words[::-1])
    return schedules


def _rotate(value: int) -> int:
    """Return the transformation A: four parts of 64 bits move down, the sum of the last two comes in."""
    return value >> 64 | ((value ^ value >> 64) & _LOW_64) << 192


def _psi(value: int) -> int:
    """Return the shift register ψ over sixteen words of 16 bits."""
    feedback = value ^ value >> 16 ^ value >> 32 ^ value >> 48 ^ value >> 192 ^ value >> 240
    return value >> 16 | (feedback & 0xFFFF) << 240


def _psi_61(value: int) -> int:
    mixed = 0
    for byte, (low, high) in zip(value.to_bytes(_BLOCK, "little"), _psi_61_tables(), strict=True):
        mixed ^= low[byte & 15] ^ high[byte >> 4]
    return mixed


@lru_cache(maxsize=1)
def _psi_61_tables() -> list[tuple[list[int], list[int]]]:
    """Return a table for each half of each byte: sixty-one steps of the register are linear."""
    images = []
    for bit in range(256):
        image = 1 << bit
        for _ in range(61):
            image = _psi(image)
        images.append(image)
    halves = [_table(images[start : start + 4]) for start in range(0, 256, 4)]
    return list(zip(halves[::2], halves[1::2], strict=True))


def _table(images: list[int]) -> list[int]:
    """Return the images of all values of some bits from those of the bits."""
    table = [0]
    for image in images:
        table += [entry ^ image for entry in table]
    return table
