"""Verification of ДСТУ 4145-2002 signatures."""

from __future__ import annotations

from functools import lru_cache

from integrations.kep import libcrypto
from integrations.kep.curves import Curve
from integrations.kep.points import Affine, decode_point


def digest_to_field(curve: Curve, digest: bytes) -> int:
    """Turn a digest into a field element: little-endian, cut to m bits, zero becomes one."""
    value = int.from_bytes(digest, "little") & ((1 << curve.degree) - 1)
    return value or 1


def split_signature(curve: Curve, signature: bytes) -> tuple[int, int] | None:
    """Split r ‖ s (equal little-endian halves of any length that can hold n).

    Returns:
        (r, s) when 0 < r < n and 0 < s < n, else None.
    """
    half, odd = divmod(len(signature), 2)
    if odd or not half:
        return None
    r = int.from_bytes(signature[:half], "little")
    s = int.from_bytes(signature[half:], "little")
    return (r, s) if 0 < r < curve.order and 0 < s < curve.order else None


def verify(
    curve: Curve, public_key: bytes, digest: bytes, signature: bytes, *, lasting: bool = False
) -> bool:
    """Verify a signature over a digest (ДСТУ 4145-2002, section 13).

    Args:
        curve: A curve of the closed table.
        public_key: Compressed point, little-endian.
        digest: Hash of the signed bytes.
        signature: r ‖ s, little-endian.
        lasting: Whether the key will come again: an authority's.

    Raises:
        KepError: ``bad_parameters`` when the key is no point of order n.
    """
    point = decoded_key(curve, public_key)
    numbers = split_signature(curve, signature)
    if numbers is None:
        return False
    r, s = numbers
    x = libcrypto.arithmetic(curve).combine(base_scalar=s, scalar=r, point=point, lasting=lasting)
    if x is None:
        return False
    field = curve.field
    element = field.spread(digest_to_field(curve, digest))
    product = field.compact(field.mul(element, field.spread(x)))
    return product & ((1 << (curve.order.bit_length() - 1)) - 1) == r


@lru_cache(maxsize=256)
def decoded_key(curve: Curve, public_key: bytes) -> Affine:
    """Decode and check a public key; the keys of authorities come again and again.

    Raises:
        KepError: ``bad_parameters`` when the key is no point of order n.
    """
    return decode_point(curve, public_key, libcrypto.arithmetic(curve))
