"""Makes certificates, messages, CRLs and OCSP answers, right ones and wrong ones."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from integrations.kep import cms, digests
from integrations.kep.certificates import Certificate, Usage, read_certificate
from integrations.kep.der import (
    BIT_STRING,
    BOOLEAN,
    ENUMERATED,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    context,
    encode,
    encode_oid,
    parse,
)
from sandbox.authority.keys import Key

AT = datetime(2026, 11, 23, tzinfo=UTC)
START = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2035, 1, 1, tzinfo=UTC)
SIGNING = (Usage.DIGITAL_SIGNATURE, Usage.NON_REPUDIATION)
ISSUING = (Usage.KEY_CERT_SIGN, Usage.CRL_SIGN)
QUALIFIED = "0.4.0.1862.1.1"
ON_DEVICE = "0.4.0.1862.1.4"
DRFO = "1.2.804.2.1.1.1.11.1.4.1.1"
EDRPOU = "1.2.804.2.1.1.1.11.1.4.2.1"
UNZR = "1.2.804.2.1.1.1.11.1.4.11.1"
PERSON = {"2.5.4.3": "Тестенко Тарас Тестович", "2.5.4.4": "Тестенко", "2.5.4.42": "Тарас"}

_serials = itertools.count(0x1000)


def integer(value: int) -> bytes:
    """Return an INTEGER."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def text(value: str) -> bytes:
    """Return a UTF8String."""
    return encode(0x0C, value.encode())


def printable(value: str) -> bytes:
    """Return a PrintableString, or a UTF8String where letters ask for it."""
    return encode(0x13, value.encode()) if value.isascii() else text(value)


def moment(value: datetime) -> bytes:
    """Return a GeneralizedTime."""
    return encode(GENERALIZED_TIME, value.strftime("%Y%m%d%H%M%SZ").encode())


def name(attributes: dict[str, str]) -> bytes:
    """Return a distinguished name."""
    return encode(
        SEQUENCE,
        *(
            encode(SET, encode(SEQUENCE, encode_oid(oid), text(value)))
            for oid, value in attributes.items()
        ),
    )


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    """Return one extension."""
    flag = encode(BOOLEAN, b"\xff") if critical else b""
    return encode(SEQUENCE, encode_oid(oid), flag, encode(OCTET_STRING, value))


def named_bits(bits: Sequence[int]) -> bytes:
    """Return a BIT STRING of named bits."""
    byte = sum(0x80 >> bit for bit in bits)
    return encode(BIT_STRING, b"\0", bytes((byte,)))


@dataclass
class Subject:
    """What a certificate shall say; the defaults are a person with a key on a secure device."""

    name: dict[str, str] = field(default_factory=lambda: dict(PERSON))
    usage: Sequence[int] | None = SIGNING
    authority: bool = False
    path_length: int | None = None
    purposes: Sequence[str] = ()
    attributes: dict[str, str] = field(default_factory=lambda: {DRFO: "3287401015"})
    statements: Sequence[str] = (QUALIFIED, ON_DEVICE)
    seal: bool = False
    not_before: datetime = START
    not_after: datetime = END
    extensions: Sequence[bytes] = ()
    key_info: bytes | None = None
    serial: int | None = None


@dataclass
class Holder:
    """A certificate with its private key."""

    key: Key
    raw: bytes

    @property
    def certificate(self) -> Certificate:
        """The parsed certificate."""
        return read_certificate(self.raw)


def authority(
    title: str, key: Key, issuer: Holder | None = None, subject: Subject | None = None
) -> Holder:
    """Make an authority, self-signed without an issuer."""
    wanted = subject or Subject()
    wanted.name, wanted.usage = {"2.5.4.3": title}, wanted.usage and ISSUING
    wanted.authority, wanted.attributes, wanted.statements = True, {}, ()
    return issue(wanted, key, issuer)


def issue(
    subject: Subject,
    key: Key,
    issuer: Holder | None = None,
    *,
    digest: str | None = None,
    damage: bool = False,
) -> Holder:
    """Issue a certificate."""
    signing_key = key if issuer is None else issuer.key
    chosen = digest or signing_key.digest
    algorithm = signing_key.algorithm(chosen)
    issuer_name = name(subject.name) if issuer is None else issuer.certificate.subject
    tbs = encode(
        SEQUENCE,
        encode(context(0), integer(2)),
        integer(next(_serials) if subject.serial is None else subject.serial),
        algorithm,
        issuer_name,
        encode(SEQUENCE, moment(subject.not_before), moment(subject.not_after)),
        name(subject.name),
        subject.key_info or key.key_info,
        encode(context(3), encode(SEQUENCE, *_extensions(subject, key, issuer))),
    )
    value = signing_key.sign(tbs + (b"!" if damage else b""), chosen, wrapped=True)
    return Holder(key, encode(SEQUENCE, tbs, algorithm, encode(BIT_STRING, b"\0", value)))


