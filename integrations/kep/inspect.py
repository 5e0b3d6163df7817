"""What a file holds, in plain words, without believing any of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from integrations.kep import cms, crl, envelope, ocsp
from integrations.kep.armour import is_binary, remove_armour
from integrations.kep.certificates import Certificate, read_certificate, read_certificates
from integrations.kep.containers import REMEDIES, detect_container
from integrations.kep.der import Node
from integrations.kep.errors import KepError, Reason
from integrations.kep.identity import extract_identity, read_title
from integrations.kep.keys import DstuKey

Description = dict[str, object]


def describe(data: bytes) -> Description:
    """Describe a signature, envelope, certificate, CRL or OCSP answer; names other formats.

    Raises:
        KepError: The bytes are none of these.
    """
    if not is_binary(data) and b"-----BEGIN X509 CRL-----" in data:
        return describe_crl(data)
    if not is_binary(data) and b"-----BEGIN CERTIFICATE-----" in data:
        certificates = read_certificates(data)
        return {"kind": "certificates", "certificates": [*map(describe_certificate, certificates)]}
    content = remove_armour(data)
    refusal: KepError | None = None
    for reader in _READERS:
        try:
            return reader(content)
        except KepError as error:
            if refusal is None and error.reason not in (Reason.MALFORMED, Reason.TRAILING_DATA):
                refusal = error
    container = detect_container(content)
    if container is not None:
        return {"kind": "container", "format": container.value, "advice": REMEDIES[container]}
    raise refusal or KepError(Reason.MALFORMED, "unknown kind of file")


def describe_certificate(certificate: Certificate) -> Description:
    """Describe a certificate."""
    return {
        "kind": "certificate",
        "certificate": certificate.fingerprint,
        "serial": f"{certificate.serial:X}",
        "subject": read_title(certificate.subject) or None,
        "issuer": read_title(certificate.issuer) or None,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "authority": certificate.basic_constraints.authority,
        "key": _key(certificate),
        "identity": _identity(certificate),
    }


def describe_signature(data: bytes) -> Description:
    """Describe SignedData."""
    message = cms.read_signed_data(data)
    attributes = cms.read_attributes(message.signer)
    time = attributes.signing_time
    return {
        "kind": "signature",
        "detached": message.content is None,
        "content_octets": None if message.content is None else len(message.content),
        "digest": message.signer.digest,
        "signature_algorithm": _algorithm(message.signer.signature_algorithm),
        "claimed_signing_time": None if time is None else time.isoformat(),
        "names_its_certificate": attributes.signing_certificate is not None,
        "certificates": [describe_certificate(item) for item in message.certificates],
    }


def describe_envelope(data: bytes) -> Description:
    """Describe EnvelopedData."""
    return {"kind": "envelope", **envelope.describe(data)}


def describe_crl(data: bytes) -> Description:
    """Describe a CRL."""
    listing = crl.read_crl(data)
    return {
        "kind": "crl",
        "issuer": read_title(listing.issuer) or None,
        "this_update": listing.this_update.isoformat(),
        "next_update": None if listing.next_update is None else listing.next_update.isoformat(),
        "entries": len(listing.entries),
        "signature_algorithm": _algorithm(listing.algorithm),
    }


def describe_ocsp(data: bytes) -> Description:
    """Describe an OCSP answer."""
    answer = ocsp.read_answer(data)
    return {
        "kind": "ocsp",
        "signature_algorithm": _algorithm(answer.algorithm),
        "answers": [
            {
                "serial": f"{single.serial:X}",
                "good": single.good,
                "revoked_at": None if single.revoked_at is None else single.revoked_at.isoformat(),
                "this_update": single.this_update.isoformat(),
                "next_update": (
                    None if single.next_update is None else single.next_update.isoformat()
                ),
            }
            for single in answer.singles
        ],
    }


def _algorithm(node: Node) -> str:
    return node.fields().next().oid()


def _key(certificate: Certificate) -> str:
    try:
        key = certificate.public_key
    except KepError as error:
        return error.reason.value
    if isinstance(key, DstuKey):
        return f"ДСТУ 4145 {key.curve.name}"
    kind = "ECDSA" if isinstance(key, ec.EllipticCurvePublicKey) else "RSA"
    return f"{kind} {key.key_size}"


def _identity(certificate: Certificate) -> Description | None:
    try:
        identity = extract_identity(certificate)
    except KepError:
        return None
    return {
        "rnokpp": identity.rnokpp,
        "passport": identity.passport,
        "document": identity.document,
        "unzr": identity.unzr,
        "edrpou": identity.edrpou,
        "level": identity.level.value,
        "seal": identity.seal,
    }


def _describe_one_certificate(data: bytes) -> Description:
    return describe_certificate(read_certificate(data))


_READERS: Final[tuple[Callable[[bytes], Description], ...]] = (
    describe_signature,
    describe_envelope,
    _describe_one_certificate,
    describe_crl,
    describe_ocsp,
)
