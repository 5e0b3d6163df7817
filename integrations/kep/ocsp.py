"""OCSP requests and answers (RFC 6960)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrations.kep import digests
from integrations.kep.certificates import (
    Certificate,
    Extension,
    Usage,
    read_certificate,
    read_extensions,
    signed_by,
)
from integrations.kep.der import (
    BIT_STRING,
    ENUMERATED,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    Node,
    context,
    encode,
    encode_integer,
    encode_oid,
    malformed,
    parse,
)
from integrations.kep.errors import KepError, Reason
from integrations.kep.keys import DstuKey
from integrations.kep.path import has_unknown_critical, is_issued_by
from integrations.kep.signatures import read_scheme

MAX_BYTES: Final = 64 * 1024
_MAX_CERTIFICATES: Final = 5
_BASIC: Final = "1.3.6.1.5.5.7.48.1.1"
_NONCE: Final = "1.3.6.1.5.5.7.48.1.2"
_RESPONDER_USAGE: Final = "1.3.6.1.5.5.7.3.9"
_GOOD: Final = context(0, constructed=False)
_REVOKED: Final = context(1)
_SUCCESSFUL: Final = 0


@dataclass(frozen=True)
class SingleResponse:
    """What an answer says about one certificate."""

    digest: str
    issuer_name: bytes
    issuer_key: bytes
    serial: int
    good: bool
    revoked_at: datetime | None
    this_update: datetime
    next_update: datetime | None


@dataclass(frozen=True, eq=False)
class BasicResponse:
    """A basic OCSP answer; nothing in it is verified yet."""

    tbs: bytes = field(repr=False)
    responder: Node = field(repr=False)
    singles: tuple[SingleResponse, ...]
    extensions: dict[str, Extension] = field(repr=False)
    algorithm: Node = field(repr=False)
    signature: bytes = field(repr=False)
    certificates: tuple[Certificate, ...] = field(repr=False)

    @property
    def nonce(self) -> bytes | None:
        """The nonce that the answer repeats.

        Raises:
            KepError: ``malformed``.
        """
        extension = self.extensions.get(_NONCE)
        return None if extension is None else parse(extension.value).octets()


def read_answer(data: bytes) -> BasicResponse:
    """Read an OCSPResponse with a basic answer.

    Raises:
        KepError: ``malformed`` (also for an error status), ``trailing_data``, ``too_large``,
            ``unsupported_algorithm``.
    """
    if len(data) > MAX_BYTES:
        raise KepError(Reason.TOO_LARGE, "OCSP answer")
    outer = parse(data, SEQUENCE).fields()
    if outer.next().integer(ENUMERATED) != _SUCCESSFUL:
        raise malformed("OCSP responder reports an error")
    typed = outer.next(context(0)).only().fields()
    if typed.next().oid() != _BASIC:
        raise malformed("kind of OCSP answer")
    basic = parse(typed.next(OCTET_STRING).octets()).fields()
    tbs_node, algorithm = basic.next(SEQUENCE), basic.next(SEQUENCE)
    signature = basic.next(BIT_STRING).bits()
    certificates = basic.optional(context(0))
    tbs = tbs_node.fields()
    tbs.optional(context(0))
    responder = tbs.next()
    tbs.next(GENERALIZED_TIME).moment()
    singles = tuple(_read_single(node) for node in tbs.next(SEQUENCE).children())
    extensions = tbs.optional(context(1))
    tbs.end()
    return BasicResponse(
        tbs=tbs_node.raw,
        responder=responder,
        singles=singles,
        extensions={} if extensions is None else read_extensions(extensions.only()),
        algorithm=algorithm,
        signature=signature,
        certificates=() if certificates is None else _read_certificates(certificates.only()),
    )


def _read_certificates(node: Node) -> tuple[Certificate, ...]:
    elements = list(node.require(SEQUENCE).children())
    if len(elements) > _MAX_CERTIFICATES:
        raise KepError(Reason.TOO_LARGE, "too many certificates")
    return tuple(read_certificate(element.raw) for element in elements)


def _read_single(node: Node) -> SingleResponse:
    fields = node.fields()
    identifier = fields.next(SEQUENCE).fields()
    digest = identifier.next(SEQUENCE).fields().next().oid()
    issuer_name, issuer_key = identifier.next().octets(), identifier.next().octets()
    serial = identifier.next(INTEGER).integer()
    identifier.end()
    status = fields.next()
    revoked_at = status.fields(_REVOKED).next().moment() if status.tag == _REVOKED else None
    this_update = fields.next(GENERALIZED_TIME).moment()
    next_update = fields.optional(context(0))
    extensions = fields.optional(context(1))
    fields.end()
    if extensions is not None and any(
        extension.critical for extension in read_extensions(extensions.only()).values()
    ):
        raise malformed("critical extension in an OCSP answer")
    return SingleResponse(
        digest=digest,
        issuer_name=issuer_name,
        issuer_key=issuer_key,
        serial=serial,
        good=status.tag == _GOOD,
        revoked_at=revoked_at,
        this_update=this_update,
        next_update=None if next_update is None else next_update.only().moment(),
    )


def find_single(
    answer: BasicResponse, certificate: Certificate, issuer: Certificate
) -> SingleResponse | None:
    """Find what the answer says about a certificate of this issuer."""
    for single in answer.singles:
        if single.serial == certificate.serial and _names_issuer(single, issuer):
            return single
    return None


def _names_issuer(single: SingleResponse, issuer: Certificate) -> bool:
    """Compare the digests of the issuer's name and key.

    They only select the certificate: the trust lies in the signature. So SHA-1 is accepted here,
    as every responder uses it, and of a ДСТУ 4145 key both forms seen: with and without the
    OCTET STRING around the point.
    """
    keys = [issuer.key_bytes]
    key = issuer.public_key
    if isinstance(key, DstuKey):
        keys.append(key.encoded)
    name_digest = _identifier_digest(single.digest, issuer.subject)
    return single.issuer_name == name_digest and any(
        single.issuer_key == _identifier_digest(single.digest, data) for data in keys
    )


def _identifier_digest(oid: str, data: bytes) -> bytes:
    if oid == digests.SHA_1:
        return hashlib.sha1(data, usedforsecurity=False).digest()
    return digests.compute(digests.require_strong(oid), data)


def authorised_signer(
    answer: BasicResponse, issuer: Certificate, at: datetime
) -> Certificate | None:
    """Return who signed the answer: the issuer or a responder that it authorised, else None.

    A delegated responder's certificate is issued by that same authority, has the purpose
    OCSPSigning, a key for signatures, and is valid at the given time.

    Raises:
        KepError: ``malformed`` or a refused algorithm.
    """
    scheme = read_scheme(answer.algorithm)
    candidates = [issuer, *answer.certificates]
    # The responder's name only tells whom to try first: the signature decides.
    candidates.sort(key=lambda candidate: candidate.subject not in answer.responder.content)
    for candidate in candidates:
        authorised = candidate is issuer or _is_delegated(candidate, issuer, at)
        if authorised and signed_by(candidate, scheme, answer.tbs, answer.signature, lasting=True):
            return candidate
    return None


def _is_delegated(candidate: Certificate, issuer: Certificate, at: datetime) -> bool:
    purposes, usage = candidate.extended_key_usage, candidate.key_usage
    return (
        candidate.issuer == issuer.subject
        and (usage is None or bool(usage & {Usage.DIGITAL_SIGNATURE, Usage.NON_REPUDIATION}))
        and purposes is not None
        and _RESPONDER_USAGE in purposes
        and not has_unknown_critical(candidate)
        and candidate.not_before <= at <= candidate.not_after
        and is_issued_by(candidate.raw, issuer.raw)
    )


def build_request(certificate: Certificate, issuer: Certificate, nonce: bytes) -> bytes:
    """Return the DER of a request for one certificate.

    The identifier is hashed with ГОСТ 34.311 for an issuer with a ДСТУ 4145 key, as the national
    profile asks, else with SHA-1, which every responder understands.

    Args:
        certificate: The certificate in question.
        issuer: Its issuer.
        nonce: Random bytes that the answer should repeat.
    """
    dstu = isinstance(issuer.public_key, DstuKey)
    digest = digests.GOST_34311 if dstu else digests.SHA_1
    identifier = encode(
        SEQUENCE,
        encode(SEQUENCE, encode_oid(digest), encode(NULL)),
        encode(OCTET_STRING, _identifier_digest(digest, issuer.subject)),
        encode(OCTET_STRING, _identifier_digest(digest, issuer.key_bytes)),
        encode_integer(certificate.serial),
    )
    extension = encode(
        SEQUENCE, encode_oid(_NONCE), encode(OCTET_STRING, encode(OCTET_STRING, nonce))
    )
    requests = encode(SEQUENCE, encode(SEQUENCE, identifier))
    extensions = encode(context(2), encode(SEQUENCE, extension))
    return encode(SEQUENCE, encode(SEQUENCE, requests, extensions))
