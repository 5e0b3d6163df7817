"""Public keys: SubjectPublicKeyInfo of ДСТУ 4145, ECDSA and RSA, with closed parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from integrations.kep import curves, dstu4145
from integrations.kep.curves import Curve
from integrations.kep.der import (
    BIT_STRING,
    INTEGER,
    NULL,
    OCTET_STRING,
    OID,
    SEQUENCE,
    Node,
    context,
    parse,
)
from integrations.kep.errors import KepError, Reason
from integrations.kep.gost28147 import DKE
from integrations.kep.points import base_point

DSTU_4145: Final = "1.2.804.2.1.1.1.1.3.1.1"
EC_PUBLIC_KEY: Final = "1.2.840.10045.2.1"
RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
RSA_PSS: Final = "1.2.840.113549.1.1.10"

_PRIME_FIELD: Final = "1.2.840.10045.1.1"
_RSA_BITS: Final = (2048, 8192)


@dataclass(frozen=True)
class DstuKey:
    """A ДСТУ 4145 public key: a curve of the table and a compressed point, little-endian."""

    curve: Curve
    encoded: bytes


PublicKey = DstuKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True)
class _PrimeCurve:
    """A NIST curve, with the parameters that an explicit encoding must repeat."""

    curve: ec.EllipticCurve
    p: int
    b: int
    order: int
    base_x: int


_PRIME_CURVES: Final = {
    "1.2.840.10045.3.1.7": _PrimeCurve(
        ec.SECP256R1(),
        p=2**256 - 2**224 + 2**192 + 2**96 - 1,
        b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        order=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        base_x=0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    ),
    "1.3.132.0.34": _PrimeCurve(
        ec.SECP384R1(),
        p=2**384 - 2**128 - 2**96 + 2**32 - 1,
        b=int(
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
            "c656398d8a2ed19d2a85c8edd3ec2aef",
            16,
        ),
        order=int(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
            "581a0db248b0a77aecec196accc52973",
            16,
        ),
        base_x=int(
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
            "5502f25dbf55296c3a545e3872760ab7",
            16,
        ),
    ),
}


def read_public_key(spki: Node) -> PublicKey:
    """Read a SubjectPublicKeyInfo.

    Raises:
        KepError: ``unsupported_algorithm``; ``bad_parameters`` for parameters outside the table
            or a key that is no valid element; ``malformed``.
    """
    fields = spki.fields()
    algorithm = fields.next().fields()
    oid = algorithm.next().oid()
    parameters = algorithm.rest()
    key = fields.next(BIT_STRING).bits()
    fields.end()
    if oid == DSTU_4145:
        if len(parameters) != 1:
            raise KepError(Reason.BAD_PARAMETERS, "ДСТУ 4145 key without parameters")
        return dstu_key(read_dstu_parameters(parameters[0]), key)
    if oid == EC_PUBLIC_KEY:
        if len(parameters) != 1:
            raise KepError(Reason.BAD_PARAMETERS, "EC key without parameters")
        return _ec_key(_prime_curve(parameters[0]), key)
    if oid in (RSA_ENCRYPTION, RSA_PSS):
        return _rsa_key(key)
    raise KepError(Reason.UNSUPPORTED_ALGORITHM, f"public key {oid}")


def dstu_key(curve: Curve, key: bytes) -> DstuKey:
    """Make a key from the contents of the BIT STRING: an OCTET STRING with the point."""
    encoded = parse(key).octets()
    dstu4145.decoded_key(curve, encoded)
    return DstuKey(curve, encoded)


def read_dstu_parameters(node: Node) -> Curve:
    """Read DSTU4145Params: a named or explicit curve, then an optional substitution table.

    Raises:
        KepError: ``bad_parameters`` for any curve or table but the standard ones.
    """
    _require_domain(node)
    fields = node.fields()
    domain = fields.next()
    table = fields.optional(OCTET_STRING)
    fields.end()
    if table is not None and table.content != DKE:
        raise KepError(Reason.BAD_PARAMETERS, "substitution table is not the standard one")
    _require_domain(domain)
    curve = curves.by_oid(domain.oid()) if domain.tag == OID else _explicit_dstu_curve(domain)
    if curve is None:
        raise KepError(Reason.BAD_PARAMETERS, "curve is not one of ДСТУ 4145")
    return curve


def _require_domain(node: Node) -> None:
    """Refuse parameters that neither name a curve nor write one out ("implicit" ones)."""
    if node.tag not in (OID, SEQUENCE):
        raise KepError(Reason.BAD_PARAMETERS, "parameters of another kind")


def _explicit_dstu_curve(node: Node) -> Curve | None:
    """Read ECBinary: version, field, A, B, n, base point; numbers little-endian."""
    fields = node.fields()
    version = fields.optional(context(0))
    if version is not None and version.only().integer():
        raise KepError(Reason.BAD_PARAMETERS, "version of the curve parameters")
    field = fields.next().fields()
    degree = field.next().integer()
    polynomial = field.next()
    field.end()
    if polynomial.tag == NULL:
        raise KepError(Reason.BAD_PARAMETERS, "normal basis")
    if polynomial.tag == INTEGER:
        middle_terms: tuple[int, ...] = (polynomial.integer(),)
    else:
        middle_terms = tuple(sorted(term.integer() for term in polynomial.children()))
    a = fields.next().integer()
    b = int.from_bytes(fields.next().octets(), "little")
    order = fields.next().integer()
    base = fields.next().octets()
    fields.end()
    curve = curves.by_parameters(degree=degree, middle_terms=middle_terms, a=a, b=b, order=order)
    if curve is None or dstu4145.decoded_key(curve, base) != base_point(curve):
        return None
    return curve


def _prime_curve(node: Node) -> ec.EllipticCurve:
    _require_domain(node)
    if node.tag == OID:
        named = _PRIME_CURVES.get(node.oid())
        if named is None:
            raise KepError(Reason.BAD_PARAMETERS, "curve is neither P-256 nor P-384")
        return named.curve
    fields = node.fields()
    fields.next().integer()
    field = fields.next().fields()
    if field.next().oid() != _PRIME_FIELD:
        raise KepError(Reason.BAD_PARAMETERS, "EC curve over another kind of field")
    p = field.next().integer()
    coefficients = fields.next().fields()
    a = int.from_bytes(coefficients.next().octets(), "big")
    b = int.from_bytes(coefficients.next().octets(), "big")
    base = fields.next().octets()
    order = fields.next().integer()
    optional = fields.optional(INTEGER)
    cofactor = 1 if optional is None else optional.integer()
    fields.end()
    for known in _PRIME_CURVES.values():
        if (p, a, b, order, cofactor) == (known.p, known.p - 3, known.b, known.order, 1):
            numbers = _ec_key(known.curve, base).public_numbers()
            # Both base points have an odd y.
            if numbers.x == known.base_x and numbers.y & 1:
                return known.curve
    raise KepError(Reason.BAD_PARAMETERS, "explicit EC parameters are not a known curve")


def _ec_key(curve: ec.EllipticCurve, key: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, key)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KepError(Reason.BAD_PARAMETERS, "public key is not on the curve") from error


def _rsa_key(key: bytes) -> rsa.RSAPublicKey:
    fields = parse(key).fields()
    modulus, exponent = fields.next().integer(), fields.next().integer()
    fields.end()
    if not _RSA_BITS[0] <= modulus.bit_length() <= _RSA_BITS[1] or modulus < 0:
        raise KepError(Reason.BAD_PARAMETERS, "RSA key of a refused length")
    if not 2 < exponent < 1 << 32:
        raise KepError(Reason.BAD_PARAMETERS, "RSA exponent")
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KepError(Reason.BAD_PARAMETERS, "RSA key") from error
