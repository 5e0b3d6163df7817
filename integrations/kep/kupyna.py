"""The hash function ДСТУ 7564:2014 («Купина») with digests of 256, 384 and 512 bits.

The state is a list of columns of eight bytes, each column one little-endian 64-bit integer.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

SIZES: Final = (32, 48, 64)
"""Digest lengths in bytes."""

_SUBSTITUTION: Final = tuple(
    bytes.fromhex(table)
    for table in (
        "a8435f066b756c5971df879517f0d8096df31dcbc94d2caf79e097fd6f4b4539"
        "3edda34fb4b69a0e1fbf15e149d293c692729e61d163faeef419d5ad58a4bba1"
        "dcf2833742e47a329cccab4a8f6e04272ee7e25a9616232bc265660fbca94741"
        "3448fcb76a88a55386f95bdb387bc31e2233242836c7b23b8e77baf5149f0855"
        "9b4cfe605cda1846cd7d21b03f1b89ffeb84693a9dd7d3706740b5de5d3091b1"
        "781101e5006898a0c502a6742d0ba276b3becebdaee98a311cecf19994aaf626"
        "2fefe88c3503d47ffb05c15e90203d82f7ea0a0d7ef8501ac40757b83c62e3c8"
        "ac526410d0d9130c122951b9cfd6738d8154c0ed4e44a72a8525e6ca7c8b5680",
        "cebbeb92eacb13c1e93ad6b2d29017f8421556b4651c8843c55c36baf557678d"
        "31f664589ef422aa750f02b1df6d734d7c262ef7085d443e9f14c8ae5410d8bc"
        "1a6b69f3bd33abfad19b684e169591ee4c638e5bcc3c19a181497bd96f3760ca"
        "e72b48fd9645fc41120d79e5898ce32030dcb76c4ab53f97d4622d06a4a5835f"
        "2adac9007ea255bf11d59ccf0e0a3d517d931bfec44709860b8f9d6a07b9b098"
        "1832714bef3b70a0e440ffc3a9e678f98b46801e38e1b8a8e00c23761d252405"
        "f16e94289a84e8a34f77d385e252f282507a2f7453b361af3935decd1f99acad"
        "722cddd087be5ea6ec04c60334fbdb59b6c201f05aeda766217f8a27c7c029d7",
        "93d99ab5982245fcba6adf029fdc51594a172bc294f4bba362e471d4cd7016e1"
        "493cc0d85c9bad8553a17ac82de0d172a62cc4e37678b7b4093b0e414cdeb290"
        "25a5d7031100c32e92ef4e129d7dcb3510d54f9e4da955c6d07b1897d336e648"
        "56818f77cc9cb9e2acb82f15a47cda381e0b05d6146e6c7e66fdb1e560af5e33"
        "87c9f05d6d3f888dc7f71de9eced802927cf99a8500f3724283095d23e5b4083"
        "b369571f071c8abc20ebce8eabee31a273f9ca3a1afb0dc1fefaf26fbd96dd43"
        "52b608f3aebe19893226b0ea4b6484826bf579bf015f75631b233d682a65e891"
        "f6ff1358f1470a7fc5a7e7615a0646444204a0db398654aa8c34218bf80c7467",
        "688dca4d734b4e2ad45226b3541e191f2203463d2d4a5383138ab7d52579f5bd"
        "582f0d02ed519e11f23e555ed1163c66705df34540cce8945608ce1a3ad2e1df"
        "b5386e0ee5f4f986e94fd68523cf32993114aeeec848d330a19241b118c42c71"
        "724415fd37be5faa9b88d8ab899cfa60eabc620c24a6a8ec6720db7c28ddac5b"
        "347e10f17b8f63a0059a437721bf2709c39fb6d729c2ebc0a48b8c1dfbffc1b2"
        "972ef865f67507044933e4d9b9d042c76c90008e6f5001c5da473fcd69a2e27a"
        "a7c6930f0a06e62b96a31caf6a128439e7b082f7fe9d875c8135deb4a5fc80ef"
        "cbbb6b76ba5a7d780b95e3ad74983b36646ddcf059a94c177f91b8c9571be061",
    )
)
_MATRIX_ROW: Final = (1, 1, 5, 1, 8, 6, 7, 4)
_POLYNOMIAL: Final = 0x11D
_LOW_64: Final = (1 << 64) - 1
_PLUS: Final = 0x00F0F0F0F0F0F0F3

State = list[int]


def digest(data: bytes, size: int) -> bytes:
    """Return the digest of ``data``; ``size`` is its length in bytes, one of :data:`SIZES`.

    Raises:
        ValueError: There is no digest of this length.
    """
    if size not in SIZES:
        raise ValueError(f"a digest has {SIZES} bytes, not {size}")
    columns = 8 if size <= 32 else 16
    block = 8 * columns
    padding = -(len(data) + 13) % block
    padded = data + b"\x80" + bytes(padding) + (8 * len(data)).to_bytes(12, "little")
    state = [block] + [0] * (columns - 1)
    for start in range(0, len(padded), block):
        message = _columns(padded[start : start + block])
        mixed = _permute_xor([a ^ b for a, b in zip(state, message, strict=True)])
        added = _permute_plus(message)
        state = [a ^ b ^ c for a, b, c in zip(state, mixed, added, strict=True)]
    final = [a ^ b for a, b in zip(state, _permute_xor(state), strict=True)]
    return b"".join(column.to_bytes(8, "little") for column in final)[-size:]


def _columns(data: bytes) -> State:
    return [int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data), 8)]


def _permute_xor(state: State) -> State:
    """Return the permutation T⊕: the round constant is xored to the first byte of each column."""
    for number in range(_rounds(state)):
        state = _mix([word ^ (i << 4) ^ number for i, word in enumerate(state)])
    return state


def _permute_plus(state: State) -> State:
    """Return the permutation T+: the round constant is added to each column modulo 2^64."""
    last = len(state) - 1
    for number in range(_rounds(state)):
        state = _mix(
            [
                word + _PLUS + ((((last - i) << 4) + number) << 56) & _LOW_64
                for i, word in enumerate(state)
            ]
        )
    return state


def _rounds(state: State) -> int:
    return 10 if len(state) == 8 else 14


def _mix(state: State) -> State:
    """Substitution, shift of rows and multiplication by the matrix, through tables."""
    t0, t1, t2, t3, t4, t5, t6, t7 = _tables()
    last = 7 if len(state) == 8 else 11
    return [
        t0[state[i] & 255]
        ^ t1[state[i - 1] >> 8 & 255]
        ^ t2[state[i - 2] >> 16 & 255]
        ^ t3[state[i - 3] >> 24 & 255]
        ^ t4[state[i - 4] >> 32 & 255]
        ^ t5[state[i - 5] >> 40 & 255]
        ^ t6[state[i - 6] >> 48 & 255]
        ^ t7[state[i - last] >> 56]
        for i in range(len(state))
    ]


@lru_cache(maxsize=1)
def _tables() -> tuple[list[int], ...]:
    """For each row: what an byte there contributes to its whole column."""
    return tuple(
        [_column(row, _SUBSTITUTION[row % 4][byte]) for byte in range(256)] for row in range(8)
    )


def _column(row: int, byte: int) -> int:
    column = 0
    for i in range(8):
        column |= _multiply(byte, _MATRIX_ROW[(row - i) % 8]) << 8 * i
    return column


def _multiply(byte: int, factor: int) -> int:
    """Multiply in GF(2^8)."""
    product = 0
    while factor:
        if factor & 1:
            product ^= byte
        factor >>= 1
        byte <<= 1
        if byte >> 8:
            byte ^= _POLYNOMIAL
    return product
