"""ДСТУ 4145: curves, points, signatures, and the accelerator beside the Python code."""

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.kep import dstu4145, gost34311, libcrypto
from integrations.kep.curves import CURVES, Curve
from integrations.kep.errors import KepError, Reason
from integrations.kep.points import (
    Arithmetic,
    PythonArithmetic,
    add,
    base_point,
    decode_point,
    has_prime_order,
    multiply,
    multiply_lasting,
    negate,
    normalize,
)
from sandbox.authority.keys import M257, DstuPrivateKey, base_bytes

CASES = pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
FAST = [curve for curve in CURVES if curve.degree <= 191]


@cache
def times(curve: Curve, scalar: int) -> tuple[int, int] | None:
    return multiply(curve, base_scalar=scalar, scalar=0, point=base_point(curve))


@CASES
def test_base_point__is_on_the_curve_and_has_order_n(curve: Curve) -> None:
    assert times(curve, curve.order) is None
    assert times(curve, curve.order + 1) == base_point(curve)
    assert times(curve, curve.order - 1) == negate(base_point(curve))


@CASES
def test_base_point__survives_compression(curve: Curve) -> None:
    data = base_bytes(curve)
    assert decode_point(curve, data, PythonArithmetic(curve)) == base_point(curve)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(FAST), st.integers(0, 2**200), st.integers(0, 2**200))
def test_multiplication__is_linear(curve: Curve, a: int, b: int) -> None:
    base = base_point(curve)
    expected = times(curve, (a + b) % curve.order)
    for function in (multiply, multiply_lasting):
        assert function(curve, base_scalar=a, scalar=b, point=base) == expected


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FAST[:2]), st.integers(-9, 9), st.integers(-9, 9))
def test_addition__of_any_two_small_multiples(curve: Curve, a: int, b: int) -> None:
    left, right = times(curve, a % curve.order), times(curve, b % curve.order)
    if left is None or right is None:
        return
    total = add(curve, (*left, 1), right)
    expected = times(curve, (a + b) % curve.order)
    assert (total and normalize(curve, [total])[0]) == expected


@CASES
def test_subgroup__points_outside_are_refused(curve: Curve) -> None:
    """The cheap test agrees with n·Q for points of every order, found from random x."""
    field, seed = curve.field, random.Random(curve.degree)
    seen = set()
    while len(seen) < 2:
        x = seed.getrandbits(curve.degree) | 2
        right = field.spread(x) ^ curve.a
        inverse = field.spread(field.inverse(x))
        right ^= field.mul(curve.b_spread, field.sqr(inverse))
        if field.trace(field.compact(right)):
            continue
        point = (field.spread(x), field.spread(x) ^ field.half_trace(right))
        small = doubled_n_times(curve, point)
        outcome = has_prime_order(curve, point, PythonArithmetic(curve))
        assert outcome == small
        seen.add(outcome)


def doubled_n_times(curve: Curve, point: tuple[int, int]) -> bool:
    """Tells whether n·point is infinity by affine double-and-add on (x, y)."""
    field = curve.field
    x, y = point[0], field.mul(point[0], point[0] ^ point[1])
    total: tuple[int, int] | None = None
    for bit in bin(curve.order)[2:]:
        if total is not None:
            total = affine_sum(curve, total, total)
        if bit == "1":
            total = (x, y) if total is None else affine_sum(curve, total, (x, y))
    return total is None


def affine_sum(
    curve: Curve, left: tuple[int, int] | None, right: tuple[int, int]
) -> tuple[int, int] | None:
    """The textbook formulas, as in the standard."""
    field = curve.field
    if left is None:
        return right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2:
        if y1 != y2 or not x1:
            return None
        slope = x1 ^ field.mul(y1, field.spread(field.inverse(field.compact(x1))))
        x3 = field.sqr(slope) ^ slope ^ curve.a
        return x3, field.sqr(x1) ^ field.mul(slope ^ 1, x3)
    slope = field.mul(y1 ^ y2, field.spread(field.inverse(field.compact(x1 ^ x2))))
    x3 = field.sqr(slope) ^ slope ^ x1 ^ x2 ^ curve.a
    return x3, field.mul(slope, x1 ^ x3) ^ x3 ^ y1


@CASES
def test_signature__verifies_and_any_change_is_noticed(curve: Curve) -> None:
    key = DstuPrivateKey("signer", curve)
    data = b"signed octets"
    digest = gost34311.digest(data)
    value = key.sign(data, key.digest)
    assert dstu4145.verify(curve, key.encoded, digest, value)
    assert not dstu4145.verify(curve, key.encoded, b"\0" + digest[1:], value)
    assert not dstu4145.verify(curve, key.encoded, digest, value[:-1] + bytes((value[-1] ^ 1,)))
    other = DstuPrivateKey("other", curve)
    assert not dstu4145.verify(curve, other.encoded, digest, value)


