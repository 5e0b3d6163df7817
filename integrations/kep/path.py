"""Certificate path: from the signer to an anchor of the trust store (identity rule C.3).

An issuer is one by name, key and signature, is an authority allowed to sign certificates, and is
valid at the given time. Certificates that came with the message are hints only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from integrations.kep.certificates import UNDERSTOOD, Certificate, Usage, read_certificate
from integrations.kep.errors import KepError, Reason
from integrations.kep.signatures import read_scheme
from integrations.kep.trust import TrustStore

_MAX_LENGTH: Final = 6
_MAX_SIGNATURES: Final = 12
"""Signatures verified for one message: more than any real chain needs, little enough to bear."""


def build_path(
    signer: Certificate, *, trust: TrustStore, hints: Sequence[Certificate], at: datetime
) -> tuple[Certificate, ...]:
    """Find a valid path.

    Args:
        signer: Its first certificate.
        trust: The store.
        hints: Certificates from the message, usable as intermediate authorities only.
        at: The moment at which every certificate must be valid.

    Returns:
        The path with the signer first and an anchor last; never shorter than two.

    Raises:
        KepError: ``untrusted_issuer`` when there is no path, ``expired`` or ``not_yet_valid``
            when there is one but not at this time, ``weak_digest`` or ``unsupported_algorithm``
            when the signer's certificate is signed so.
    """
    read_scheme(signer.signature_algorithm)
    budget = _Budget()
    refusal: KepError | None = None
    for path in _paths((signer,), trust, hints, budget):
        try:
            for certificate in path:
                require_validity(certificate, at)
        except KepError as error:
            refusal = refusal or error
        else:
            return path
    raise refusal or KepError(Reason.UNTRUSTED_ISSUER, "no path to an anchor")


def require_validity(certificate: Certificate, at: datetime) -> None:
    """Check that a certificate is valid at a moment.

    Raises:
        KepError: ``expired`` or ``not_yet_valid``.
    """
    if at > certificate.not_after:
        raise KepError(Reason.EXPIRED, f"certificate ended {certificate.not_after:%Y-%m-%d}")
    if at < certificate.not_before:
        raise KepError(
            Reason.NOT_YET_VALID, f"certificate starts {certificate.not_before:%Y-%m-%d}"
        )


class _Budget:
    def __init__(self) -> None:
        self._left = _MAX_SIGNATURES

    def spend(self) -> bool:
        self._left -= 1
        return self._left >= 0


def _paths(
    path: tuple[Certificate, ...],
    trust: TrustStore,
    hints: Sequence[Certificate],
    budget: _Budget,
) -> Iterator[tuple[Certificate, ...]]:
    """Yield every path with right names, keys, signatures and authority."""
    last = path[-1]
    if has_unknown_critical(last):
        return
    if len(path) > 1 and trust.is_anchor(last):
        yield path
        return
    if len(path) == _MAX_LENGTH:
        return
    known = trust.named(last.issuer)
    prints = {certificate.fingerprint for certificate in (*path, *known)}
    others = (
        hint for hint in hints if hint.subject == last.issuer and hint.fingerprint not in prints
    )
    for issuer in (*known, *others):
        below = sum(not certificate.self_issued for certificate in path[1:])
        if issuer in path or not may_issue(issuer, last, below=below):
            continue
        if budget.spend() and _issued(issuer, last, lasting=issuer in known):
            yield from _paths((*path, issuer), trust, hints, budget)


def may_issue(issuer: Certificate, subject: Certificate, *, below: int) -> bool:
    """Check everything but the signature: name, key identifier, authority, path length.

    Args:
        issuer: The candidate.
        subject: The certificate that it may have issued.
        below: How many authorities already stand between the candidate and the signer, those
            that an authority issued to itself with a new key not counted (RFC 5280, 4.2.1.9).
    """
    try:
        constraints, usage = issuer.basic_constraints, issuer.key_usage
        wanted, offered = subject.authority_key_identifier, issuer.subject_key_identifier
    except KepError:
        return False
    if wanted is not None and offered is not None and wanted != offered:
        return False
    if constraints.path_length is not None and below > constraints.path_length:
        return False
    return (
        issuer.subject == subject.issuer
        and constraints.authority
        and usage is not None
        and Usage.KEY_CERT_SIGN in usage
    )


def has_unknown_critical(certificate: Certificate) -> bool:
    """Return whether a critical extension is one that we do not process."""
    return any(
        extension.critical and oid not in UNDERSTOOD
        for oid, extension in certificate.extensions.items()
    )


def _issued(issuer: Certificate, subject: Certificate, *, lasting: bool) -> bool:
    try:
        if subject.basic_constraints.authority:
            return is_issued_by(subject.raw, issuer.raw)
        return subject.is_signed_by(issuer, lasting=lasting)
    except KepError:
        return False


@lru_cache(maxsize=256)
def is_issued_by(subject: bytes, issuer: bytes) -> bool:
    """Verify the signature between two certificates and remember the answer.

    For authorities and their OCSP responders: the same few come with every message.

    Raises:
        KepError: A certificate, key or algorithm is refused.
    """
    return read_certificate(subject).is_signed_by(read_certificate(issuer))
