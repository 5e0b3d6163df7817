"""Revocation: what CRLs and OCSP answers say about a certificate (identity rule C.4).

A source counts only when its signature is the issuer's (or, for OCSP, that of a responder the
issuer authorised) and it is fresh at the given time. "Revoked" is believed from a stale source
too; "good" is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from functools import partial
from itertools import pairwise
from typing import Final, Protocol

from integrations.kep import crl, ocsp
from integrations.kep.certificates import Certificate
from integrations.kep.errors import KepError, Reason
from integrations.kep.identity import read_title
from integrations.kep.trust import TrustStore

FUTURE_TOLERANCE: Final = timedelta(minutes=5)
"""How far the clock of a source may be ahead of ours."""

OCSP_AGE: Final = timedelta(hours=24)
"""How long an OCSP answer without nextUpdate counts as fresh."""

MAX_OCSP_AGE: Final = timedelta(days=7)
"""How old an OCSP answer may be, however far it puts nextUpdate: somebody may have kept it."""


class CertificateStatus(Enum):
    """What one source says."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class SourceKind(StrEnum):
    """Which kind of source spoke."""

    OCSP = "ocsp"
    CRL = "crl"


class Origin(StrEnum):
    """Where a source was taken from."""

    FILE = "file"
    NETWORK = "network"
    CACHE = "cache"


@dataclass(frozen=True)
class Statement:
    """Bytes of a CRL or OCSP answer, and where they were taken from."""

    data: bytes = field(repr=False)
    origin: Origin = Origin.FILE


@dataclass(frozen=True)
class Finding:
    """What is known about one certificate, and the bytes that prove it.

    Attributes:
        status: The outcome.
        covered: Whether any source spoke for the certificate at all, fresh or not.
        revoked_at: When it was revoked.
        kind: Which kind of source the outcome rests on; None when on none.
        this_update: For which moment that source spoke (thisUpdate).
        origin: Where it was taken from.
        evidence: Its bytes.
    """

    status: CertificateStatus
    covered: bool = False
    revoked_at: datetime | None = None
    kind: SourceKind | None = None
    this_update: datetime | None = None
    origin: Origin | None = None
    evidence: bytes | None = field(default=None, repr=False)


