"""Optional speed: the binary-curve arithmetic of the system's OpenSSL, through ctypes.

OpenSSL's own test vectors do not cover the ДСТУ 4145 curves, so every curve is compared with the
Python code before its first use; where a symbol is missing (some distributions drop binary curves)
or an answer differs, the Python code works alone. A verdict never depends on which of the two ran.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from integrations.kep.curves import Curve
from integrations.kep.points import Affine, Arithmetic, PythonArithmetic, base_point

logger = logging.getLogger(__name__)

SWITCH: Final = "KEP_ACCELERATOR"
"""Environment variable; the value ``off`` keeps everything in Python."""

_POINTER = ctypes.c_void_p
_INT = ctypes.c_int
_SIGNATURES: Final[dict[str, tuple[type | None, tuple[type, ...]]]] = {
    "BN_new": (_POINTER, ()),
    "BN_free": (None, (_POINTER,)),
    "BN_CTX_new": (_POINTER, ()),
    "BN_CTX_free": (None, (_POINTER,)),
    "BN_lebin2bn": (_POINTER, (ctypes.c_char_p, _INT, _POINTER)),
    "BN_bn2lebinpad": (_INT, (_POINTER, ctypes.c_char_p, _INT)),
    "BN_GF2m_mod_inv": (_INT, (_POINTER,) * 4),
    "BN_GF2m_mod_solve_quad": (_INT, (_POINTER,) * 4),
    "EC_GROUP_new_curve_GF2m": (_POINTER, (_POINTER,) * 4),
    "EC_GROUP_free": (None, (_POINTER,)),
    "EC_GROUP_set_generator": (_INT, (_POINTER,) * 4),
    "EC_POINT_new": (_POINTER, (_POINTER,)),
    "EC_POINT_free": (None, (_POINTER,)),
    "EC_POINT_set_affine_coordinates": (_INT, (_POINTER,) * 5),
    "EC_POINT_get_affine_coordinates": (_INT, (_POINTER,) * 5),
    "EC_POINT_is_at_infinity": (_INT, (_POINTER, _POINTER)),
    "EC_POINT_mul": (_INT, (_POINTER,) * 6),
    "ERR_clear_error": (None, ()),
}


class AcceleratorError(Exception):
    """The library could not do it; the Python code answers instead."""


class _Library:
    """The functions that we call, with their argument types."""

    def __init__(self, handle: ctypes.CDLL) -> None:
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(handle, name)
            function.restype = result
            function.argtypes = arguments
        self.call = handle

    def check(self, outcome: int | None) -> int:
        """Pass a non-zero outcome on.

        Raises:
            AcceleratorError: The call failed. The error queue is shared with Python's ssl module
                and is left empty.
        """
        if not outcome:
            self.call.ERR_clear_error()
            raise AcceleratorError
        return outcome


class _Scratch:
    """Numbers and points of one calculation, freed together; never shared between threads."""

    def __init__(self, library: _Library) -> None:
        self._library = library
        self._numbers: list[int] = []
        self._points: list[int] = []
        self.context = library.check(library.call.BN_CTX_new())

    def number(self, value: int = 0) -> int:
        data = value.to_bytes((value.bit_length() + 7) // 8 or 1, "little")
        call = self._library.call
        number = self._library.check(call.BN_lebin2bn(data, len(data), None))
        self._numbers.append(number)
        return number

    def point(self, group: int) -> int:
        point = self._library.check(self._library.call.EC_POINT_new(group))
        self._points.append(point)
        return point

    def read(self, number: int, size: int) -> int:
        buffer = ctypes.create_string_buffer(size)
        written = self._library.call.BN_bn2lebinpad(number, buffer, size)
        self._library.check(written == size)
        return int.from_bytes(buffer.raw, "little")

    def free(self) -> None:
        for point in self._points:
            self._library.call.EC_POINT_free(point)
        for number in self._numbers:
            self._library.call.BN_free(number)
        self._library.call.BN_CTX_free(self.context)


class AcceleratedCurve:
    """One curve inside OpenSSL; does what :class:`PythonArithmetic` does, with the same answers."""

    def __init__(self, library: _Library, curve: Curve) -> None:
        self._library = library
        self._curve = curve
        self._python = PythonArithmetic(curve)
        # Read by every thread and kept as long as the process.
        self._constants = _Scratch(library)
        number = self._constants.number
        self._polynomial = number(curve.field.polynomial)
        call, check, context = library.call, library.check, self._constants.context
        a, b = number(curve.a), number(curve.b)
        self._group = check(call.EC_GROUP_new_curve_GF2m(self._polynomial, a, b, context))
        base = self._constants.point(self._group)
        x, y = number(curve.base_x), number(curve.base_y)
        check(call.EC_POINT_set_affine_coordinates(self._group, base, x, y, context))
        order, cofactor = number(curve.order), number(curve.cofactor)
        check(call.EC_GROUP_set_generator(self._group, base, order, cofactor))

    @contextmanager
    def _scratch(self) -> Iterator[_Scratch]:
        scratch = _Scratch(self._library)
        try:
            yield scratch
        finally:
            scratch.free()

    def inverse(self, value: int) -> int:
        """See :class:`Arithmetic`."""
        try:
            return self._field_operation(self._library.call.BN_GF2m_mod_inv, value)
        except AcceleratorError:
            return self._python.inverse(value)

    def solve_quadratic(self, value: int) -> int:
        """See :class:`Arithmetic`."""
        try:
            return self._field_operation(self._library.call.BN_GF2m_mod_solve_quad, value)
        except AcceleratorError:
            return self._python.solve_quadratic(value)

    def combine(
        self, *, base_scalar: int, scalar: int, point: Affine, lasting: bool = False
    ) -> int | None:
        """See :class:`Arithmetic`."""
        try:
            return self._combine(base_scalar, scalar, point)
        except AcceleratorError:
            return self._python.combine(
                base_scalar=base_scalar, scalar=scalar, point=point, lasting=lasting
            )

    def _field_operation(self, function: Callable[..., int], value: int) -> int:
        with self._scratch() as scratch:
            result = scratch.number()
            argument, context = scratch.number(value), scratch.context
            self._library.check(function(result, argument, self._polynomial, context))
            return scratch.read(result, self._curve.size)

    def _combine(self, base_scalar: int, scalar: int, point: Affine) -> int | None:
        call, check, group = self._library.call, self._library.check, self._group
        field = self._curve.field
        with self._scratch() as scratch:
            context, result = scratch.context, scratch.point(group)
            x = scratch.number(field.compact(point[0]))
            y = scratch.number(field.compact(field.mul(point[0], point[0] ^ point[1])))
            check(call.EC_POINT_set_affine_coordinates(group, result, x, y, context))
            factors = scratch.number(base_scalar), scratch.number(scalar)
            check(call.EC_POINT_mul(group, result, factors[0], result, factors[1], context))
            if call.EC_POINT_is_at_infinity(group, result):
                return None
            check(call.EC_POINT_get_affine_coordinates(group, result, x, y, context))
            return scratch.read(x, self._curve.size)


def arithmetic(curve: Curve) -> Arithmetic:
    """Return the fastest arithmetic that may be used for a curve."""
    if os.environ.get(SWITCH, "").lower() == "off":
        return PythonArithmetic(curve)
    return _accelerated(curve) or PythonArithmetic(curve)


@lru_cache(maxsize=16)
def _accelerated(curve: Curve) -> AcceleratedCurve | None:
    library = _library()
    if library is None:
        return None
    try:
        candidate = AcceleratedCurve(library, curve)
    except AcceleratorError:
        logger.warning("libcrypto refuses the curve %s: using Python", curve.name)
        return None
    if not agrees_with_python(curve, candidate):
        logger.error("libcrypto computes wrongly on the curve %s: using Python", curve.name)
        return None
    return candidate


def agrees_with_python(curve: Curve, candidate: Arithmetic) -> bool:
    """Compare an arithmetic with the Python code on fixed inputs."""
    python = PythonArithmetic(curve)
    base = base_point(curve)
    first, second = curve.order // 3, curve.order // 5 * 2 + 1
    for base_scalar, scalar in ((first, second), (curve.order - 7, 7), (1, 1), (0, second)):
        ours = python.combine(base_scalar=base_scalar, scalar=scalar, point=base)
        if candidate.combine(base_scalar=base_scalar, scalar=scalar, point=base) != ours:
            return False
    square = curve.field.compact(curve.field.sqr(base[0]))
    root = candidate.solve_quadratic(square ^ curve.base_x)
    return root | 1 == curve.base_x | 1 and candidate.inverse(square) == python.inverse(square)


@lru_cache(maxsize=1)
def _library() -> _Library | None:
    names = [ctypes.util.find_library("crypto"), "libcrypto.so.3", "libcrypto.so.1.1"]
    for name in filter(None, names):
        try:
            return _Library(ctypes.CDLL(name))
        except (OSError, AttributeError):
            continue
    logger.info("no libcrypto with binary curves: signatures are verified in Python")
    return None