@pytest.mark.parametrize(("r", "s"), [(0, 0), (0, 5), (5, 0), (M257.order, 5), (5, M257.order)])
def test_signature__numbers_out_of_range(r: int, s: int) -> None:
    value = r.to_bytes(33, "little") + s.to_bytes(33, "little")
    assert dstu4145.split_signature(M257, value) is None


def test_signature__halves_may_be_longer_or_shorter_than_the_order() -> None:
    key = DstuPrivateKey("signer")
    value = key.sign(b"x", key.digest)
    longer = value[:32] + b"\0" + value[32:] + b"\0"
    assert dstu4145.split_signature(M257, longer) == dstu4145.split_signature(M257, value)
    assert dstu4145.split_signature(M257, b"\5\6") == (5, 6)
    assert dstu4145.split_signature(M257, value + b"\0") is None


def test_digest__of_zero_counts_as_one() -> None:
    assert dstu4145.digest_to_field(M257, bytes(32)) == 1
    assert dstu4145.digest_to_field(M257, b"\xff" * 64) == (1 << 257) - 1


@pytest.mark.parametrize("encoded", [b"", bytes(32), bytes(33), bytes(34), b"\xff" * 33])
def test_public_key__wrong_encodings_are_refused(encoded: bytes) -> None:
    with pytest.raises(KepError) as refusal:
        dstu4145.decoded_key(M257, encoded)
    assert refusal.value.reason is Reason.BAD_PARAMETERS


def test_public_key__half_of_all_x_are_not_on_the_curve() -> None:
    outcomes = set()
    for x in range(2, 40, 2):
        try:
            decode_point(M257, x.to_bytes(33, "little"), PythonArithmetic(M257))
            outcomes.add("point")
        except KepError as error:
            outcomes.add(error.detail)
    assert outcomes >= {"point", "public key is not on the curve"}


@CASES
def test_accelerator__is_the_same_function(curve: Curve) -> None:
    accelerated = libcrypto.arithmetic(curve)
    python, seed = PythonArithmetic(curve), random.Random(1)
    base = base_point(curve)
    for _ in range(3):
        a, b = seed.randrange(curve.order), seed.randrange(curve.order)
        results = {
            calculation.combine(base_scalar=a, scalar=b, point=base, lasting=lasting)
            for calculation in (accelerated, python)
            for lasting in (False, True)
        }
        assert len(results) == 1
    assert accelerated.combine(base_scalar=1, scalar=curve.order - 1, point=base) is None
    value = seed.getrandbits(curve.degree) | 1
    assert accelerated.inverse(value) == python.inverse(value)
    solvable = value ^ curve.field.trace(value)
    assert accelerated.solve_quadratic(solvable) | 1 == python.solve_quadratic(solvable) | 1


class Liar(PythonArithmetic):
    """Computes one thing wrongly."""

    def __init__(self, curve: Curve, wrong: str) -> None:
        super().__init__(curve)
        self.wrong = wrong

    def inverse(self, value: int) -> int:
        return super().inverse(value) ^ (self.wrong == "inverse")

    def solve_quadratic(self, value: int) -> int:
        return super().solve_quadratic(value) ^ 2 * (self.wrong == "solve")

    def combine(
        self, *, base_scalar: int, scalar: int, point: tuple[int, int], lasting: bool = False
    ) -> int | None:
        if self.wrong == "infinity" and base_scalar + scalar == self._curve.order:
            return 1
        x = super().combine(base_scalar=base_scalar, scalar=scalar, point=point, lasting=lasting)
        return x if x is None else x ^ (self.wrong == "combine")


@pytest.mark.parametrize("wrong", ["inverse", "solve", "combine", "infinity"])
def test_accelerator__that_computes_wrongly_is_found_out(wrong: str) -> None:
    honest: Arithmetic = PythonArithmetic(M257)
    assert libcrypto.agrees_with_python(M257, honest)
    assert not libcrypto.agrees_with_python(M257, Liar(M257, wrong))


def test_accelerator__can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(libcrypto.SWITCH, "off")
    assert isinstance(libcrypto.arithmetic(M257), PythonArithmetic)


def test_accelerator__missing_symbols_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_SIGNATURES", {"EC_no_such_function": (None, ())})
    libcrypto._library.cache_clear()
    libcrypto._accelerated.cache_clear()
    try:
        assert isinstance(libcrypto.arithmetic(M257), PythonArithmetic)
    finally:
        libcrypto._library.cache_clear()
        libcrypto._accelerated.cache_clear()
