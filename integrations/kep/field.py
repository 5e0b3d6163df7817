"""Arithmetic in GF(2^m), polynomial basis, in pure Python.

An element is an ordinary integer whose bit i is the coefficient of x^i ("compact"). For
multiplication each coefficient is moved into a lane of nine bits ("spread"): the product of two
spread integers then holds in every lane the number of terms that met there, at most m <= 431
< 512, so no lane overflows and its lowest bit is the coefficient of the product. CPython's own
integer multiplication does the work, about twice as fast as shift-and-xor in Python code.

Nothing here runs in constant time. Verification handles public values only; see
:mod:`integrations.kep.envelope` for the one place where a secret is used.
"""

from __future__ import annotations

from functools import cached_property

LANE = 9
"""Bits per coefficient in the spread form; eight lanes fill exactly nine bytes."""


def _lanes(count: int) -> int:
    """Return an integer with the lowest bit of ``count`` lanes set."""
    return ((1 << LANE * count) - 1) // ((1 << LANE) - 1)


class BinaryField:
    """GF(2^m) modulo a trinomial or pentanomial.

    Args:
        degree: m, odd and at most 431.
        middle_terms: The exponents between m and 0 of the reduction polynomial.
    """

    def __init__(self, degree: int, middle_terms: tuple[int, ...]) -> None:
        self.degree = degree
        self.size = (degree + 7) // 8
        self.polynomial = (1 << degree) | 1
        for exponent in middle_terms:
            self.polynomial |= 1 << exponent
        self._taps = tuple(LANE * exponent for exponent in middle_terms)
        self._width = LANE * degree
        self._low = _lanes(degree)
        self._all = _lanes(2 * degree)

    def spread(self, value: int) -> int:
        """Convert a compact element to lanes: coefficient 8i + j is bit j of byte 9i + j."""
        lanes = bytearray(LANE * self.size)
        for bit in range(8):
            column = value & self._columns[bit]
            lanes[bit::LANE] = column.to_bytes(self.size, "little")
        return int.from_bytes(lanes, "little")

    def compact(self, lanes: int) -> int:
        """Convert lanes back to a compact element."""
        data = lanes.to_bytes(LANE * self.size, "little")
        value = 0
        for bit in range(8):
            value |= int.from_bytes(data[bit::LANE], "little")
        return value

    def mul(self, left: int, right: int) -> int:
        """Multiply two spread elements."""
        product = left * right & self._all
        high = product >> self._width
        product = product & self._low ^ high
        for tap in self._taps:
            product ^= high << tap
        high = product >> self._width
        if high:
            product = product & self._low ^ high
            for tap in self._taps:
                product ^= high << tap
        return product

    def sqr(self, value: int) -> int:
        """Square a spread element (CPython squares faster than it multiplies)."""
        return self.mul(value, value)

    def inverse(self, value: int) -> int:
        """Invert a compact, non-zero element by the extended Euclidean algorithm.

        Raises:
            ZeroDivisionError: The element is zero.
        """
        if not value:
            raise ZeroDivisionError("zero has no inverse")
        low, high = value, self.polynomial
        low_factor, high_factor = 1, 0
        while low != 1:
            shift = low.bit_length() - high.bit_length()
            if shift < 0:
                low, high = high, low
                low_factor, high_factor = high_factor, low_factor
                shift = -shift
            low ^= high << shift
            low_factor ^= high_factor << shift
        return self._reduce(low_factor)

    def sqrt(self, lanes: int) -> int:
        """Return the square root of a spread element: its 2^(m-1)-th power."""
        for _ in range(self.degree - 1):
            lanes = self.sqr(lanes)
        return lanes

    def trace(self, value: int) -> int:
        """Return the trace (0 or 1) of a compact element."""
        return (value & self._trace_mask).bit_count() & 1

    def half_trace(self, lanes: int) -> int:
        """Return z with z^2 + z = value for a spread value of trace 0 (m is odd)."""
        total = lanes
        for _ in range(self.degree // 2):
            total = self.sqr(self.sqr(total)) ^ lanes
        return total

    def _reduce(self, value: int) -> int:
        excess = value.bit_length() - self.degree
        while excess > 0:
            value ^= self.polynomial << (excess - 1)
            excess = value.bit_length() - self.degree
        return value

    @cached_property
    def _columns(self) -> tuple[int, ...]:
        ones = int.from_bytes(b"\x01" * self.size, "little")
        return tuple(ones << bit for bit in range(8))

    @cached_property
    def _trace_mask(self) -> int:
        """The basis elements of trace 1: the trace is linear, so a mask and a parity suffice.

        Newton's identities over GF(2) give the trace of x^i, the i-th power sum of the roots of
        the reduction polynomial, from the polynomial's own coefficients.
        """
        m = self.degree
        coefficient = [self.polynomial >> (m - i) & 1 for i in range(m + 1)]
        power_sums = [m & 1]
        for i in range(1, m):
            total = coefficient[i] & i
            for j in range(1, i):
                total ^= coefficient[j] & power_sums[i - j]
            power_sums.append(total & 1)
        return sum(bit << i for i, bit in enumerate(power_sums))
