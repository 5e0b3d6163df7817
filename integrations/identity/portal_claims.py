"""The person in a portal token: the one place that knows the names of the claims.

| claim | meaning |
|---|---|
| `sub` | the portal's stable id of the person, printable ASCII |
| `identifier_kind`, `identifier` | `rnokpp`, `passport` or `unzr`, and its value |
| `family_name`, `given_name`, `middle_name` | names; the last may be absent, null or empty |
| `acr` | `low`, `substantial` or `high` |
| `amr` | how the person signed in, for example `["kep", "dstu"]` or `["bankid"]` |
| `auth_time` | when, seconds since 1970 |
| `email`, `phone_number` | may be absent, null or empty; the number in E.164 |
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity, IdentityError
from integrations.identity.jwt import LEEWAY, moment
from integrations.identity.reasons import SignInRefusal
from integrations.identity.rnokpp import normal_identifier
from integrations.identity.values import e164, normal_email, normal_name

_MAX_METHODS: Final = 5
_MAX_METHOD: Final = 40
_METHOD: Final = re.compile(r"[a-z0-9_-]{1,32}")

_Choice = TypeVar("_Choice", bound=StrEnum)


def claims_of(identity: Identity) -> dict[str, object]:
    """Give the claims that describe a person; absent values are left out."""
    claims: dict[str, object] = {
        "sub": identity.subject,
        "identifier_kind": identity.identifier_kind.value,
        "identifier": identity.identifier,
        "family_name": identity.last_name,
        "given_name": identity.first_name,
        "middle_name": identity.patronymic,
        "acr": identity.level.value,
        "amr": identity.method.split("+"),
        "auth_time": int(identity.auth_time.timestamp()),
        "email": identity.email,
        "phone_number": identity.phone,
    }
    return {name: value for name, value in claims.items() if value}


def identity_of(claims: Mapping[str, object], *, provider: str, now: datetime) -> Identity:
    """Read the person out of verified claims.

    Raises:
        IdentityError: `missing_claim` or `bad_claim` with the name of the claim.
    """
    kind = _choice(claims, "identifier_kind", IdentifierKind)
    auth_time = moment(claims, "auth_time")
    if auth_time > now + LEEWAY:
        raise IdentityError(SignInRefusal.BAD_CLAIM, "auth_time")
    return Identity(
        provider=provider,
        subject=_text(claims, "sub"),
        identifier_kind=kind,
        identifier=_identifier(claims, kind),
        last_name=_name(claims, "family_name"),
        first_name=_name(claims, "given_name"),
        patronymic=_name(claims, "middle_name") if _given(claims, "middle_name") else "",
        level=_choice(claims, "acr", Level),
        method=_method(claims),
        auth_time=auth_time,
        email=_optional(claims, "email", normal_email),
        email_confirmed=True,
        phone=_optional(claims, "phone_number", e164),
    )


def _given(claims: Mapping[str, object], name: str) -> bool:
    return claims.get(name) not in (None, "")


def _text(claims: Mapping[str, object], name: str) -> str:
    if name not in claims:
        raise IdentityError(SignInRefusal.MISSING_CLAIM, name)
    value = claims[name]
    if not isinstance(value, str):
        raise IdentityError(SignInRefusal.BAD_CLAIM, name)
    return value


def _choice(claims: Mapping[str, object], name: str, choices: type[_Choice]) -> _Choice:
    try:
        return choices(_text(claims, name))
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_CLAIM, name) from None


def _identifier(claims: Mapping[str, object], kind: IdentifierKind) -> str:
    try:
        return normal_identifier(kind, _text(claims, "identifier"))
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_CLAIM, "identifier") from None


def _name(claims: Mapping[str, object], claim: str) -> str:
    try:
        return normal_name(_text(claims, claim))
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_CLAIM, claim) from None


def _method(claims: Mapping[str, object]) -> str:
    if "amr" not in claims:
        raise IdentityError(SignInRefusal.MISSING_CLAIM, "amr")
    methods = claims["amr"]
    if not isinstance(methods, list) or not 0 < len(methods) <= _MAX_METHODS:
        raise IdentityError(SignInRefusal.BAD_CLAIM, "amr")
    if not all(isinstance(method, str) and _METHOD.fullmatch(method) for method in methods):
        raise IdentityError(SignInRefusal.BAD_CLAIM, "amr")
    method = "+".join(methods)
    if len(method) > _MAX_METHOD:
        raise IdentityError(SignInRefusal.BAD_CLAIM, "amr")
    return method


def _optional(
    claims: Mapping[str, object], name: str, normal_form: Callable[[str], str]
) -> str | None:
    if not _given(claims, name):
        return None
    try:
        return normal_form(_text(claims, name))
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_CLAIM, name) from None
