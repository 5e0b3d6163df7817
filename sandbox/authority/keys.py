"""Private keys of invented people: ДСТУ 4145, ECDSA and RSA behind one small interface."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from integrations.kep import digests, libcrypto
from integrations.kep.curves import CURVES, Curve
from integrations.kep.der import (
    BIT_STRING,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    context,
    encode,
    encode_oid,
)
from integrations.kep.dstu4145 import digest_to_field
from integrations.kep.gost28147 import DKE
from integrations.kep.keys import DSTU_4145
from integrations.kep.points import base_point, multiply, negate

M257 = next(curve for curve in CURVES if curve.degree == 257)
M431 = next(curve for curve in CURVES if curve.degree == 431)

_SHA = {
    digests.SHA_1: hashes.SHA1(),  # noqa: S303 - signatures that have to be refused
    digests.SHA_256: hashes.SHA256(),
    digests.SHA_384: hashes.SHA384(),
    digests.SHA_512: hashes.SHA512(),
}
_ECDSA = {
    digests.SHA_1: "1.2.840.10045.4.1",
    digests.SHA_256: "1.2.840.10045.4.3.2",
    digests.SHA_384: "1.2.840.10045.4.3.3",
    digests.SHA_512: "1.2.840.10045.4.3.4",
}
_DSTU = {
    digests.GOST_34311: DSTU_4145,
    digests.KUPYNA_256: "1.2.804.2.1.1.1.1.3.6.1.1",
    digests.KUPYNA_384: "1.2.804.2.1.1.1.1.3.6.2.1",
    digests.KUPYNA_512: "1.2.804.2.1.1.1.1.3.6.3.1",
}


class Key(Protocol):
    """A private key that signs with its default digest or another."""

    digest: str

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo."""

    def algorithm(self, digest: str) -> bytes:
        """AlgorithmIdentifier of the signature."""

    def sign(self, data: bytes, digest: str, *, wrapped: bool = False) -> bytes:
        """Sign; ``wrapped`` is the form of certificates."""


