"""The trust store: whom we believe, decided by the operator and by nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from integrations.kep.certificates import Certificate, read_certificates
from integrations.kep.errors import KepError

_SUFFIXES: Final = frozenset({".cer", ".crt", ".der", ".pem"})
_FILE_OCTETS: Final = 16 * 1024 * 1024


class OperatorInputError(Exception):
    """A file that the operator named cannot be used; says nothing about any signature."""


@dataclass(frozen=True)
class ServiceUrls:
    """Where an authority publishes revocation data; from the trust list, not from certificates."""

    ocsp: str | None = None
    crl: str | None = None


@dataclass(frozen=True)
class TrustStore:
    """Authorities chosen by the operator.

    Attributes:
        anchors: Where a path may end. Usually self-signed; an authority pinned here needs nothing
            above it.
        intermediates: Authorities that stand below an anchor. Their place in the store already is
            the operator's approval, so for them missing revocation data is no refusal; data that
            says "revoked", or that exists and is stale, is.
        no_revocation: SHA-256 fingerprints of authorities that publish no revocation data. What
            they issued is accepted without; for tests and closed systems only.
    """

    anchors: tuple[Certificate, ...]
    intermediates: tuple[Certificate, ...] = ()
    no_revocation: frozenset[str] = frozenset()

    def named(self, subject: bytes) -> tuple[Certificate, ...]:
        """Return the stored certificates with this subject name (DER)."""
        return tuple(
            certificate
            for certificate in (*self.anchors, *self.intermediates)
            if certificate.subject == subject
        )

    def is_anchor(self, certificate: Certificate) -> bool:
        """Return whether a path may end at this certificate."""
        return any(certificate.raw == anchor.raw for anchor in self.anchors)

    def is_stored_intermediate(self, certificate: Certificate) -> bool:
        """Return whether the operator put this authority below an anchor."""
        return any(certificate.raw == stored.raw for stored in self.intermediates)


def store_of(
    certificates: Iterable[Certificate],
    *,
    pinned: Iterable[Certificate] = (),
    no_revocation: Iterable[Certificate] = (),
) -> TrustStore:
    """Make a store: self-signed certificates are anchors, others intermediates.

    Args:
        certificates: What the operator collected.
        pinned: Further anchors, self-signed or not.
        no_revocation: Authorities that publish no revocation data.
    """
    anchors = list(pinned)
    intermediates: list[Certificate] = []
    for certificate in certificates:
        target = anchors if _is_self_signed(certificate) else intermediates
        target.append(certificate)
    return TrustStore(
        anchors=tuple(anchors),
        intermediates=tuple(intermediates),
        no_revocation=frozenset(certificate.fingerprint for certificate in no_revocation),
    )


def load_directory(
    directory: Path,
    *,
    pinned: Iterable[Certificate] = (),
    no_revocation: Iterable[Certificate] = (),
) -> TrustStore:
    """Read every certificate file of a directory into a store; see :func:`store_of`.

    Raises:
        OperatorInputError: The directory or a file in it cannot be read.
    """
    files = read_directory(directory).values()
    return store_of(chain.from_iterable(files), pinned=pinned, no_revocation=no_revocation)


def read_directory(directory: Path) -> dict[Path, list[Certificate]]:
    """Read the certificates of a directory by their file, in the order of the names.

    A file with the name of a certificate must hold one; of files without any suffix those count
    that do. All others are left alone: renaming is how people take a certificate out.

    Raises:
        OperatorInputError: The directory or a file in it cannot be read.
    """
    try:
        paths = sorted(directory.iterdir())
    except OSError as error:
        raise OperatorInputError(f"{directory}: {error.strerror}") from error
    files: dict[Path, list[Certificate]] = {}
    for path in paths:
        if path.suffix.lower() in _SUFFIXES:
            files[path] = load_certificates(path)
        elif not path.suffix and path.is_file():
            with suppress(OperatorInputError):
                files[path] = load_certificates(path)
    return files


def load_certificates(path: Path) -> list[Certificate]:
    """Read a DER or PEM file of certificates.

    Raises:
        OperatorInputError: The file cannot be read or holds no certificate.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_FILE_OCTETS + 1)
        if len(data) > _FILE_OCTETS:
            raise OperatorInputError(f"{path}: too large for certificates")
        return read_certificates(data)
    except OSError as error:
        raise OperatorInputError(f"{path}: {error.strerror}") from error
    except KepError as error:
        raise OperatorInputError(f"{path}: {error}") from error


def _is_self_signed(certificate: Certificate) -> bool:
    """Return whether a certificate carries its own signature.

    A root with an algorithm that we refuse cannot be an anchor; beside usable ones it does no harm.
    """
    if not certificate.self_issued:
        return False
    try:
        return certificate.is_signed_by(certificate)
    except KepError:
        return False
