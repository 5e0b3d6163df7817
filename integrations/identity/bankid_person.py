"""The person in a questionnaire of BankID НБУ: the one place that knows the names of its fields.

| field | meaning |
|---|---|
| `type` | `physical`, a natural person |
| `inn` | РНОКПП, or a passport of who has none |
| `lastName`, `firstName`, `middleName` | names |
| `phone`, `email` | as the bank knows them; `380…` without a plus |

The rest of what banks know (birthday, addresses, documents, flags of financial monitoring) is not
asked for where the version lets us choose, and never kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from integrations.common.levels import Level
from integrations.identity.base import Identity, IdentityError
from integrations.identity.reasons import SignInRefusal
from integrations.identity.rnokpp import number_of_person
from integrations.identity.values import normal_email, normal_name, normal_phone, usable

FIELDS: Final = ("lastName", "firstName", "middleName", "phone", "inn", "email")
"""What is asked for in version 1."""

METHOD: Final = "bankid"


def read_person(
    members: Mapping[str, object], *, provider: str, level: Level, now: datetime
) -> Identity:
    """Read the person.

    Raises:
        IdentityError: `bad_answer` with the name of the field; `no_number` for an organisation and
            for somebody without a number.
    """
    if members.get("type", "physical") != "physical":
        raise IdentityError(SignInRefusal.NO_NUMBER, "type")
    number = _text(members, "inn")
    if not number.strip("0"):
        raise IdentityError(SignInRefusal.NO_NUMBER, "inn")
    try:
        kind, identifier = number_of_person(number)
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "inn") from None
    return Identity(
        provider=provider,
        subject=f"{kind.value}:{identifier}",
        identifier_kind=kind,
        identifier=identifier,
        last_name=_name(members, "lastName"),
        first_name=_name(members, "firstName"),
        patronymic=_name(members, "middleName") if _text(members, "middleName") else "",
        level=level,
        method=METHOD,
        auth_time=now,
        email=usable(_text(members, "email"), normal_email),
        phone=usable(_text(members, "phone"), normal_phone),
    )


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise IdentityError(SignInRefusal.BAD_ANSWER, name)
    return value.strip()


def _name(members: Mapping[str, object], field: str) -> str:
    try:
        return normal_name(_text(members, field))
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_ANSWER, field) from None
