"""Points of a ДСТУ 4145 curve: decoding, subgroup check and multiplication.

A finite point (x, y) with x != 0 is kept as (x, λ) with λ = x + y/x; while adding, as the triple
(X, L, Z) with x = X/Z and λ = L/Z ("lambda coordinates", Oliveira, López, Aranha and
Rodríguez-Henríquez 2014), where a doubling costs four multiplications and a mixed addition eight.
The one point with x = 0 has order two and never enters: every point here has prime order n.
All coordinates are spread field elements; ``None`` is the point at infinity.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from integrations.kep.curves import Curve
from integrations.kep.errors import KepError, Reason

Affine = tuple[int, int]
Projective = tuple[int, int, int]

_Track = tuple[dict[int, int], list[Affine]]
"""Signed digits of a number by their position, and the odd multiples that they stand for."""

_WINDOW = 5
_LASTING_WINDOW = 6
_BASE_WINDOW = 8


class Arithmetic(Protocol):
    """The three slow operations on one curve, which OpenSSL can do instead of Python."""

    def inverse(self, value: int) -> int:
        """Return 1/value for compact elements."""
        ...

    def solve_quadratic(self, value: int) -> int:
        """Return either z with z^2 + z = value, compact, for a value of trace 0."""
        ...

    def combine(
        self, *, base_scalar: int, scalar: int, point: Affine, lasting: bool = False
    ) -> int | None:
        """Return the compact x of base_scalar·P + scalar·point, None for infinity.

        ``lasting`` tells that the point will come again, so that its multiples are worth keeping.
        """
        ...


class PythonArithmetic:
    """The reference implementation."""

    def __init__(self, curve: Curve) -> None:
        self._curve = curve

    def inverse(self, value: int) -> int:
        """See :class:`Arithmetic`."""
        return self._curve.field.inverse(value)

    def solve_quadratic(self, value: int) -> int:
        """See :class:`Arithmetic`."""
        field = self._curve.field
        return field.compact(field.half_trace(field.spread(value)))

    def combine(
        self, *, base_scalar: int, scalar: int, point: Affine, lasting: bool = False
    ) -> int | None:
        """See :class:`Arithmetic`."""
        sum_of = multiply_lasting if lasting else multiply
        result = sum_of(self._curve, base_scalar=base_scalar, scalar=scalar, point=point)
        return None if result is None else self._curve.field.compact(result[0])


def decode_point(curve: Curve, encoded: bytes, arithmetic: Arithmetic) -> Affine:
    """Decode a compressed public key (ДСТУ 4145-2002, 6.9–6.10), bytes little-endian.

    The lowest bit stands for the trace of y/x; the lowest bit of x itself is restored from the
    trace of x, which equals A for every point of order n.

    Args:
        curve: The curve of the key.
        encoded: The bytes of the field element.
        arithmetic: Who computes.

    Returns:
        The point as (x, λ), on the curve and of order n.

    Raises:
        KepError: ``bad_parameters`` when no point of order n has this encoding.
    """
    field = curve.field
    value = int.from_bytes(encoded, "little")
    if len(encoded) != curve.size or value.bit_length() > curve.degree:
        raise KepError(Reason.BAD_PARAMETERS, "public key has a wrong length")
    x = value & ~1
    if field.trace(x) != curve.a:
        x ^= 1
    if not x:
        raise KepError(Reason.BAD_PARAMETERS, "public key is a point of order two")
    x_lanes = field.spread(x)
    inverse = field.spread(arithmetic.inverse(x))
    # With y = xz the equation of the curve becomes z^2 + z = x + A + B/x^2.
    right = x_lanes ^ curve.a ^ field.mul(curve.b_spread, field.sqr(inverse))
    right_side = field.compact(right)
    if field.trace(right_side):
        raise KepError(Reason.BAD_PARAMETERS, "public key is not on the curve")
    z = arithmetic.solve_quadratic(right_side)
    if field.trace(z) != value & 1:
        z ^= 1
    point = (x_lanes, x_lanes ^ field.spread(z))
    if not has_prime_order(curve, point, arithmetic):
        raise KepError(Reason.BAD_PARAMETERS, "public key is outside the group of order n")
    return point


def from_affine(curve: Curve, x: int, y: int) -> Affine:
    """Check that compact (x, y) is on the curve and of order n, and return (x, λ).

    Raises:
        KepError: ``bad_parameters``.
    """
    field = curve.field
    if not x or max(x, y).bit_length() > curve.degree:
        raise KepError(Reason.BAD_PARAMETERS, "coordinates out of range")
    x_lanes, y_lanes = field.spread(x), field.spread(y)
    square = field.sqr(x_lanes)
    left = field.sqr(y_lanes) ^ field.mul(x_lanes, y_lanes)
    if left ^ field.mul(square, x_lanes) ^ curve.a * square != curve.b_spread:
        raise KepError(Reason.BAD_PARAMETERS, "point is not on the curve")
    point = (x_lanes, x_lanes ^ field.mul(y_lanes, field.spread(field.inverse(x))))
    if not has_prime_order(curve, point, PythonArithmetic(curve)):
        raise KepError(Reason.BAD_PARAMETERS, "point is outside the group of order n")
    return point


def has_prime_order(curve: Curve, point: Affine, arithmetic: Arithmetic) -> bool:
    """Return whether n·point is infinity, without multiplying.

    The group is cyclic of order h·n with h = 2 or 4, so the points of order n are the multiples
    of h. A point is twice another one when the trace of its x is A. For h = 4 one of its halves
    must be so again: with λ'^2 + λ' = x + A a half has x'^2 = y + x(λ' + 1), and squaring keeps
    the trace. The other half differs by the point of order two, itself a double, so either will do.
    """
    field = curve.field
    x, lam = point
    abscissa = field.compact(x)
    if field.trace(abscissa) != curve.a:
        return False
    if curve.cofactor == 2:
        return True
    half = field.spread(arithmetic.solve_quadratic(abscissa ^ curve.a))
    y = field.mul(x, x ^ lam)
    half_square = y ^ field.mul(x, half ^ 1)
    return field.trace(field.compact(half_square)) == curve.a


def negate(point: Affine) -> Affine:
    """Return -point."""
    return point[0], point[1] ^ 1


def double(curve: Curve, point: Projective) -> Projective:
    """Double a point of odd order (its double is never infinity)."""
    mul, sqr = curve.field.mul, curve.field.sqr
    x, lam, z = point
    lam_z = mul(lam, z)
    z_square = sqr(z)
    slope = sqr(lam) ^ lam_z ^ curve.a * z_square
    new_x = sqr(slope)
    new_z = mul(slope, z_square)
    new_lam = sqr(mul(x, z)) ^ new_x ^ mul(slope, lam_z) ^ new_z
    return new_x, new_lam, new_z


def add(curve: Curve, left: Projective, right: Affine) -> Projective | None:
    """Add an affine point, whichever two points of order n they are."""
    mul, sqr = curve.field.mul, curve.field.sqr
    x, lam, z = left
    scaled_x = mul(right[0], z)
    slope = lam ^ mul(right[1], z)
    if scaled_x == x:
        return None if slope else double(curve, left)
    difference = sqr(x ^ scaled_x)
    slope_x = mul(slope, scaled_x)
    slope_z = mul(slope, difference)
    new_x = mul(mul(slope, x), slope_x)
    new_lam = sqr(slope_x ^ difference) ^ mul(slope_z, lam ^ z)
    return new_x, new_lam, mul(slope_z, z)


def normalize(curve: Curve, points: list[Projective]) -> list[Affine]:
    """Bring points to affine form with one inversion for all (Montgomery's trick)."""
    field = curve.field
    products = [1]
    for point in points:
        products.append(field.mul(products[-1], point[2]))
    inverse = field.spread(field.inverse(field.compact(products[-1])))
    affine: list[Affine] = []
    for point, product in zip(reversed(points), reversed(products[:-1]), strict=True):
        z_inverse = field.mul(inverse, product)
        inverse = field.mul(inverse, point[2])
        affine.append((field.mul(point[0], z_inverse), field.mul(point[1], z_inverse)))
    return affine[::-1]


def _odd_multiples(curve: Curve, point: Affine, window: int) -> list[Affine]:
    """Return point, 3·point, 5·point … for signed digits of ``window`` bits."""
    [twice] = normalize(curve, [double(curve, (*point, 1))])
    multiples: list[Projective] = [(*point, 1)]
    for _ in range((1 << (window - 2)) - 1):
        following = add(curve, multiples[-1], twice)
        if following is None:
            raise ArithmeticError("a small multiple of a point of order n is infinity")
        multiples.append(following)
    return normalize(curve, multiples)


@lru_cache(maxsize=10)
def base_point(curve: Curve) -> Affine:
    """Return the base point P of the curve."""
    return from_affine(curve, curve.base_x, curve.base_y)


@lru_cache(maxsize=128)
def _kept_multiples(curve: Curve, point: Affine, window: int) -> list[Affine]:
    return _odd_multiples(curve, point, window)


@lru_cache(maxsize=64)
def _upper_point(curve: Curve, point: Affine) -> Affine:
    """Return 2^h·point, what the upper half of a factor is a factor of."""
    upper: Projective = (*point, 1)
    for _ in range(_lower_bits(curve)):
        upper = double(curve, upper)
    [affine] = normalize(curve, [upper])
    return affine


def _lower_bits(curve: Curve) -> int:
    return curve.degree // 2 + 1


def _signed_digits(scalar: int, window: int) -> dict[int, int]:
    """Return {position: odd digit}, the non-adjacent form of width ``window``."""
    digits: dict[int, int] = {}
    position = 0
    while scalar:
        if scalar & 1:
            digit = scalar & ((1 << window) - 1)
            if digit >> (window - 1):
                digit -= 1 << window
            digits[position] = digit
            scalar -= digit
        scalar >>= 1
        position += 1
    return digits


def multiply(curve: Curve, *, base_scalar: int, scalar: int, point: Affine) -> Affine | None:
    """Return base_scalar·P + scalar·point, P being the base point of the curve.

    Args:
        curve: The curve of the point.
        base_scalar: Factor of the base point, not negative.
        scalar: Factor of ``point``, not negative.
        point: A point of order n.
    """
    base = _kept_multiples(curve, base_point(curve), _BASE_WINDOW)
    return _sum(
        curve,
        [
            (_signed_digits(scalar, _WINDOW), _odd_multiples(curve, point, _WINDOW)),
            (_signed_digits(base_scalar, _BASE_WINDOW), base),
        ],
    )


def multiply_lasting(
    curve: Curve, *, base_scalar: int, scalar: int, point: Affine
) -> Affine | None:
    """Do what :func:`multiply` does for a point that will come again, an authority's key.

    Both factors are cut in halves, and the multiples for all four are kept: half the doublings.
    """
    lower = _lower_bits(curve)
    tracks: list[_Track] = []
    for factor, place, window in (
        (scalar, point, _LASTING_WINDOW),
        (base_scalar, base_point(curve), _BASE_WINDOW),
    ):
        for half, at in (
            (factor & ((1 << lower) - 1), place),
            (factor >> lower, _upper_point(curve, place)),
        ):
            tracks.append((_signed_digits(half, window), _kept_multiples(curve, at, window)))
    return _sum(curve, tracks)


def _sum(curve: Curve, tracks: list[_Track]) -> Affine | None:
    """Add up what the digits of all tracks stand for, from the highest position down."""
    top = max((position for digits, _ in tracks for position in digits), default=-1)
    total: Projective | None = None
    for position in range(top, -1, -1):
        if total is not None:
            total = double(curve, total)
        for digits, multiples in tracks:
            digit = digits.get(position)
            if digit is None:
                continue
            term = multiples[abs(digit) >> 1]
            if digit < 0:
                term = negate(term)
            total = (*term, 1) if total is None else add(curve, total, term)
    return None if total is None else normalize(curve, [total])[0]
