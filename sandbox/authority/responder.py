"""What the demonstration authorities tell about their certificates: CRL and OCSP."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.kep.certificates import Certificate, read_extensions
from integrations.kep.der import ENUMERATED, INTEGER, SEQUENCE, context, encode, parse
from integrations.kep.errors import KepError
from sandbox.authority import maker
from sandbox.authority.keyring import Keyring
from sandbox.authority.people import Algorithm

OCSP_LIFETIME = timedelta(minutes=10)
CRL_LIFETIME = timedelta(days=7)
MAX_REQUEST = 4096

_MALFORMED, _UNAUTHORISED = 1, 6
_NONCE = "1.3.6.1.5.5.7.48.1.2"


@dataclass(frozen=True)
class _Question:
    digest: str
    serial: int
    nonce: bytes | None


def certificate_list(ring: Keyring, algorithm: Algorithm, *, now: datetime) -> bytes:
    """Return the list of revoked certificates of an authority, in DER."""
    revoked = [holder.certificate for holder in ring.revoked(algorithm)]
    return maker.make_crl(
        ring.authority(algorithm), revoked, this_update=now, next_update=now + CRL_LIFETIME
    )


def status_answer(ring: Keyring, algorithm: Algorithm, request: bytes, *, now: datetime) -> bytes:
    """Return the OCSP answer to a request, in DER; for a certificate of nobody we know an error."""
    try:
        question = _read(request)
    except (KepError, StopIteration):
        return _error(_MALFORMED)
    certificate = _issued(ring, algorithm, question.serial)
    if certificate is None:
        return _error(_UNAUTHORISED)
    revoked = [holder.certificate.serial for holder in ring.revoked(algorithm)]
    answer = maker.OcspAnswer(
        status="revoked" if certificate.serial in revoked else "good",
        this_update=now,
        next_update=now + OCSP_LIFETIME,
        digest=question.digest,
        nonce=question.nonce,
    )
    return maker.make_ocsp(ring.authority(algorithm), certificate, answer)


def _issued(ring: Keyring, algorithm: Algorithm, serial: int) -> Certificate | None:
    issuer = ring.authority(algorithm).certificate.subject
    for holder in ring.holders.values():
        certificate = holder.certificate
        if (certificate.serial, certificate.issuer) == (serial, issuer):
            return certificate
    return None


def _read(request: bytes) -> _Question:
    """Read a request for one certificate (RFC 6960, 4.1)."""
    fields = parse(request).fields().next(SEQUENCE).fields()
    fields.optional(context(0))
    fields.optional(context(1))
    first = next(fields.next(SEQUENCE).children())
    identifier = first.fields().next(SEQUENCE).fields()
    digest = identifier.next(SEQUENCE).fields().next().oid()
    identifier.next()
    identifier.next()
    serial = identifier.next(INTEGER).integer()
    extensions = fields.optional(context(2))
    nonce = None if extensions is None else read_extensions(extensions.only()).get(_NONCE)
    return _Question(digest, serial, None if nonce is None else parse(nonce.value).octets())


def _error(status: int) -> bytes:
    return encode(SEQUENCE, encode(ENUMERATED, bytes((status,))))
