"""X.509 certificates, read as far as the rules of path and identity need."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from integrations.kep.armour import is_binary
from integrations.kep.der import (
    BIT_STRING,
    BOOLEAN,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    Node,
    context,
    malformed,
    parse,
)
from integrations.kep.errors import KepError, Reason
from integrations.kep.keys import PublicKey, read_public_key
from integrations.kep.signatures import Scheme, certificate_signature, read_scheme, verify

BASIC_CONSTRAINTS: Final = "2.5.29.19"
KEY_USAGE: Final = "2.5.29.15"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
SUBJECT_KEY_IDENTIFIER: Final = "2.5.29.14"
AUTHORITY_KEY_IDENTIFIER: Final = "2.5.29.35"
CRL_DISTRIBUTION_POINTS: Final = "2.5.29.31"
SUBJECT_DIRECTORY_ATTRIBUTES: Final = "2.5.29.9"
QC_STATEMENTS: Final = "1.3.6.1.5.5.7.1.3"

UNDERSTOOD: Final = frozenset(
    {
        BASIC_CONSTRAINTS,
        KEY_USAGE,
        EXTENDED_KEY_USAGE,
        SUBJECT_KEY_IDENTIFIER,
        AUTHORITY_KEY_IDENTIFIER,
        CRL_DISTRIBUTION_POINTS,
        SUBJECT_DIRECTORY_ATTRIBUTES,
        QC_STATEMENTS,
        "2.5.29.16",  # private key usage period
        "2.5.29.17",  # subject alternative name
        "2.5.29.18",  # issuer alternative name
        "2.5.29.32",  # certificate policies
        "2.5.29.46",  # freshest CRL
        "1.3.6.1.5.5.7.1.1",  # authority information access
        "1.3.6.1.5.5.7.1.11",  # subject information access
        "1.3.6.1.5.5.7.48.1.5",  # OCSP no check
    }
)
"""Extensions that may be critical; all others must not be (name constraints among them)."""

MAX_BYTES: Final = 8 * 1024
_PEM: Final = re.compile(
    rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----"
)


class Usage:
    """Bits of the keyUsage extension (RFC 5280, 4.2.1.3)."""

    DIGITAL_SIGNATURE: Final = 0
    NON_REPUDIATION: Final = 1
    KEY_AGREEMENT: Final = 4
    KEY_CERT_SIGN: Final = 5
    CRL_SIGN: Final = 6


@dataclass(frozen=True)
class Extension:
    """One extension with its undecoded value."""

    critical: bool
    value: bytes


@dataclass(frozen=True)
class BasicConstraints:
    """Whether the subject is an authority and how many authorities may follow it."""

    authority: bool
    path_length: int | None


@dataclass(frozen=True, eq=False)
class Certificate:
    """A certificate as received; names are kept as DER and compared byte by byte."""

    raw: bytes = field(repr=False)
    tbs: bytes = field(repr=False)
    serial: int
    issuer: bytes = field(repr=False)
    subject: bytes = field(repr=False)
    not_before: datetime
    not_after: datetime
    key_info: Node = field(repr=False)
    extensions: dict[str, Extension] = field(repr=False)
    signature_algorithm: Node = field(repr=False)
    signature: bytes = field(repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the DER, lower-case hex."""
        return hashlib.sha256(self.raw).hexdigest()

    @cached_property
    def public_key(self) -> PublicKey:
        """The subject's key.

        Raises:
            KepError: See :func:`integrations.kep.keys.read_public_key`.
        """
        return read_public_key(self.key_info)

    @property
    def key_bytes(self) -> bytes:
        """Contents of the BIT STRING with the key: what OCSP and key identifiers hash."""
        return list(self.key_info.children())[1].bits()

    @cached_property
    def basic_constraints(self) -> BasicConstraints:
        """The basicConstraints extension; absent means no authority."""
        extension = self.extensions.get(BASIC_CONSTRAINTS)
        if extension is None:
            return BasicConstraints(authority=False, path_length=None)
        fields = parse(extension.value).fields()
        flag, length = fields.optional(BOOLEAN), fields.optional(INTEGER)
        fields.end()
        return BasicConstraints(
            authority=flag is not None and flag.boolean(),
            path_length=None if length is None else length.integer(),
        )

    @cached_property
    def key_usage(self) -> frozenset[int] | None:
        """The bits of keyUsage, None when the extension is absent."""
        extension = self.extensions.get(KEY_USAGE)
        return None if extension is None else parse(extension.value).flags()

    @cached_property
    def extended_key_usage(self) -> frozenset[str] | None:
        """The purposes of extendedKeyUsage, None when the extension is absent."""
        extension = self.extensions.get(EXTENDED_KEY_USAGE)
        if extension is None:
            return None
        return frozenset(
            purpose.oid() for purpose in parse(extension.value).require(SEQUENCE).children()
        )

    @cached_property
    def subject_key_identifier(self) -> bytes | None:
        """The subject's key identifier."""
        extension = self.extensions.get(SUBJECT_KEY_IDENTIFIER)
        return None if extension is None else parse(extension.value).octets()

    @cached_property
    def authority_key_identifier(self) -> bytes | None:
        """The key identifier of the issuer, if the extension names one."""
        extension = self.extensions.get(AUTHORITY_KEY_IDENTIFIER)
        if extension is None:
            return None
        identifier = parse(extension.value).fields().optional(context(0, constructed=False))
        return None if identifier is None else identifier.content

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer have the same name."""
        return self.subject == self.issuer

    def is_signed_by(self, issuer: Certificate, *, lasting: bool = False) -> bool:
        """Verify the signature with the issuer's key, whatever its name.

        Args:
            issuer: Whose key.
            lasting: Whether the key will come again: that of an authority in the trust store.

        Raises:
            KepError: The algorithm or the key is refused.
        """
        scheme = read_scheme(self.signature_algorithm)
        return signed_by(issuer, scheme, self.tbs, self.signature, lasting=lasting)


def signed_by(
    issuer: Certificate, scheme: Scheme, data: bytes, bits: bytes, *, lasting: bool
) -> bool:
    """Verify the signature of a certificate, CRL or OCSP answer.

    Raises:
        KepError: The algorithm or the key is refused, or the value is malformed.
    """
    value = certificate_signature(scheme, bits)
    return verify(issuer.public_key, scheme, data, value, lasting=lasting)


def read_certificate(data: bytes) -> Certificate:
    """Read one certificate in DER.

    Raises:
        KepError: ``malformed``, ``trailing_data`` or ``too_large``.
    """
    if len(data) > MAX_BYTES:
        raise KepError(Reason.TOO_LARGE, "certificate")
    outer = parse(data, SEQUENCE).fields()
    tbs_node = outer.next(SEQUENCE)
    algorithm = outer.next(SEQUENCE)
    signature = outer.next(BIT_STRING).bits()
    outer.end()
    tbs = tbs_node.fields()
    version = tbs.optional(context(0))
    if version is not None and version.only().integer() != 2:
        raise malformed("certificate version")
    serial = tbs.next(INTEGER).integer()
    inner_algorithm = tbs.next(SEQUENCE)
    if inner_algorithm.raw != algorithm.raw:
        raise malformed("the two signature algorithms differ")
    issuer = tbs.next(SEQUENCE)
    validity = tbs.next(SEQUENCE).fields()
    not_before, not_after = validity.next(), validity.next()
    validity.end()
    subject, key_info = tbs.next(SEQUENCE), tbs.next(SEQUENCE)
    tbs.optional(context(1, constructed=False))
    tbs.optional(context(2, constructed=False))
    extensions = tbs.optional(context(3))
    tbs.end()
    return Certificate(
        raw=data,
        tbs=tbs_node.raw,
        serial=serial,
        issuer=issuer.raw,
        subject=subject.raw,
        not_before=not_before.moment(),
        not_after=not_after.moment(),
        key_info=key_info,
        extensions={} if extensions is None else read_extensions(extensions.only()),
        signature_algorithm=algorithm,
        signature=signature,
    )


def read_extensions(node: Node) -> dict[str, Extension]:
    """Read a list of extensions, each at most once.

    Raises:
        KepError: ``malformed``.
    """
    extensions: dict[str, Extension] = {}
    for entry in node.require(SEQUENCE).children():
        fields = entry.fields()
        oid = fields.next().oid()
        critical = fields.optional(BOOLEAN)
        value = fields.next(OCTET_STRING).content
        fields.end()
        if oid in extensions:
            raise malformed("an extension occurs twice")
        extensions[oid] = Extension(critical is not None and critical.boolean(), value)
    return extensions


def read_certificates(data: bytes) -> list[Certificate]:
    """Read a file with one DER certificate or with PEM certificates and any text around them.

    Raises:
        KepError: As :func:`read_certificate`; ``malformed`` for a file with none.
    """
    if is_binary(data):
        return [read_certificate(data)]
    bodies = _PEM.findall(data)
    if not bodies:
        raise malformed("no certificate in the file")
    try:
        return [read_certificate(base64.b64decode(body, validate=False)) for body in bodies]
    except binascii.Error as error:
        raise malformed("base64") from error
