"""Speed of the signature verifier, as multiples of OpenSSL's own point multiplication.

The yardstick is EC_POINT_mul(s·P + r·Q) on the same curve in the same run, through ctypes. Times
are processor time of this thread: on a busy machine a long act is interrupted more often than a
short one, and the ratio would tell the load.
"""

from __future__ import annotations

import ctypes
import math
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time

from integrations.kep import dstu4145, gost34311, libcrypto
from integrations.kep.curves import Curve
from integrations.kep.revocation import StaticSource
from integrations.kep.trust import store_of
from integrations.kep.verify import verify
from sandbox.authority import maker
from sandbox.authority.keys import M257, DstuPrivateKey
from sandbox.authority.maker import AT, OcspAnswer, Subject
from tests.bench import Figure
from tests.steps.kep import JARS, PRODUCERS

ACCELERATED_LIMIT = 1.3
PYTHON_LIMIT = 80
SIGN_IN_LIMIT = 4
ROUNDS = 25


def figures() -> list[Figure]:
    """Measures one verification in both arithmetics and a whole sign-in."""
    yardstick = _point_multiplication(M257)
    key = DstuPrivateKey("bench")
    digest = gost34311.digest(b"message")
    value = key.sign(b"message", key.digest)

    def once() -> None:
        if not dstu4145.verify(M257, key.encoded, digest, value):
            raise AssertionError("the signature does not verify")

    with _arithmetic("on"):
        accelerated = fastest(once, rounds=200)
        sign_in = _sign_ins(ROUNDS)
    with _arithmetic("off"):
        # Taken in turns, so that a busy machine slows both sides of the ratio.
        times = [(fastest(once, rounds=2), fastest(sign_in, rounds=1)) for _ in range(ROUNDS)]
    python, whole = min(time for time, _ in times), min(time for _, time in times)
    return [
        Figure(
            "kep: M257 verification with OpenSSL / point multiplication",
            accelerated / yardstick,
            ACCELERATED_LIMIT,
        ),
        Figure(
            "kep: M257 verification in Python / point multiplication",
            python / yardstick,
            PYTHON_LIMIT,
        ),
        Figure("kep: whole sign-in in Python / one verification", whole / python, SIGN_IN_LIMIT),
        Figure(
            "kep: M257 verification with BouncyCastle / point multiplication, to compare",
            _bouncy_castle() / yardstick,
            math.inf,
        ),
    ]


def fastest(act: Callable[[], object], *, rounds: int) -> float:
    """The least processor time of several rounds, in seconds."""

    def once() -> float:
        start = thread_time()
        act()
        return thread_time() - start

    return min(once() for _ in range(rounds))


@contextmanager
def _arithmetic(switch: str) -> Iterator[None]:
    before = os.environ.get(libcrypto.SWITCH)
    os.environ[libcrypto.SWITCH] = switch
    try:
        yield
    finally:
        if before is None:
            del os.environ[libcrypto.SWITCH]
        else:
            os.environ[libcrypto.SWITCH] = before


def _point_multiplication(curve: Curve) -> float:
    """Seconds that OpenSSL needs for s·P + r·Q, without conversions."""
    accelerated = libcrypto._accelerated(curve)
    if accelerated is None:
        raise RuntimeError("this system's libcrypto has no binary curves")
    call, group = accelerated._library.call, accelerated._group
    with accelerated._scratch() as scratch:
        point, result = scratch.point(group), scratch.point(group)
        first = scratch.number(curve.order // 3)
        second = scratch.number(curve.order // 7)
        seven = scratch.number(7)
        call.EC_POINT_mul(group, point, seven, None, None, scratch.context)
        multiply: Callable[..., int] = call.EC_POINT_mul
        arguments = (group, result, first, point, second, ctypes.c_void_p(scratch.context))
        return fastest(lambda: multiply(*arguments), rounds=200)


def _bouncy_castle() -> float:
    """Seconds that BouncyCastle needs for one verification in a warm Java machine."""
    class_path = ":".join(map(str, JARS))
    source = PRODUCERS / "BouncyCastleSpeed.java"
    done = subprocess.run(
        ["java", "-cp", class_path, str(source)], check=True, capture_output=True, text=True
    )
    return int(done.stdout) / 1e9


def _sign_ins(count: int) -> Callable[[], None]:
    """Returns a function that verifies the next sign-in: signer, certificate and OCSP answer.

    Everybody is new. What a running portal remembers stays remembered: the signatures between
    authorities, their keys and the certificate of their OCSP responder.
    """
    root = maker.authority("Root", DstuPrivateKey("root"))
    authority = maker.authority("Authority", DstuPrivateKey("authority"), root)
    purposes = ["1.3.6.1.5.5.7.3.9"]
    responder = maker.issue(Subject(purposes=purposes), DstuPrivateKey("responder"), authority)
    trust = store_of([root.certificate, authority.certificate])

    def prepared(number: int) -> tuple[bytes, StaticSource]:
        person = maker.issue(Subject(), DstuPrivateKey(f"person {number}"), authority)
        answer = OcspAnswer(responder=responder)
        made = maker.make_ocsp(authority, person.certificate, answer)
        return maker.sign(person), StaticSource(ocsp_files=[made])

    people = iter([prepared(number) for number in range(count + 1)])

    def once() -> None:
        signature, source = next(people)
        verdict = verify(signature, trust=trust, at=AT, content=b"challenge", source=source)
        if not verdict.valid:
            raise AssertionError(verdict.reason)

    once()
    return once
