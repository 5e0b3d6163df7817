"""Whom id.gov.ua names, by what and how surely."""

from typing import Any

import pytest

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind
from integrations.identity.id_gov_ua import IdGovUa
from tests.identity.id_gov_ua.service import PERSON, Broker, Make, finish, refusal


def changed(broker: Broker, **fields: Any) -> None:
    broker.person = {name: value for name, value in (PERSON | fields).items() if value is not ...}


@pytest.mark.parametrize(
    ("fields", "kind", "identifier"),
    [
        ({"drfocode": "АЕ431207"}, IdentifierKind.PASSPORT, "PASUA-АЕ431207"),
        ({"drfocode": "ae 431207"}, IdentifierKind.PASSPORT, "PASXX-AE431207"),
        ({"drfocode": "900421517"}, IdentifierKind.PASSPORT, "IDCUA-900421517"),
        ({"drfocode": 3287401015}, IdentifierKind.RNOKPP, "3287401015"),
        # Ten digits of somebody without РНОКПП cannot meet somebody's РНОКПП.
        ({"drfocode": "3287401016"}, IdentifierKind.PASSPORT, "PASXX-3287401016"),
        ({"drfocode": "n/a", "unzr": "19930517-04212"}, IdentifierKind.UNZR, "19930517-04212"),
        ({"drfocode": ..., "unzr": "1993051704212"}, IdentifierKind.UNZR, "19930517-04212"),
        (
            {"drfocode": "0000000000", "unzr": "1993051704212"},
            IdentifierKind.UNZR,
            "19930517-04212",
        ),
    ],
)
def test_person__by_which_number(
    plain: IdGovUa, broker: Broker, fields: dict[str, Any], kind: IdentifierKind, identifier: str
) -> None:
    changed(broker, **fields)
    person = finish(plain).identity
    assert (person.identifier_kind, person.identifier) == (kind, identifier)
    assert person.unzr is None


def test_person__the_number_in_the_register_beside_another(plain: IdGovUa, broker: Broker) -> None:
    changed(broker, unzr="1993051704212")
    person = finish(plain).identity
    assert (person.identifier_kind, person.unzr) == (IdentifierKind.RNOKPP, "19930517-04212")


@pytest.mark.parametrize(
    ("given", "middle", "expected"),
    [
        ("Тарас Тестович", "Тестович", ("Тарас", "Тестович")),
        ("Тарас Тестович", "n/a", ("Тарас", "Тестович")),
        ("Тарас", "Тестович", ("Тарас", "Тестович")),
        ("Тарас", "n/a", ("Тарас", "")),
        ("Анна Марія", "Іванівна", ("Анна Марія", "Іванівна")),
        ("Анна Марія Іванівна", None, ("Анна Марія", "Іванівна")),
        ("Мехмет", "Ахмед огли", ("Мехмет", "Ахмед огли")),
        ("Мехмет Ахмед огли", "Ахмед огли", ("Мехмет", "Ахмед огли")),
    ],
)
def test_person__names_in_one_place_or_two(
    plain: IdGovUa, broker: Broker, given: str, middle: str | None, expected: tuple[str, str]
) -> None:
    changed(broker, givenname=given, middlename=middle)
    person = finish(plain).identity
    assert (person.first_name, person.patronymic) == expected


def test_person__represents_an_organisation(plain: IdGovUa, broker: Broker) -> None:
    changed(broker, edrpoucode="40000121", o="Громада «Хвиля»")
    person = finish(plain).identity
    assert (person.edrpou, person.organisation) == ("40000121", "Громада «Хвиля»")
    assert person.identifier == "3287401015"