class DstuPrivateKey:
    """A ДСТУ 4145 key made from a seed; the nonce of a signature is derived from key and data."""

    def __init__(self, seed: str, curve: Curve = M257, digest: str = digests.GOST_34311) -> None:
        self.curve = curve
        self.digest = digest
        self.table: bytes | None = DKE
        data = hashlib.shake_256(seed.encode()).digest(curve.size + 8)
        self.scalar = int.from_bytes(data, "big") % (curve.order - 1) + 1

    @cached_property
    def encoded(self) -> bytes:
        """The compressed public point."""
        point = multiply(
            self.curve, base_scalar=self.scalar, scalar=0, point=base_point(self.curve)
        )
        if point is None:
            raise ValueError("the scalar is a multiple of the order")
        x, lam = negate(point)
        field = self.curve.field
        bit = field.trace(field.compact(x ^ lam))
        return (field.compact(x) & ~1 | bit).to_bytes(self.curve.size, "little")

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo with a named curve."""
        return self.key_info_with(encode_oid(self.curve.oid))

    def key_info_with(self, domain: bytes) -> bytes:
        """SubjectPublicKeyInfo with this encoding of the curve."""
        table = b"" if self.table is None else encode(OCTET_STRING, self.table)
        algorithm = encode(SEQUENCE, encode_oid(DSTU_4145), encode(SEQUENCE, domain, table))
        key = encode(OCTET_STRING, self.encoded)
        return encode(SEQUENCE, algorithm, encode(BIT_STRING, b"\0", key))

    def explicit_curve(self, *, b: int | None = None, base: bytes | None = None) -> bytes:
        """ECBinary with all numbers, optionally foreign ones."""
        curve, data = self.curve, self.curve.size
        terms = [encode(INTEGER, bytes((term,))) for term in curve.middle_terms]
        polynomial = terms[0] if len(terms) == 1 else encode(SEQUENCE, *terms)
        return encode(
            SEQUENCE,
            encode(context(0), encode(INTEGER, b"\0")),
            encode(SEQUENCE, _integer(curve.degree), polynomial),
            _integer(curve.a),
            encode(OCTET_STRING, (curve.b if b is None else b).to_bytes(data, "little")),
            _integer(curve.order),
            encode(OCTET_STRING, base if base is not None else base_bytes(curve)),
        )

    def algorithm(self, digest: str) -> bytes:
        """AlgorithmIdentifier of the signature."""
        return encode(SEQUENCE, encode_oid(_DSTU[digest]))

    def sign(self, data: bytes, digest: str, *, wrapped: bool = False) -> bytes:
        """Sign as ДСТУ 4145-2002, section 12."""
        curve, field = self.curve, self.curve.field
        hashed = digests.compute(digest, data)
        element = field.spread(digest_to_field(curve, hashed))
        arithmetic, counter = libcrypto.arithmetic(curve), 0
        while True:
            seed = self.scalar.to_bytes(64, "big") + hashed + bytes((counter,))
            nonce = int.from_bytes(hashlib.shake_256(seed).digest(64), "big") % curve.order
            x = arithmetic.combine(base_scalar=nonce, scalar=0, point=base_point(curve))
            product = field.compact(field.mul(element, field.spread(x or 1)))
            r = product & ((1 << (curve.order.bit_length() - 1)) - 1)
            s = (nonce + self.scalar * r) % curve.order
            if nonce and r and s:
                break
            counter += 1
        half = (curve.order.bit_length() + 7) // 8
        value = r.to_bytes(half, "little") + s.to_bytes(half, "little")
        return encode(OCTET_STRING, value) if wrapped else value


class EcPrivateKey:
    """An ECDSA key."""

    def __init__(
        self,
        curve: ec.EllipticCurve | None = None,
        digest: str = digests.SHA_256,
        *,
        private: ec.EllipticCurvePrivateKey | None = None,
    ) -> None:
        self.private = private or ec.generate_private_key(curve or ec.SECP256R1())
        self.digest = digest

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return _key_info(self.private.public_key())

    def algorithm(self, digest: str) -> bytes:
        """AlgorithmIdentifier of the signature."""
        return encode(SEQUENCE, encode_oid(_ECDSA[digest]))

    def sign(self, data: bytes, digest: str, *, wrapped: bool = False) -> bytes:
        """Sign."""
        del wrapped
        return self.private.sign(data, ec.ECDSA(_SHA[digest]))


class RsaPrivateKey:
    """An RSA key, with PKCS #1 v1.5 or PSS and a salt of some bytes."""

    def __init__(self, bits: int = 2048, *, pss: bool = False, salt: int = 32) -> None:
        self.private = rsa.generate_private_key(65537, bits)
        self.digest = digests.SHA_256
        self.pss, self.salt = pss, salt

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return _key_info(self.private.public_key())

    def algorithm(self, digest: str) -> bytes:
        """AlgorithmIdentifier of the signature."""
        if not self.pss:
            return encode(SEQUENCE, encode_oid("1.2.840.113549.1.1.1"), encode(NULL))
        hashed = encode(SEQUENCE, encode_oid(digest), encode(NULL))
        mask = encode(SEQUENCE, encode_oid("1.2.840.113549.1.1.8"), hashed)
        parameters = encode(
            SEQUENCE,
            encode(context(0), hashed),
            encode(context(1), mask),
            encode(context(2), _integer(self.salt)),
        )
        return encode(SEQUENCE, encode_oid("1.2.840.113549.1.1.10"), parameters)

    def sign(self, data: bytes, digest: str, *, wrapped: bool = False) -> bytes:
        """Sign."""
        del wrapped
        chosen = _SHA[digest]
        scheme = padding.PSS(padding.MGF1(chosen), self.salt) if self.pss else padding.PKCS1v15()
        return self.private.sign(data, scheme, chosen)


def base_bytes(curve: Curve) -> bytes:
    """Return the compressed base point of a curve."""
    x, lam = base_point(curve)
    field = curve.field
    bit = field.trace(field.compact(x ^ lam))
    return (curve.base_x & ~1 | bit).to_bytes(curve.size, "little")


def _key_info(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _integer(value: int) -> bytes:
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))
