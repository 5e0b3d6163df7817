"""Arithmetic in GF(2^m): the laws of a field, and agreement with a naive multiplication."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from integrations.kep.curves import CURVES
from integrations.kep.field import BinaryField

FIELDS = [curve.field for curve in CURVES]
elements = st.sampled_from(FIELDS).flatmap(
    lambda field: st.tuples(
        st.just(field), *[st.integers(0, (1 << field.degree) - 1) for _ in range(3)]
    )
)


def product(field: BinaryField, left: int, right: int) -> int:
    return field.compact(field.mul(field.spread(left), field.spread(right)))


def naive_product(field: BinaryField, left: int, right: int) -> int:
    result = 0
    while right:
        if right & 1:
            result ^= left
        right >>= 1
        left <<= 1
        if left >> field.degree:
            left ^= field.polynomial
    return result


@settings(deadline=None)
@given(elements)
def test_multiplication__equals_shift_and_add(case: tuple[BinaryField, int, int, int]) -> None:
    field, a, b, _ = case
    assert product(field, a, b) == naive_product(field, a, b)


@settings(deadline=None)
@given(elements)
def test_field__keeps_its_laws(case: tuple[BinaryField, int, int, int]) -> None:
    field, a, b, c = case
    assert product(field, a, b) == product(field, b, a)
    assert product(field, a, product(field, b, c)) == product(field, product(field, a, b), c)
    assert product(field, a, b ^ c) == product(field, a, b) ^ product(field, a, c)
    assert field.compact(field.sqr(field.spread(a))) == product(field, a, a)


@settings(deadline=None)
@given(elements)
def test_inverse__times_the_element_is_one(case: tuple[BinaryField, int, int, int]) -> None:
    field, a, _, _ = case
    assume(a)
    assert product(field, a, field.inverse(a)) == 1


def test_inverse__of_zero_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        FIELDS[0].inverse(0)


@settings(deadline=None)
@given(elements)
def test_trace__is_the_sum_of_the_conjugates(case: tuple[BinaryField, int, int, int]) -> None:
    field, a, _, _ = case
    power = total = field.spread(a)
    for _ in range(field.degree - 1):
        power = field.sqr(power)
        total ^= power
    assert field.compact(total) == field.trace(a)


@settings(deadline=None)
@given(elements)
def test_half_trace__solves_the_quadratic(case: tuple[BinaryField, int, int, int]) -> None:
    field, a, _, _ = case
    value = field.spread(a ^ field.trace(a))
    z = field.half_trace(value)
    assert field.sqr(z) ^ z == value


def test_every_product__fits_its_lanes() -> None:
    for field in FIELDS:
        ones = (1 << field.degree) - 1
        assert product(field, ones, ones) == naive_product(field, ones, ones)