def _extensions(subject: Subject, key: Key, issuer: Holder | None) -> list[bytes]:
    identifier = hashlib.sha256(key.key_info).digest()
    issuing_key = key if issuer is None else issuer.key
    issuer_identifier = hashlib.sha256(issuing_key.key_info).digest()
    extensions = [
        extension("2.5.29.14", encode(OCTET_STRING, identifier)),
        extension(
            "2.5.29.35",
            encode(SEQUENCE, encode(context(0, constructed=False), issuer_identifier)),
        ),
    ]
    constraints = encode(BOOLEAN, b"\xff") if subject.authority else b""
    if subject.path_length is not None:
        constraints += integer(subject.path_length)
    extensions.append(extension("2.5.29.19", encode(SEQUENCE, constraints), critical=True))
    if subject.usage:
        extensions.append(extension("2.5.29.15", named_bits(subject.usage), critical=True))
    if subject.purposes:
        purposes = encode(SEQUENCE, *map(encode_oid, subject.purposes))
        extensions.append(extension("2.5.29.37", purposes))
    if subject.attributes:
        attributes = (
            encode(SEQUENCE, encode_oid(oid), encode(SET, printable(value)))
            for oid, value in subject.attributes.items()
        )
        extensions.append(extension("2.5.29.9", encode(SEQUENCE, *attributes)))
    statements = [encode(SEQUENCE, encode_oid(oid)) for oid in subject.statements]
    if subject.statements:
        kind = encode_oid("0.4.0.1862.1.6.2" if subject.seal else "0.4.0.1862.1.6.1")
        statements.append(encode(SEQUENCE, encode_oid("0.4.0.1862.1.6"), encode(SEQUENCE, kind)))
        extensions.append(extension("1.3.6.1.5.5.7.1.3", encode(SEQUENCE, *statements)))
    return [*extensions, *subject.extensions]


@dataclass
class Message:
    """How a message shall be made; the defaults are a sound attached signature."""

    content: bytes = b"challenge"
    attached: bool = True
    digest: str | None = None
    attribute_digest: str | None = None
    certificates: Sequence[bytes] | None = None
    named: Holder | None = None
    by_key_identifier: bool = False
    essential: Holder | None = None
    leave_out: Sequence[str] = ()
    extra_attributes: Sequence[bytes] = ()
    content_type: str = cms.DATA
    signed_type: str = cms.DATA
    hashed_content: bytes | None = None
    signature: bytes | None = None
    signers: int = 1
    plain: bool = False
    algorithm: bytes | None = None
    signing_time: datetime = AT


def attribute(oid: str, *values: bytes) -> bytes:
    """Return one CMS attribute."""
    return encode(SEQUENCE, encode_oid(oid), encode(SET, *values))


def sign(holder: Holder, message: Message | None = None) -> bytes:
    """Make CMS SignedData."""
    wanted = message or Message()
    digest = wanted.digest or holder.key.digest
    signer = _signer_info(holder, wanted, digest)
    content = encode(context(0), encode(OCTET_STRING, wanted.content)) if wanted.attached else b""
    certificates = [holder.raw] if wanted.certificates is None else wanted.certificates
    signed = encode(
        SEQUENCE,
        integer(1),
        encode(SET, encode(SEQUENCE, encode_oid(digest))),
        encode(SEQUENCE, encode_oid(wanted.content_type), content),
        encode(context(0), *certificates) if certificates else b"",
        encode(SET, *([signer] * wanted.signers)),
    )
    return encode(SEQUENCE, encode_oid(cms.SIGNED_DATA), encode(context(0), signed))


def _signer_info(holder: Holder, wanted: Message, digest: str) -> bytes:
    named = (wanted.named or holder).certificate
    if wanted.by_key_identifier:
        identifier = encode(context(0, constructed=False), named.subject_key_identifier or b"")
    else:
        identifier = encode(SEQUENCE, named.issuer, integer(named.serial))
    attributes = b"".join(_attributes(holder, wanted, digest))
    data = wanted.content if wanted.plain else encode(SET, attributes)
    signature = wanted.signature
    if signature is None:
        signature = holder.key.sign(data, digest)
    return encode(
        SEQUENCE,
        integer(1),
        identifier,
        encode(SEQUENCE, encode_oid(digest)),
        b"" if wanted.plain else encode(context(0), attributes),
        wanted.algorithm or holder.key.algorithm(digest),
        encode(OCTET_STRING, signature),
    )


def _attributes(holder: Holder, wanted: Message, digest: str) -> list[bytes]:
    hashed = wanted.content if wanted.hashed_content is None else wanted.hashed_content
    essential = (wanted.essential or holder).raw
    by_oid = {
        cms.CONTENT_TYPE: encode_oid(wanted.signed_type),
        cms.SIGNING_TIME: moment(wanted.signing_time),
        cms.MESSAGE_DIGEST: encode(OCTET_STRING, strong_or_sha1(digest, hashed)),
        cms.SIGNING_CERTIFICATE_V2: _essential(
            essential, wanted.attribute_digest or wanted.digest or holder.key.digest
        ),
    }
    made = [attribute(oid, value) for oid, value in by_oid.items() if oid not in wanted.leave_out]
    return [*made, *wanted.extra_attributes]


