"""Who a certificate names, and how strongly (identity notes A4, requirement A-13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeVar

from integrations.common.levels import Level
from integrations.kep.certificates import (
    EXTENDED_KEY_USAGE,
    QC_STATEMENTS,
    SUBJECT_DIRECTORY_ATTRIBUTES,
    Certificate,
)
from integrations.kep.der import OID, SEQUENCE, SET, Node, malformed, parse
from integrations.kep.errors import KepError, Reason

COMMON_NAME: Final = "2.5.4.3"
SURNAME: Final = "2.5.4.4"
SERIAL_NUMBER: Final = "2.5.4.5"
ORGANIZATION: Final = "2.5.4.10"
TITLE: Final = "2.5.4.12"
GIVEN_NAME: Final = "2.5.4.42"
ORGANIZATION_IDENTIFIER: Final = "2.5.4.97"
_NAME_ATTRIBUTES: Final = frozenset(
    {
        COMMON_NAME,
        SURNAME,
        SERIAL_NUMBER,
        ORGANIZATION,
        TITLE,
        GIVEN_NAME,
        ORGANIZATION_IDENTIFIER,
    }
)

_NATIONAL: Final = "1.2.804.2.1.1.1.11.1.4"
_DRFO: Final = f"{_NATIONAL}.1.1"
_EDRPOU: Final = f"{_NATIONAL}.2.1"
_UNZR: Final = f"{_NATIONAL}.11.1"

_QC_COMPLIANCE: Final = "0.4.0.1862.1.1"
_QC_SECURE_DEVICE: Final = "0.4.0.1862.1.4"
_QC_TYPE: Final = "0.4.0.1862.1.6"
_TYPE_SEAL: Final = "0.4.0.1862.1.6.2"
_TYPE_SIGNATURE: Final = "0.4.0.1862.1.6.1"
_SEAL_USAGE: Final = "1.2.804.2.1.1.1.3.9"

_RNOKPP: Final = re.compile(r"[0-9]{10}")
_PASSPORT: Final = re.compile(r"[0-9A-ZА-ЯҐЄІЇ]{6,15}")
_UNZR_FORM: Final = re.compile(r"[0-9]{8}-?[0-9]{5}")
_EDRPOU_FORM: Final = re.compile(r"[0-9]{8,10}")
_DOCUMENT_PREFIX: Final = re.compile(r"(?i)(?:PAS|IDC)[A-Z]{2}-")
_PERSON_PREFIXES: Final = ("TINUA-", "PASUA-", "IDCUA-")
_MAX_TEXT: Final = 256
"""Characters of a name that are kept; names of state bodies can be longer."""

_Value = TypeVar("_Value", str, tuple[str | None, str])


@dataclass(frozen=True)
class CertificateSubject:
    """What a certificate says about its subject; absent values are None.

    Attributes:
        rnokpp: Ten digits; the check digit is not verified, refusers and foreigners break it.
        passport: Series and number without spaces, for people without РНОКПП.
        document: Kind and country of that passport where the certificate tells them: ``PASPL``.
        unzr: Number in the demographic register, ``YYYYMMDD-NNNNN``.
        edrpou: Number of the organisation.
        level: High on a secure device, substantial when qualified without one, else low.
    """

    rnokpp: str | None
    passport: str | None
    document: str | None
    unzr: str | None
    edrpou: str | None
    name: str | None
    surname: str | None
    given_names: str | None
    organization: str | None
    title: str | None
    qualified: bool
    secure_device: bool
    seal: bool
    level: Level

    @property
    def is_person(self) -> bool:
        """Whether a natural person signed: no seal, and with an identifier of a person."""
        return not self.seal and any((self.rnokpp, self.passport, self.unzr))


def extract_identity(certificate: Certificate) -> CertificateSubject:
    """Read the identity from a certificate.

    Raises:
        KepError: ``identity_mismatch`` when two places of the certificate name different people
            or organisations, ``malformed``.
    """
    subject = read_name(certificate.subject)
    attributes = _directory_attributes(certificate)
    rnokpp, passports = _numbers_of_person(attributes.get(_DRFO, ()), subject)
    document, passport = _single(passports) or (None, None)
    edrpou = set(_values(attributes.get(_EDRPOU, ())))
    for value in subject.get(ORGANIZATION_IDENTIFIER, ()):
        if value.upper().startswith("NTRUA-"):
            edrpou |= set(_values([value[6:]]))
    unzr = {
        value if "-" in value else f"{value[:8]}-{value[8:]}"
        for value in _values(attributes.get(_UNZR, ()))
        if _UNZR_FORM.fullmatch(value)
    }
    statements = _statements(certificate)
    qualified = _QC_COMPLIANCE in statements
    secure_device = qualified and _QC_SECURE_DEVICE in statements
    level = Level.HIGH if secure_device else Level.SUBSTANTIAL if qualified else Level.LOW
    return CertificateSubject(
        rnokpp=_single(rnokpp),
        passport=passport,
        document=document,
        unzr=_single(unzr),
        edrpou=_single({value for value in edrpou if _EDRPOU_FORM.fullmatch(value)}),
        name=_first(subject, COMMON_NAME),
        surname=_first(subject, SURNAME),
        given_names=_first(subject, GIVEN_NAME),
        organization=_first(subject, ORGANIZATION),
        title=_first(subject, TITLE),
        qualified=qualified,
        secure_device=secure_device,
        seal=_is_seal(certificate, statements),
        level=level,
    )


def read_name(name: bytes) -> dict[str, tuple[str, ...]]:
    """Read what we use of a distinguished name, as texts by attribute type.

    Other attributes may be of any kind and hold anything.

    Raises:
        KepError: ``malformed``.
    """
    values: dict[str, tuple[str, ...]] = {}
    for relative in parse(name).require(SEQUENCE).children():
        for pair in relative.require(SET).children():
            fields = pair.fields()
            oid, value = fields.next().oid(), fields.next()
            fields.end()
            if oid in _NAME_ATTRIBUTES:
                values[oid] = (*values.get(oid, ()), _text(value))
    return values


def read_title(name: bytes) -> str:
    """Return by what a name is known: its common name, else its organisation, else nothing."""
    try:
        parts = read_name(name)
    except KepError:
        return ""
    return next(iter((*parts.get(COMMON_NAME, ()), *parts.get(ORGANIZATION, ()))), "")


def _text(node: Node) -> str:
    text = " ".join(node.text().split())
    if not text.isprintable():
        raise malformed("text in a name")
    return text


def _directory_attributes(certificate: Certificate) -> dict[str, tuple[str, ...]]:
    """Read the national attributes of subjectDirectoryAttributes as texts."""
    extension = certificate.extensions.get(SUBJECT_DIRECTORY_ATTRIBUTES)
    if extension is None:
        return {}
    attributes: dict[str, tuple[str, ...]] = {}
    for attribute in parse(extension.value).require(SEQUENCE).children():
        fields = attribute.fields()
        oid, values = fields.next().oid(), fields.next(SET)
        fields.end()
        if oid in (_DRFO, _EDRPOU, _UNZR):
            texts = tuple(_text(value) for value in values.children())
            attributes[oid] = (*attributes.get(oid, ()), *texts)
    return attributes


def _statements(certificate: Certificate) -> frozenset[str]:
    """Return the identifiers of the QC statements and of the types within QcType."""
    extension = certificate.extensions.get(QC_STATEMENTS)
    if extension is None:
        return frozenset()
    found: set[str] = set()
    for statement in parse(extension.value).require(SEQUENCE).children():
        fields = statement.fields()
        oid = fields.next().oid()
        found.add(oid)
        if oid == _QC_TYPE:
            for types in fields.rest():
                found.update(item.oid() for item in types.children() if item.tag == OID)
    return frozenset(found)


def _is_seal(certificate: Certificate, statements: frozenset[str]) -> bool:
    """Return a seal is one by its QcType; the national usage decides where the type is not given."""
    if _TYPE_SEAL in statements:
        return True
    usage = certificate.extended_key_usage if EXTENDED_KEY_USAGE in certificate.extensions else None
    return _TYPE_SIGNATURE not in statements and usage is not None and _SEAL_USAGE in usage


def _numbers_of_person(
    national: tuple[str, ...], subject: dict[str, tuple[str, ...]]
) -> tuple[set[str], set[tuple[str | None, str]]]:
    """Return the РНОКПП and the passports in the national attribute and in the subject's name.

    A passport comes with kind and country where one of the places names them.
    """
    written = dict.fromkeys(_values(national))
    documents: set[tuple[str, str]] = set()
    for text in subject.get(SERIAL_NUMBER, ()):
        prefix, numbers = text[:6].upper(), _values([text[6:]])
        if prefix in _PERSON_PREFIXES:
            written |= dict.fromkeys(numbers, "PASUA")
        if _DOCUMENT_PREFIX.match(prefix):
            documents.update((prefix[:5], number) for number in numbers)
    # Ten digits of a passport could be the РНОКПП of somebody else.
    named = {number for _, number in documents}
    rnokpp = {number for number in written if _RNOKPP.fullmatch(number)} - named
    passports = {
        (country, number)
        for number, country in written.items()
        if _PASSPORT.fullmatch(number) and number not in rnokpp | named
    }
    return rnokpp, passports | {(kind, number) for kind, number in documents if number in written}


def _values(texts: tuple[str, ...] | list[str]) -> list[str]:
    """Drop spaces, and the values that stand for "none"."""
    cleaned = ["".join(text.split()).upper() for text in texts]
    return [text for text in cleaned if text.strip("0")]


def _single(values: set[_Value]) -> _Value | None:
    if len(values) > 1:
        raise KepError(Reason.IDENTITY_MISMATCH, "the certificate contradicts itself")
    return next(iter(values), None)


def _first(subject: dict[str, tuple[str, ...]], oid: str) -> str | None:
    return next((text[:_MAX_TEXT] for text in subject.get(oid, ()) if text), None)