@pytest.mark.parametrize(
    ("auth_type", "isqscd", "level", "method"),
    [
        ("dig_sign", "1", Level.HIGH, "dig_sign"),
        ("dig_sign", "true", Level.HIGH, "dig_sign"),
        ("dig_sign", True, Level.HIGH, "dig_sign"),
        ("dig_sign", "0", Level.SUBSTANTIAL, "dig_sign"),
        ("dig_sign", "n/a", Level.SUBSTANTIAL, "dig_sign"),
        ("dig_sign", "maybe", Level.SUBSTANTIAL, "dig_sign"),
        ("diia_id", "1", Level.HIGH, "diia_id"),
        ("diia_id", None, Level.SUBSTANTIAL, "diia_id"),
        ("mobile_id", "1", Level.HIGH, "mobile_id"),
        ("bank_id", "n/a", Level.SUBSTANTIAL, "bank_id"),
        ("bank_id", "1", Level.SUBSTANTIAL, "bank_id"),
        ("telepathy", "1", Level.LOW, "other"),
        ("n/a", "1", Level.LOW, "other"),
        (None, "1", Level.LOW, "other"),
    ],
)
def test_level__by_way_and_device_and_low_for_the_unknown(
    plain: IdGovUa, broker: Broker, auth_type: Any, isqscd: Any, level: Level, method: str
) -> None:
    changed(broker, auth_type=auth_type, isqscd=isqscd)
    person = finish(plain).identity
    assert (person.level, person.method) == (level, f"idgovua+{method}")


def test_level__is_the_portals_decision(make: Make, broker: Broker) -> None:
    changed(broker, auth_type="diia_id", isqscd="n/a")
    assert finish(make(levels={"diia_id": "high"})).identity.level is Level.HIGH


def test_credentials__one_certificate_one_fingerprint(plain: IdGovUa, broker: Broker) -> None:
    def fingerprint(**fields: Any) -> str | None:
        changed(broker, **fields)
        broker.spent = False
        credential = finish(plain).credential
        return credential.fingerprint if credential else None

    usual = fingerprint()
    assert fingerprint(auth_type="diia_id", serial="5e9844a1") == usual
    assert fingerprint(serial="5E9844A2") not in (usual, None)
    assert fingerprint(serial="00 5e9844a1") == usual
    assert fingerprint(issuercn="Інший") not in (usual, None)
    assert fingerprint(issuercn="n/a", issuer="CN=Інший") not in (usual, None)
    assert fingerprint(serial="n/a") is None
    assert fingerprint(auth_type="bank_id") is None


@pytest.mark.parametrize("contact", ["n/a", None, "", "не вказано", "a@b", "+380"])
def test_person__contacts_that_are_none_keep_nobody_out(
    plain: IdGovUa, broker: Broker, contact: str | None
) -> None:
    changed(broker, email=contact, phone=contact)
    person = finish(plain).identity
    assert (person.email, person.phone) == (None, None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"drfocode": "n/a"}, ("no_person", "")),
        ({"drfocode": "n/a", "edrpoucode": "40000121"}, ("no_person", "")),
        ({"drfocode": "12345"}, ("bad_answer", "drfocode")),
        ({"drfocode": "'; DROP TABLE"}, ("bad_answer", "drfocode")),
        ({"drfocode": ["3287401015"]}, ("bad_answer", "drfocode")),
        ({"drfocode": 3.5}, ("bad_answer", "drfocode")),
        ({"unzr": "19930517-00000"}, ("bad_answer", "unzr")),
        ({"lastname": "n/a"}, ("bad_answer", "lastname")),
        ({"lastname": "\u202eТестенко"}, ("bad_answer", "lastname")),
        ({"lastname": "Т" * 200}, ("bad_answer", "lastname")),
        ({"givenname": "n/a", "middlename": "n/a"}, ("bad_answer", "givenname")),
        ({"givenname": {"first": "Тарас"}}, ("bad_answer", "givenname")),
        ({"middlename": "123"}, ("bad_answer", "middlename")),
        ({"serial": "1" * 2000}, ("bad_answer", "serial")),
    ],
)
def test_person__that_makes_no_sense(
    plain: IdGovUa, broker: Broker, fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    changed(broker, **fields)
    assert refusal(plain) == expected
