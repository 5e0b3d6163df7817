"""Revocation: what CRLs and OCSP answers say about a certificate (identity rule C.4).

A source counts only when its signature is the issuer's (or, for OCSP, that of a responder the
issuer authorised) and it is fresh at the given time. "Revoked" is believed from a stale source
too; "good" is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from itertools import pairwise
from typing import Final, Protocol

from integrations.kep import crl, ocsp
from integrations.kep.certificates import Certificate
from integrations.kep.errors import KepError, Reason
from integrations.kep.trust import TrustStore

FUTURE_TOLERANCE: Final = timedelta(minutes=5)
"""How far the clock of a source may be ahead of ours."""

OCSP_AGE: Final = timedelta(hours=24)
"""How long an OCSP answer without nextUpdate counts as fresh."""


class Status(Enum):
    """What one source says."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What is known about one certificate, and the octets that prove it.

    Attributes:
        status: The outcome.
        covered: Whether any source spoke for the certificate at all, fresh or not.
        revoked_at: When it was revoked.
        evidence: The CRL or OCSP answer relied on.
    """

    status: Status
    covered: bool = False
    revoked_at: datetime | None = None
    evidence: bytes | None = None


class RevocationSource(Protocol):
    """Where CRLs and OCSP answers come from: files, or a cache in front of the network."""

    def ocsp_answers(self, certificate: Certificate, issuer: Certificate) -> Iterable[bytes]:
        """Returns OCSP answers that may speak of the certificate, best first."""
        ...

    def crls(
        self, certificate: Certificate, issuer: Certificate, *, needed: bool
    ) -> Iterable[bytes]:
        """Returns CRLs that may speak of the certificate, best first.

        Args:
            certificate: The certificate in question.
            issuer: Its issuer.
            needed: False when OCSP already said "good": what is at hand may still say "revoked",
                but a download is not worth it.
        """
        ...


@dataclass(frozen=True)
class StaticSource:
    """Sources that are already there."""

    crl_files: Sequence[bytes] = ()
    ocsp_files: Sequence[bytes] = ()

    def ocsp_answers(self, certificate: Certificate, issuer: Certificate) -> Iterable[bytes]:
        """See :class:`RevocationSource`."""
        del certificate, issuer
        return self.ocsp_files

    def crls(
        self, certificate: Certificate, issuer: Certificate, *, needed: bool
    ) -> Iterable[bytes]:
        """See :class:`RevocationSource`."""
        del certificate, issuer, needed
        return self.crl_files


def require_not_revoked(
    path: Sequence[Certificate], *, trust: TrustStore, source: RevocationSource, at: datetime
) -> list[bytes]:
    """Checks every certificate of a path below its anchor.

    Returns:
        The CRLs and OCSP answers relied on.

    Raises:
        KepError: ``revoked``; ``revocation_unknown`` when nothing fresh says "good" and the
            operator has not excused the issuer.
    """
    evidence: list[bytes] = []
    for certificate, issuer in pairwise(path):
        finding = check(certificate, issuer, source=source, at=at)
        if finding.status is Status.REVOKED:
            moment = "" if finding.revoked_at is None else f"{finding.revoked_at:%Y-%m-%d}"
            raise KepError(Reason.REVOKED, moment)
        if finding.evidence is not None:
            evidence.append(finding.evidence)
        elif finding.covered or not _excused(certificate, issuer, trust):
            raise KepError(Reason.REVOCATION_UNKNOWN)
    return evidence


def _excused(certificate: Certificate, issuer: Certificate, trust: TrustStore) -> bool:
    return issuer.fingerprint in trust.no_revocation or trust.is_stored_intermediate(certificate)


def check(
    certificate: Certificate, issuer: Certificate, *, source: RevocationSource, at: datetime
) -> Finding:
    """Asks OCSP first, then the CRLs; one "revoked" outweighs any number of "good"."""
    lists = list(source.crls(certificate, issuer, needed=False))
    answers = source.ocsp_answers(certificate, issuer)
    best = _best(_findings(answers, certificate, issuer, at, partial(_by_ocsp, lists=lists)))
    if best.status is Status.REVOKED:
        return best
    if not lists and best.status is not Status.GOOD:
        lists = list(source.crls(certificate, issuer, needed=True))
    return _best([best, *_findings(lists, certificate, issuer, at, _by_crl)])


def _best(findings: Iterable[Finding]) -> Finding:
    best = Finding(Status.UNKNOWN)
    for finding in findings:
        if finding.status is Status.REVOKED:
            return finding
        if best.status is not Status.GOOD and finding.covered:
            best = finding
    return best


_Reader = Callable[[bytes, Certificate, Certificate, datetime], Finding]


def _findings(
    files: Iterable[bytes],
    certificate: Certificate,
    issuer: Certificate,
    at: datetime,
    reader: _Reader,
) -> Iterable[Finding]:
    for data in files:
        try:
            yield reader(data, certificate, issuer, at)
        except KepError:
            # An unusable source says nothing; the caller refuses when nothing is left.
            continue


def _by_crl(data: bytes, certificate: Certificate, issuer: Certificate, at: datetime) -> Finding:
    listing = crl.read_crl(data)
    if not crl.speaks_for(listing, certificate, issuer):
        return Finding(Status.UNKNOWN)
    revoked_at = crl.revocation_date(listing, certificate.serial)
    if revoked_at is not None:
        return Finding(Status.REVOKED, covered=True, revoked_at=revoked_at, evidence=data)
    if is_fresh(listing.this_update, listing.next_update, at):
        return Finding(Status.GOOD, covered=True, evidence=data)
    return Finding(Status.UNKNOWN, covered=True)


def _by_ocsp(
    data: bytes,
    certificate: Certificate,
    issuer: Certificate,
    at: datetime,
    *,
    lists: Sequence[bytes],
) -> Finding:
    """Reads an OCSP answer; one of a responder that a list at hand names as revoked says nothing."""
    answer = ocsp.read_answer(data)
    single = ocsp.find_single(answer, certificate, issuer)
    signer = None if single is None else ocsp.authorised_signer(answer, issuer, at)
    if single is None or signer is None:
        return Finding(Status.UNKNOWN)
    if signer is not issuer and any(
        finding.status is Status.REVOKED
        for finding in _findings(lists, signer, issuer, at, _by_crl)
    ):
        return Finding(Status.UNKNOWN)
    if single.revoked_at is not None:
        return Finding(Status.REVOKED, covered=True, revoked_at=single.revoked_at, evidence=data)
    if single.next_update is None:
        fresh = is_fresh(single.this_update, at, at) and at - single.this_update <= OCSP_AGE
    else:
        fresh = is_fresh(single.this_update, single.next_update, at)
    if single.good and fresh:
        return Finding(Status.GOOD, covered=True, evidence=data)
    return Finding(Status.UNKNOWN, covered=True)


def is_fresh(this_update: datetime, next_update: datetime | None, at: datetime) -> bool:
    """Tells whether a source with these times may be relied on at a moment."""
    if next_update is None or this_update - at > FUTURE_TOLERANCE:
        return False
    return at <= next_update