class RevocationSource(Protocol):
    """Where CRLs and OCSP answers come from: files, or a cache in front of the network."""

    def ocsp_answers(self, certificate: Certificate, issuer: Certificate) -> Iterable[Statement]:
        """Return OCSP answers that may speak of the certificate, best first."""
        ...

    def crls(
        self, certificate: Certificate, issuer: Certificate, *, needed: bool
    ) -> Iterable[Statement]:
        """Return CRLs that may speak of the certificate, best first.

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

    def ocsp_answers(self, certificate: Certificate, issuer: Certificate) -> Iterable[Statement]:
        """See :class:`RevocationSource`."""
        del certificate, issuer
        return [Statement(data) for data in self.ocsp_files]

    def crls(
        self, certificate: Certificate, issuer: Certificate, *, needed: bool
    ) -> Iterable[Statement]:
        """See :class:`RevocationSource`."""
        del certificate, issuer, needed
        return [Statement(data) for data in self.crl_files]


def require_not_revoked(
    path: Sequence[Certificate], *, trust: TrustStore, source: RevocationSource, at: datetime
) -> tuple[Finding, ...]:
    """Check every certificate of a path below its anchor.

    Returns:
        What was found for each of them, in the order of the path; nothing is covered where the
        operator has excused the issuer.

    Raises:
        KepError: ``revoked`` with the date; ``revocation_unknown`` with the name of the authority
            when nothing fresh says "good" and the operator has not excused it.
    """
    findings: list[Finding] = []
    for certificate, issuer in pairwise(path):
        finding = check(certificate, issuer, source=source, at=at)
        if finding.status is CertificateStatus.REVOKED:
            moment = "" if finding.revoked_at is None else f"{finding.revoked_at:%Y-%m-%d}"
            raise KepError(Reason.REVOKED, moment)
        excused = not finding.covered and _excused(certificate, issuer, trust)
        if finding.evidence is None and not excused:
            raise KepError(Reason.REVOCATION_UNKNOWN, read_title(issuer.subject))
        findings.append(finding)
    return tuple(findings)


def _excused(certificate: Certificate, issuer: Certificate, trust: TrustStore) -> bool:
    return issuer.fingerprint in trust.no_revocation or trust.is_stored_intermediate(certificate)


def check(
    certificate: Certificate, issuer: Certificate, *, source: RevocationSource, at: datetime
) -> Finding:
    """Ask OCSP first, then the CRLs; one "revoked" outweighs any number of "good"."""
    lists = list(source.crls(certificate, issuer, needed=False))
    answers = source.ocsp_answers(certificate, issuer)
    best = _best(_findings(answers, certificate, issuer, at, partial(_by_ocsp, lists=lists)))
    if best.status is CertificateStatus.REVOKED:
        return best
    if not lists and best.status is not CertificateStatus.GOOD:
        lists = list(source.crls(certificate, issuer, needed=True))
    return _best([best, *_findings(lists, certificate, issuer, at, _by_crl)])


def _best(findings: Iterable[Finding]) -> Finding:
    best = Finding(CertificateStatus.UNKNOWN)
    for finding in findings:
        if finding.status is CertificateStatus.REVOKED:
            return finding
        if best.status is not CertificateStatus.GOOD and finding.covered:
            best = finding
    return best


_Reader = Callable[[bytes, Certificate, Certificate, datetime], Finding]


def _findings(
    statements: Iterable[Statement],
    certificate: Certificate,
    issuer: Certificate,
    at: datetime,
    reader: _Reader,
) -> Iterable[Finding]:
    for statement in statements:
        try:
            finding = reader(statement.data, certificate, issuer, at)
            yield finding if finding.evidence is None else replace(finding, origin=statement.origin)
        except KepError:
            # An unusable source says nothing; the caller refuses when nothing is left.
            continue


def _by_crl(data: bytes, certificate: Certificate, issuer: Certificate, at: datetime) -> Finding:
    listing = crl.read_crl(data)
    if not crl.speaks_for(listing, certificate, issuer):
        return Finding(CertificateStatus.UNKNOWN)
    revoked_at = crl.revocation_date(listing, certificate.serial)
    if revoked_at is None and not is_fresh(listing.this_update, listing.next_update, at):
        return Finding(CertificateStatus.UNKNOWN, covered=True)
    return Finding(
        CertificateStatus.GOOD if revoked_at is None else CertificateStatus.REVOKED,
        covered=True,
        revoked_at=revoked_at,
        kind=SourceKind.CRL,
        this_update=listing.this_update,
        evidence=data,
    )


def _by_ocsp(
    data: bytes,
    certificate: Certificate,
    issuer: Certificate,
    at: datetime,
    *,
    lists: Sequence[Statement],
) -> Finding:
    """Read an OCSP answer; one of a responder that a list at hand names as revoked says nothing."""
    answer = ocsp.read_answer(data)
    single = ocsp.find_single(answer, certificate, issuer)
    signer = None if single is None else ocsp.authorised_signer(answer, issuer, at)
    if single is None or signer is None:
        return Finding(CertificateStatus.UNKNOWN)
    if signer is not issuer and any(
        finding.status is CertificateStatus.REVOKED
        for finding in _findings(lists, signer, issuer, at, _by_crl)
    ):
        return Finding(CertificateStatus.UNKNOWN)
    if single.revoked_at is None and not (single.good and is_fresh_answer(single, at)):
        return Finding(CertificateStatus.UNKNOWN, covered=True)
    return Finding(
        CertificateStatus.GOOD if single.revoked_at is None else CertificateStatus.REVOKED,
        covered=True,
        revoked_at=single.revoked_at,
        kind=SourceKind.OCSP,
        this_update=single.this_update,
        evidence=data,
    )


def is_fresh_answer(single: ocsp.SingleResponse, at: datetime) -> bool:
    """Return whether what an OCSP answer says may be relied on at a moment."""
    age = at - single.this_update
    if single.next_update is None:
        return is_fresh(single.this_update, at, at) and age <= OCSP_AGE
    return is_fresh(single.this_update, single.next_update, at) and age <= MAX_OCSP_AGE


def is_fresh(this_update: datetime, next_update: datetime | None, at: datetime) -> bool:
    """Return whether a source with these times may be relied on at a moment."""
    if next_update is None or this_update - at > FUTURE_TOLERANCE:
        return False
    return at <= next_update