def strong_or_sha1(digest: str, data: bytes) -> bytes:
    """Compute a digest, SHA-1 included."""
    if digest == digests.SHA_1:
        return hashlib.sha1(data).digest()  # noqa: S324 - OCSP names issuers by it
    return digests.compute(digest, data)


def _essential(certificate: bytes, digest: str) -> bytes:
    algorithm = encode(SEQUENCE, encode_oid(digest))
    value = encode(OCTET_STRING, strong_or_sha1(digest, certificate))
    return encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, algorithm, value)))


def make_crl(
    issuer: Holder,
    revoked: Sequence[Certificate] = (),
    *,
    this_update: datetime = datetime(2026, 11, 20, tzinfo=UTC),
    next_update: datetime | None = datetime(2026, 12, 20, tzinfo=UTC),
    extensions: Sequence[bytes] = (),
    signed_by: Key | None = None,
) -> bytes:
    """Make a CRL."""
    key = signed_by or issuer.key
    algorithm = key.algorithm(key.digest)
    entries = [
        encode(SEQUENCE, integer(item.serial), moment(datetime(2026, 6, 1, tzinfo=UTC)))
        for item in revoked
    ]
    tbs = encode(
        SEQUENCE,
        integer(1),
        algorithm,
        issuer.certificate.subject,
        moment(this_update),
        b"" if next_update is None else moment(next_update),
        encode(SEQUENCE, *entries) if entries else b"",
        encode(context(0), encode(SEQUENCE, extension("2.5.29.20", integer(7)), *extensions)),
    )
    value = key.sign(tbs, key.digest, wrapped=True)
    return encode(SEQUENCE, tbs, algorithm, encode(BIT_STRING, b"\0", value))


@dataclass
class OcspAnswer:
    """How an OCSP answer shall be made."""

    status: str = "good"
    this_update: datetime = datetime(2026, 11, 22, 23, tzinfo=UTC)
    next_update: datetime | None = datetime(2026, 11, 24, tzinfo=UTC)
    digest: str = digests.SHA_1
    responder: Holder | None = None
    nonce: bytes | None = None
    inner_key: bool = False


def make_ocsp(issuer: Holder, certificate: Certificate, answer: OcspAnswer | None = None) -> bytes:
    """Make an OCSP answer, signed by the issuer or by a delegated responder."""
    wanted = answer or OcspAnswer()
    responder = wanted.responder or issuer
    key = responder.key
    algorithm = key.algorithm(key.digest)
    extensions = b""
    if wanted.nonce is not None:
        nonce = extension("1.3.6.1.5.5.7.48.1.2", encode(OCTET_STRING, wanted.nonce))
        extensions = encode(context(1), encode(SEQUENCE, nonce))
    data = encode(
        SEQUENCE,
        encode(context(1), responder.certificate.subject),
        moment(wanted.this_update),
        encode(SEQUENCE, _single(issuer, certificate, wanted)),
        extensions,
    )
    certificates = (
        encode(context(0), encode(SEQUENCE, wanted.responder.raw)) if wanted.responder else b""
    )
    value = key.sign(data, key.digest, wrapped=True)
    basic = encode(SEQUENCE, data, algorithm, encode(BIT_STRING, b"\0", value), certificates)
    typed = encode(SEQUENCE, encode_oid("1.3.6.1.5.5.7.48.1.1"), encode(OCTET_STRING, basic))
    return encode(SEQUENCE, encode(ENUMERATED, b"\0"), encode(context(0), typed))


def _single(issuer: Holder, certificate: Certificate, wanted: OcspAnswer) -> bytes:
    key = issuer.certificate.key_bytes
    if wanted.inner_key:
        key = parse(key).octets()
    statuses = {
        "good": encode(context(0, constructed=False)),
        "revoked": encode(context(1), moment(datetime(2026, 6, 1, tzinfo=UTC))),
        "unknown": encode(context(2, constructed=False)),
    }
    identifier = encode(
        SEQUENCE,
        encode(SEQUENCE, encode_oid(wanted.digest), encode(NULL)),
        encode(OCTET_STRING, strong_or_sha1(wanted.digest, issuer.certificate.subject)),
        encode(OCTET_STRING, strong_or_sha1(wanted.digest, key)),
        integer(certificate.serial),
    )
    following = (
        b"" if wanted.next_update is None else encode(context(0), moment(wanted.next_update))
    )
    return encode(
        SEQUENCE, identifier, statuses[wanted.status], moment(wanted.this_update), following
    )
