"""How certificates are known again, and what of the trust in them is kept for a dispute."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

MAX_EVIDENCE: Final = 128 * 1024
"""Bytes of one answer on revocation that is kept as it is; those of OCSP are smaller."""


def named_certificate(*, authority: str, serial: str) -> str:
    """Name a certificate alike whichever way it came, so that an unbound key stays unbound.

    Brokers tell its authority and number, not its bytes.

    Args:
        authority: Common name of who has issued it.
        serial: Its number in hexadecimal.
    """
    number = "".join(serial.split()).lower().lstrip("0")
    named = f"certificate\n{' '.join(authority.split())}\n{number}"
    return sha256(named.encode()).hexdigest()


def seen_certificate(*, issuer_key: bytes, signed_part: bytes) -> str:
    """Name a certificate by its content and by the key that has signed it, whatever anybody's name.

    Not by the whole of its bytes: with some algorithms the holder can write the signature itself
    in another way, and would be taken for the holder of a new certificate.

    Args:
        issuer_key: Bytes of the public key of who has issued it.
        signed_part: TBSCertificate, DER.
    """
    digests = sha256(issuer_key).digest() + sha256(signed_part).digest()
    return sha256(b"certificate by key\n" + digests).hexdigest()


def evidence_of_trust(path: Iterable[bytes], revocation: Iterable[bytes]) -> dict[str, bytes]:
    """Name what the trust in a signature rests on, for `Proof.evidence`.

    Of a list of revoked certificates that is megabytes long only the digest is kept: the authority
    has the list, and a copy for every sign-in would fill the disk.

    Args:
        path: Certificates, the signer's first.
        revocation: The answers and lists relied on.
    """
    files = {f"certificate-{n}.cer": data for n, data in enumerate(path, 1)}
    for n, data in enumerate(revocation, 1):
        if len(data) <= MAX_EVIDENCE:
            files[f"revocation-{n}.der"] = data
        else:
            files[f"revocation-{n}.sha256"] = sha256(data).hexdigest().encode()
    return files
