"""Certificate revocation lists (RFC 5280, section 5)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from integrations.kep.armour import is_binary
from integrations.kep.certificates import (
    AUTHORITY_KEY_IDENTIFIER,
    CRL_DISTRIBUTION_POINTS,
    Certificate,
    Extension,
    Usage,
    read_certificate,
    read_extensions,
    signed_by,
)
from integrations.kep.crl_entries import Entries
from integrations.kep.der import (
    BIT_STRING,
    GENERALIZED_TIME,
    INTEGER,
    SEQUENCE,
    UTC_TIME,
    Node,
    context,
    malformed,
    parse,
)
from integrations.kep.errors import KepError, Reason
from integrations.kep.signatures import read_scheme

MAX_BYTES: Final = 16 * 1024 * 1024

_DELTA: Final = "2.5.29.27"
_DISTRIBUTION_POINT: Final = "2.5.29.28"
_UNDERSTOOD: Final = frozenset(
    {
        AUTHORITY_KEY_IDENTIFIER,
        _DISTRIBUTION_POINT,
        "2.5.29.18",  # issuer alternative name
        "2.5.29.20",  # CRL number
        "2.5.29.46",  # freshest CRL
        "1.3.6.1.5.5.7.1.1",  # authority information access
    }
)
_PEM: Final = re.compile(rb"-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----")


@dataclass(frozen=True, eq=False)
class RevocationList:
    """A CRL; nothing in it is verified yet."""

    raw: bytes = field(repr=False)
    tbs: bytes = field(repr=False)
    issuer: bytes = field(repr=False)
    this_update: datetime
    next_update: datetime | None
    extensions: dict[str, Extension] = field(repr=False)
    algorithm: Node = field(repr=False)
    signature: bytes = field(repr=False)
    entries: Entries = field(repr=False)


@lru_cache(maxsize=4)
def read_crl(data: bytes) -> RevocationList:
    """Read a CRL in DER or PEM.

    Raises:
        KepError: ``malformed``, ``trailing_data`` or ``too_large``.
    """
    if len(data) > MAX_BYTES:
        raise KepError(Reason.TOO_LARGE, "CRL")
    raw = _unarmour(data)
    outer = parse(raw, SEQUENCE).fields()
    tbs_node, algorithm = outer.next(SEQUENCE), outer.next(SEQUENCE)
    signature = outer.next(BIT_STRING).bits()
    outer.end()
    tbs = tbs_node.fields()
    version = tbs.optional(INTEGER)
    if version is not None and version.integer() != 1:
        raise malformed("CRL version")
    if tbs.next(SEQUENCE).raw != algorithm.raw:
        raise malformed("the two signature algorithms differ")
    issuer, this_update = tbs.next(SEQUENCE), tbs.next()
    next_update = tbs.optional(UTC_TIME, GENERALIZED_TIME)
    revoked = tbs.optional(SEQUENCE)
    extensions = tbs.optional(context(0))
    tbs.end()
    return RevocationList(
        raw=raw,
        tbs=tbs_node.raw,
        issuer=issuer.raw,
        this_update=this_update.moment(),
        next_update=None if next_update is None else next_update.moment(),
        extensions={} if extensions is None else read_extensions(extensions.only()),
        algorithm=algorithm,
        signature=signature,
        entries=Entries(b"" if revoked is None else revoked.content),
    )


def speaks_for(listing: RevocationList, certificate: Certificate, issuer: Certificate) -> bool:
    """Return whether the issuer of a certificate signed this list and the list covers it.

    Lists with a critical extension that we do not process, delta lists, lists of another issuer's
    certificates and lists of some reasons only are not used.

    Raises:
        KepError: ``malformed`` or a refused algorithm.
    """
    if listing.issuer != issuer.subject or listing.issuer != certificate.issuer:
        return False
    if _DELTA in listing.extensions or any(
        extension.critical and oid not in _UNDERSTOOD
        for oid, extension in listing.extensions.items()
    ):
        return False
    usage = issuer.key_usage
    if usage is None or Usage.CRL_SIGN not in usage:
        return False
    scope = listing.extensions.get(_DISTRIBUTION_POINT)
    if scope is not None and not _in_scope(parse(scope.value), certificate):
        return False
    return _signed(listing.raw, issuer.raw)


def revocation_date(listing: RevocationList, serial: int) -> datetime | None:
    """Return when the certificate with this serial number was revoked, None if it was not.

    Raises:
        KepError: ``malformed``.
    """
    return listing.entries.revocation_date(serial)


@lru_cache(maxsize=32)
def _signed(raw: bytes, issuer: bytes) -> bool:
    """Remember the signatures of lists: one list serves very many verifications."""
    listing = read_crl(raw)
    scheme = read_scheme(listing.algorithm)
    return signed_by(read_certificate(issuer), scheme, listing.tbs, listing.signature, lasting=True)


def _in_scope(node: Node, certificate: Certificate) -> bool:
    """Read issuingDistributionPoint (RFC 5280, 5.2.5)."""
    fields = node.fields()
    point = fields.optional(context(0))
    only_people = _flag(fields.optional(context(1, constructed=False)))
    only_authorities = _flag(fields.optional(context(2, constructed=False)))
    some_reasons = fields.optional(context(3, constructed=False)) is not None
    indirect = _flag(fields.optional(context(4, constructed=False)))
    only_attributes = _flag(fields.optional(context(5, constructed=False)))
    fields.end()
    if some_reasons or indirect or only_attributes:
        return False
    if certificate.basic_constraints.authority and only_people:
        return False
    if not certificate.basic_constraints.authority and only_authorities:
        return False
    return point is None or _names_point(point, certificate)


def _flag(node: Node | None) -> bool:
    return node is not None and node.content != b"\x00"


def _names_point(point: Node, certificate: Certificate) -> bool:
    """Return whether one name of a partial list is a distribution point of the certificate."""
    name = point.only()
    if name.tag != context(0):
        return False
    extension = certificate.extensions.get(CRL_DISTRIBUTION_POINTS)
    if extension is None:
        return False
    offered = {general_name.raw for general_name in name.children()}
    for entry in parse(extension.value).require(SEQUENCE).children():
        own = entry.fields().optional(context(0))
        if own is None or own.only().tag != context(0):
            continue
        if any(general_name.raw in offered for general_name in own.only().children()):
            return True
    return False


def _unarmour(data: bytes) -> bytes:
    if is_binary(data):
        return data
    bodies = _PEM.findall(data)
    if len(bodies) != 1:
        raise malformed("not one CRL in the file")
    try:
        return base64.b64decode(bodies[0], validate=False)
    except binascii.Error as error:
        raise malformed("base64") from error
