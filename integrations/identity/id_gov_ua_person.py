"""The person in an answer of id.gov.ua: the one place that knows the names of its fields.

Every value is a text or a number; what is absent is `n/a`, `n\\a`, empty or null.

| field | meaning |
|---|---|
| `drfocode` | the person: РНОКПП, or a passport, whose letters are Cyrillic |
| `edrpoucode`, `o` | the organisation that the person signs for, and its name |
| `lastname`, `givenname`, `middlename` | names; `givenname` may hold the patronymic too |
| `unzr` | number in the demographic register |
| `email`, `phone` | what the certificate or the bank says |
| `auth_type` | how the person signed in: `dig_sign`, `bank_id`, `mobile_id`, `diia_id` |
| `isqscd` | whether the key lies on a secure device |
| `issuer`, `issuercn`, `serial` | which certificate it was |
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from integrations.common.levels import Level
from integrations.identity.base import (
    Credential,
    CredentialKind,
    IdentifierKind,
    Identity,
    IdentityError,
)
from integrations.identity.certificates import named_certificate
from integrations.identity.reasons import SignInRefusal
from integrations.identity.rnokpp import normal_unzr, number_of_person
from integrations.identity.values import normal_email, normal_name, normal_phone, usable

FIELDS: Final = (
    "issuer",
    "issuercn",
    "serial",
    "o",
    "lastname",
    "middlename",
    "givenname",
    "email",
    "phone",
    "edrpoucode",
    "drfocode",
    "unzr",
    "isqscd",
)
"""What is asked for; addresses, birthdays and documents are nobody's business here."""

AUTH_TYPES: Final = ("dig_sign", "diia_id", "mobile_id", "bank_id")
ON_DEVICE: Final = "+qscd"
LEVELS: Final[Mapping[str, Level]] = {
    "dig_sign": Level.SUBSTANTIAL,
    "dig_sign+qscd": Level.HIGH,
    "diia_id": Level.SUBSTANTIAL,
    "diia_id+qscd": Level.HIGH,
    "mobile_id": Level.SUBSTANTIAL,
    "mobile_id+qscd": Level.HIGH,
    "bank_id": Level.SUBSTANTIAL,
}
"""Level by way of signing in, with `+qscd` where the key lies on a secure device."""

_KEY_TYPES: Final = frozenset({"dig_sign", "diia_id", "mobile_id"})
_ABSENT: Final = re.compile(r"(?i)n[/\\]a|0*")
_TRUE: Final = frozenset({"1", "true", "yes"})
_EDRPOU: Final = re.compile(r"[0-9]{8,10}")
_MAX_TEXT: Final = 1000
_MAX_LABEL: Final = 200


def read_person(
    members: Mapping[str, object], *, provider: str, levels: Mapping[str, Level], now: datetime
) -> tuple[Identity, Credential | None]:
    """Read the person, and the key that was used where the answer names one.

    Raises:
        IdentityError: `bad_answer` with the name of the field; `no_person` when only an
            organisation is named.
    """
    kind, identifier, unzr = _identifiers(members)
    auth_type = _text(members, "auth_type").lower()
    first_name, patronymic = _given_names(members)
    edrpou = _text(members, "edrpoucode")
    represents = _EDRPOU.fullmatch(edrpou) is not None
    identity = Identity(
        provider=provider,
        subject=f"{kind.value}:{identifier}",
        identifier_kind=kind,
        identifier=identifier,
        last_name=_required_name(_text(members, "lastname"), "lastname"),
        first_name=first_name,
        patronymic=patronymic,
        level=_level(auth_type, _text(members, "isqscd"), levels),
        method=f"idgovua+{auth_type if auth_type in AUTH_TYPES else 'other'}",
        auth_time=now,
        email=usable(_text(members, "email"), normal_email),
        phone=usable(_text(members, "phone"), normal_phone),
        unzr=unzr,
        edrpou=edrpou if represents else None,
        organisation=(_text(members, "o") or None) if represents else None,
    )
    return identity, _key(members) if auth_type in _KEY_TYPES else None


def _text(members: Mapping[str, object], name: str) -> str:
    """Give a field as text, empty when the service says in one of its ways that there is none."""
    value = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise IdentityError(SignInRefusal.BAD_ANSWER, name)
    text = str(value).strip()
    if len(text) > _MAX_TEXT or not text.isprintable():
        raise IdentityError(SignInRefusal.BAD_ANSWER, name)
    return "" if _ABSENT.fullmatch(text) else text


def _identifiers(members: Mapping[str, object]) -> tuple[IdentifierKind, str, str | None]:
    """Give kind and number of the person, and the number in the register where both are there."""
    number, unzr = _text(members, "drfocode"), _text(members, "unzr")
    try:
        registered = normal_unzr(unzr) if unzr else None
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "unzr") from None
    if not number and registered:
        return IdentifierKind.UNZR, registered, None
    if not number:
        raise IdentityError(SignInRefusal.NO_PERSON)
    try:
        return *number_of_person(number), registered
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "drfocode") from None


def _given_names(members: Mapping[str, object]) -> tuple[str, str]:
    """Take first name and patronymic apart where the certificate holds both in one place."""
    given, patronymic = _text(members, "givenname").split(), _text(members, "middlename").split()
    if patronymic and given[-len(patronymic) :] == patronymic:
        given = given[: -len(patronymic)]
    elif not patronymic and len(given) > 1:
        given, patronymic = given[:-1], given[-1:]
    first = _required_name(" ".join(given), "givenname")
    return first, _required_name(" ".join(patronymic), "middlename") if patronymic else ""


def _required_name(text: str, field: str) -> str:
    try:
        return normal_name(text)
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_ANSWER, field) from None


def _level(auth_type: str, on_device: str, levels: Mapping[str, Level]) -> Level:
    plain = levels.get(auth_type, Level.LOW)
    if on_device.lower() not in _TRUE:
        return plain
    return levels.get(auth_type + ON_DEVICE, plain)


def _key(members: Mapping[str, object]) -> Credential | None:
    """Return the key by its authority and number: the digest of its certificate is not told."""
    authority = _text(members, "issuercn") or _text(members, "issuer")
    serial = _text(members, "serial")
    if not authority or not serial:
        return None
    fingerprint = named_certificate(authority=authority, serial=serial)
    return Credential(CredentialKind.KEY, fingerprint, authority[:_MAX_LABEL])
