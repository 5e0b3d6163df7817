"""Signature algorithms: a closed list, and verification with the key they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from integrations.kep import digests, dstu4145
from integrations.kep.der import Node, context, parse
from integrations.kep.errors import KepError, Reason
from integrations.kep.keys import DSTU_4145, RSA_ENCRYPTION, RSA_PSS, DstuKey, PublicKey

_MGF_1: Final = "1.2.840.113549.1.1.8"
_DSTU: Final = "1.2.804.2.1.1.1.1.3"
_MAX_SALT: Final = 1024
"""In bytes: as long as the largest RSA key. OpenSSL takes the longest salt that fits the key."""


class Family(Enum):
    """The mathematics of a signature."""

    DSTU = "dstu"
    ECDSA = "ecdsa"
    RSA = "rsa"
    RSA_PSS = "rsa-pss"


@dataclass(frozen=True)
class Scheme:
    """A signature algorithm with its digest; the salt length is for RSA-PSS only."""

    family: Family
    digest: str
    salt_bytes: int = 0


_SCHEMES: Final = {
    DSTU_4145: Scheme(Family.DSTU, digests.GOST_34311),
    f"{_DSTU}.1": Scheme(Family.DSTU, digests.GOST_34311),
    f"{_DSTU}.6.1": Scheme(Family.DSTU, digests.KUPYNA_256),
    f"{_DSTU}.6.1.1": Scheme(Family.DSTU, digests.KUPYNA_256),
    f"{_DSTU}.6.2": Scheme(Family.DSTU, digests.KUPYNA_384),
    f"{_DSTU}.6.2.1": Scheme(Family.DSTU, digests.KUPYNA_384),
    f"{_DSTU}.6.3": Scheme(Family.DSTU, digests.KUPYNA_512),
    f"{_DSTU}.6.3.1": Scheme(Family.DSTU, digests.KUPYNA_512),
    "1.2.840.10045.4.3.2": Scheme(Family.ECDSA, digests.SHA_256),
    "1.2.840.10045.4.3.3": Scheme(Family.ECDSA, digests.SHA_384),
    "1.2.840.10045.4.3.4": Scheme(Family.ECDSA, digests.SHA_512),
    "1.2.840.113549.1.1.11": Scheme(Family.RSA, digests.SHA_256),
    "1.2.840.113549.1.1.12": Scheme(Family.RSA, digests.SHA_384),
    "1.2.840.113549.1.1.13": Scheme(Family.RSA, digests.SHA_512),
}
_WEAK: Final = frozenset(
    {
        "1.2.840.10045.4.1",  # ECDSA with SHA-1
        "1.2.840.10045.4.3.1",  # ECDSA with SHA-224
        "1.2.840.113549.1.1.2",  # RSA with MD2
        "1.2.840.113549.1.1.4",  # RSA with MD5
        "1.2.840.113549.1.1.5",  # RSA with SHA-1
        "1.2.840.113549.1.1.14",  # RSA with SHA-224
    }
)
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    digests.SHA_256: hashes.SHA256(),
    digests.SHA_384: hashes.SHA384(),
    digests.SHA_512: hashes.SHA512(),
}


def read_scheme(node: Node, digest: str | None = None) -> Scheme:
    """Read the AlgorithmIdentifier of a signature.

    Args:
        node: The element.
        digest: The digest named beside it, as in CMS; it must be the one of the signature.

    Raises:
        KepError: ``weak_digest``, ``unsupported_algorithm`` (also when the two digests differ),
            ``bad_parameters``, ``malformed``.
    """
    fields = node.fields()
    oid = fields.next().oid()
    parameters = fields.rest()
    if oid in _WEAK:
        raise KepError(Reason.WEAK_DIGEST, f"signature {oid}")
    if oid == RSA_PSS:
        scheme = _pss(parameters)
    elif oid == RSA_ENCRYPTION and digest in _HASHES:
        scheme = Scheme(Family.RSA, digest)
    else:
        found = _SCHEMES.get(oid)
        if found is None:
            raise KepError(Reason.UNSUPPORTED_ALGORITHM, f"signature {oid}")
        scheme = found
    if digest is not None and scheme.digest != digest:
        raise KepError(Reason.UNSUPPORTED_ALGORITHM, f"signature {oid} with digest {digest}")
    return scheme


def _pss(parameters: list[Node]) -> Scheme:
    """Read RSASSA-PSS-params (RFC 4055): one strong digest for the message and for MGF1."""
    if len(parameters) != 1:
        raise KepError(Reason.BAD_PARAMETERS, "RSA-PSS without parameters")
    fields = parameters[0].fields()
    hash_field, mask_field = fields.optional(context(0)), fields.optional(context(1))
    salt_field, trailer = fields.optional(context(2)), fields.optional(context(3))
    fields.end()
    # The defaults of the standard are SHA-1.
    if hash_field is None or mask_field is None:
        raise KepError(Reason.WEAK_DIGEST, "RSA-PSS with SHA-1")
    digest = digests.read_algorithm(hash_field.only())
    mask = mask_field.only().fields()
    generator = mask.next().oid()
    if generator != _MGF_1 or digests.read_algorithm(mask.next()) != digest:
        raise KepError(Reason.BAD_PARAMETERS, "RSA-PSS with another mask")
    salt = 20 if salt_field is None else salt_field.only().integer()
    if not 0 <= salt <= _MAX_SALT or (trailer is not None and trailer.only().integer() != 1):
        raise KepError(Reason.BAD_PARAMETERS, "RSA-PSS salt or trailer")
    if digest not in _HASHES:
        raise KepError(Reason.UNSUPPORTED_ALGORITHM, f"RSA-PSS with digest {digest}")
    return Scheme(Family.RSA_PSS, digest, salt)


def verify(
    key: PublicKey, scheme: Scheme, data: bytes, signature: bytes, *, lasting: bool = False
) -> bool:
    """Verify a signature over ``data``.

    Args:
        key: The signer's key.
        scheme: The algorithm, as read from the message.
        data: The signed bytes.
        signature: r ‖ s little-endian for ДСТУ 4145, DER for ECDSA, bytes for RSA.
        lasting: Whether the key will come again: an authority's.

    Raises:
        KepError: ``unsupported_algorithm`` when the algorithm is not one of the key.
    """
    if isinstance(key, DstuKey):
        _require(scheme, Family.DSTU)
        digest = digests.compute(scheme.digest, data)
        return dstu4145.verify(key.curve, key.encoded, digest, signature, lasting=lasting)
    hash_function = _HASHES.get(scheme.digest)
    if hash_function is None:
        raise KepError(Reason.UNSUPPORTED_ALGORITHM, "digest does not suit the key")
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            _require(scheme, Family.ECDSA)
            key.verify(signature, data, ec.ECDSA(hash_function))
        else:
            _verify_rsa(key, scheme, data, signature, hash_function)
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _verify_rsa(
    key: rsa.RSAPublicKey,
    scheme: Scheme,
    data: bytes,
    signature: bytes,
    hash_function: hashes.HashAlgorithm,
) -> None:
    _require(scheme, Family.RSA, Family.RSA_PSS)
    if scheme.family is Family.RSA:
        key.verify(signature, data, padding.PKCS1v15(), hash_function)
        return
    pss = padding.PSS(padding.MGF1(hash_function), scheme.salt_bytes)
    key.verify(signature, data, pss, hash_function)


def _require(scheme: Scheme, *families: Family) -> None:
    if scheme.family not in families:
        raise KepError(
            Reason.UNSUPPORTED_ALGORITHM, f"{scheme.family.value} with a key of another kind"
        )


def certificate_signature(scheme: Scheme, bits: bytes) -> bytes:
    """Return the signature value from the BIT STRING of a certificate, CRL or OCSP answer.

    There a ДСТУ 4145 signature is wrapped in an OCTET STRING; in CMS it is not.

    Raises:
        KepError: ``malformed``.
    """
    return parse(bits).octets() if scheme.family is Family.DSTU else bits
