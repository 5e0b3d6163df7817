"""CMS SignedData with the attributes of CAdES-BES (RFC 5652, ETSI EN 319 122-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.kep import digests
from integrations.kep.certificates import Certificate, read_certificate
from integrations.kep.der import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    SET,
    Node,
    context,
    encode,
    malformed,
    parse,
)
from integrations.kep.errors import KepError, Reason
from integrations.kep.signatures import Scheme, read_scheme

DATA: Final = "1.2.840.113549.1.7.1"
SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"

_FORMATS: Final = (
    ("CAdES-A", {"0.4.0.1733.2.4", "1.2.840.113549.1.9.16.2.27", "1.2.840.113549.1.9.16.2.48"}),
    ("CAdES-X Long", {"1.2.840.113549.1.9.16.2.23", "1.2.840.113549.1.9.16.2.24"}),
    ("CAdES-C", {"1.2.840.113549.1.9.16.2.21", "1.2.840.113549.1.9.16.2.22"}),
    ("CAdES-T", {"1.2.840.113549.1.9.16.2.14"}),
)
"""Levels from the highest, by what they add: archive time stamps, values, references, a time stamp."""

MAX_CERTIFICATES: Final = 10
MAX_ATTRIBUTE_BYTES: Final = 16 * 1024
_DIRECTORY_NAME: Final = context(4)


@dataclass(frozen=True)
class SignerInfo:
    """The one signer of a message."""

    issuer: bytes | None
    serial: int | None
    key_identifier: bytes | None
    digest: str
    attributes: Node | None
    signature_algorithm: Node
    signature: bytes
    unsigned: Node | None


@dataclass(frozen=True)
class SignedAttributes:
    """The attributes that a КЕП must have; the signing time is a claim and for display only."""

    data: bytes
    message_digest: bytes
    signing_certificate: Node | None
    signing_time: datetime | None


@dataclass(frozen=True)
class SignedData:
    """A parsed message; nothing in it is verified yet.

    Attributes:
        content: The attached content, None for a detached signature.
        certificates: The readable certificates that came along.
        unreadable: How many others there were.
        signer: The signer.
    """

    content: bytes | None
    certificates: tuple[Certificate, ...]
    unreadable: int
    signer: SignerInfo


def read_signed_data(data: bytes) -> SignedData:
    """Read a ContentInfo with SignedData in BER or DER.

    Raises:
        KepError: ``malformed``, ``trailing_data``, ``no_signer``, ``several_signers``,
            ``too_large`` for more than ten certificates, ``weak_digest``,
            ``unsupported_algorithm``, ``bad_parameters``.
    """
    outer = parse(data, SEQUENCE).fields()
    if outer.next().oid() != SIGNED_DATA:
        raise malformed("not SignedData")
    fields = outer.next(context(0)).only().fields()
    outer.end()
    fields.next(INTEGER)
    fields.next(SET)
    encapsulated = fields.next().fields()
    content_type, content = encapsulated.next().oid(), encapsulated.optional(context(0))
    encapsulated.end()
    certificate_set = fields.optional(context(0))
    fields.optional(context(1))
    signers = list(fields.next(SET).children())
    fields.end()
    if not signers:
        raise KepError(Reason.NO_SIGNER)
    if len(signers) > 1:
        raise KepError(Reason.SEVERAL_SIGNERS)
    if content_type != DATA:
        raise malformed("content is not plain data")
    certificates, unreadable = _read_certificate_set(certificate_set)
    return SignedData(
        content=None if content is None else content.only().octets(),
        certificates=certificates,
        unreadable=unreadable,
        signer=_read_signer(signers[0]),
    )


def detached(data: bytes) -> bytes:
    """Return a SignedData without the content that it carries; the rest keeps its bytes, so it stays signed.

    Raises:
        KepError: as `read_signed_data`.
    """
    if read_signed_data(data).content is None:
        return data
    outer = list(parse(data, SEQUENCE).children())
    version, algorithms, encapsulated, *rest = outer[1].only().children()
    content_type = next(encapsulated.children())
    signed = encode(
        SEQUENCE,
        version.raw,
        algorithms.raw,
        encode(SEQUENCE, content_type.raw),
        *(part.raw for part in rest),
    )
    return encode(SEQUENCE, outer[0].raw, encode(context(0), signed))


def _read_certificate_set(node: Node | None) -> tuple[tuple[Certificate, ...], int]:
    elements = [] if node is None else list(node.children())
    if len(elements) > MAX_CERTIFICATES:
        raise KepError(Reason.TOO_LARGE, "too many certificates")
    certificates: list[Certificate] = []
    for element in elements:
        try:
            certificates.append(read_certificate(element.require(SEQUENCE).raw))
        except KepError:
            # A certificate that is not the signer's is a hint and may be of any kind.
            continue
    return tuple(certificates), len(elements) - len(certificates)


def _read_signer(node: Node) -> SignerInfo:
    fields = node.fields()
    fields.next(INTEGER)
    issuer = serial = key_identifier = None
    identifier = fields.next()
    if identifier.tag == SEQUENCE:
        name_and_number = identifier.fields()
        issuer = name_and_number.next(SEQUENCE).raw
        serial = name_and_number.next(INTEGER).integer()
        name_and_number.end()
    else:
        key_identifier = identifier.octets(context(0, constructed=False))
    digest = digests.read_algorithm(fields.next())
    attributes = fields.optional(context(0))
    signature_algorithm = fields.next()
    signature = fields.next().octets()
    unsigned = fields.optional(context(1))
    fields.end()
    return SignerInfo(
        issuer=issuer,
        serial=serial,
        key_identifier=key_identifier,
        digest=digest,
        attributes=attributes,
        signature_algorithm=signature_algorithm,
        signature=signature,
        unsigned=unsigned,
    )


def read_format(signer: SignerInfo) -> str:
    """Name the level of CAdES by the kinds of unsigned attributes, whose contents are not read.

    Raises:
        KepError: ``malformed``.
    """
    found: set[str] = set()
    for attribute in () if signer.unsigned is None else signer.unsigned.children():
        found.add(attribute.fields().next().oid())
    return next((name for name, oids in _FORMATS if found & oids), "CAdES-BES")


def read_scheme_of(signer: SignerInfo) -> Scheme:
    """Return the signature algorithm, whose digest must be the one of the signer.

    Raises:
        KepError: See :func:`integrations.kep.signatures.read_scheme`.
    """
    return read_scheme(signer.signature_algorithm, signer.digest)


def read_attributes(signer: SignerInfo) -> SignedAttributes:
    """Read the signed attributes.

    The signature covers them as a SET. They are hashed as received with only the tag replaced:
    some producers do not sort them, and sorting here would break their signatures.

    Raises:
        KepError: ``malformed`` when there are none, one is missing or occurs twice, ``too_large``.
    """
    node = signer.attributes
    if node is None or not node.definite:
        raise malformed("no signed attributes")
    if len(node.raw) > MAX_ATTRIBUTE_BYTES:
        raise KepError(Reason.TOO_LARGE, "signed attributes")
    values: dict[str, Node] = {}
    for attribute in node.children():
        fields = attribute.fields()
        oid, value_set = fields.next().oid(), fields.next(SET)
        fields.end()
        if oid in values:
            raise malformed("a signed attribute occurs twice")
        values[oid] = value_set
    for oid in (CONTENT_TYPE, MESSAGE_DIGEST):
        if oid not in values:
            raise malformed("a required signed attribute is missing")
    if values[CONTENT_TYPE].only().oid() != DATA:
        raise malformed("signed content type is not plain data")
    certificate, time = values.get(SIGNING_CERTIFICATE_V2), values.get(SIGNING_TIME)
    return SignedAttributes(
        data=bytes((SET,)) + node.raw[1:],
        message_digest=values[MESSAGE_DIGEST].only().octets(),
        signing_certificate=None if certificate is None else certificate.only(),
        signing_time=None if time is None else time.only().moment(),
    )


def could_be_attributes(content: bytes) -> bool:
    """Return whether bytes are a SET of attributes, as a signature over attributes covers one.

    Without attributes a signature covers the content itself, with them their SET: the same value
    may then be shown as a signature over either. So attributes are always required here, and
    nothing is accepted as content that another reader could take for them.
    """
    if content[:1] != bytes((SET,)):
        return False
    try:
        for attribute in parse(content).children():
            fields = attribute.fields()
            fields.next().oid()
            fields.next(SET)
            fields.end()
    except KepError:
        return False
    return True


def find_signer(message: SignedData, attributes: SignedAttributes) -> Certificate:
    """Find the signer's certificate, wherever it stands, and check that it is the signed one.

    Another certificate over the same key passes the signature itself; only the digest in
    signingCertificateV2 shows the exchange, so the attribute is required.

    Raises:
        KepError: ``certificate_missing``, ``certificate_substituted``, ``malformed``.
    """
    named = [
        certificate
        for certificate in message.certificates
        if _is_named_by(certificate, message.signer)
    ]
    if not named:
        if message.unreadable:
            raise malformed("the signer's certificate cannot be read")
        raise KepError(Reason.CERTIFICATE_MISSING)
    if attributes.signing_certificate is None:
        raise KepError(Reason.CERTIFICATE_SUBSTITUTED, "no signingCertificateV2")
    for certificate in named:
        if _matches(attributes.signing_certificate, certificate):
            return certificate
    raise KepError(Reason.CERTIFICATE_SUBSTITUTED, "signingCertificateV2 names another one")


def _is_named_by(certificate: Certificate, signer: SignerInfo) -> bool:
    if signer.issuer is not None:
        return (certificate.issuer, certificate.serial) == (signer.issuer, signer.serial)
    try:
        identifier = certificate.subject_key_identifier
    except KepError:
        return False
    return identifier is not None and identifier == signer.key_identifier


def _matches(attribute: Node, certificate: Certificate) -> bool:
    """Compare the first ESSCertIDv2 with a certificate (RFC 5035)."""
    identifiers = attribute.fields().next(SEQUENCE)
    first = next(identifiers.children(), None)
    if first is None:
        raise malformed("empty signingCertificateV2")
    fields = first.fields()
    algorithm = fields.optional(SEQUENCE)
    digest = digests.SHA_256 if algorithm is None else digests.read_algorithm(algorithm)
    value = fields.next(OCTET_STRING).content
    issuer_serial = fields.optional(SEQUENCE)
    fields.end()
    if digests.compute(digest, certificate.raw) != value:
        return False
    return issuer_serial is None or _same_issuer_serial(issuer_serial, certificate)


def _same_issuer_serial(node: Node, certificate: Certificate) -> bool:
    fields = node.fields()
    names: Sequence[Node] = list(fields.next(SEQUENCE).children())
    serial = fields.next(INTEGER).integer()
    if serial != certificate.serial:
        return False
    return any(
        name.tag == _DIRECTORY_NAME and name.only().raw == certificate.issuer for name in names
    )
