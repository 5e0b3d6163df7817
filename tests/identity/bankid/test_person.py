"""Whom a bank names, and by what."""

from typing import Any

import pytest

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, IdentityError
from tests.identity.bankid.service import BANKS, PERSON, Bank, Make, finish, refusal


@pytest.mark.parametrize(
    ("inn", "kind", "identifier"),
    [
        ("3287401015", IdentifierKind.RNOKPP, "3287401015"),
        ("АЕ431207", IdentifierKind.PASSPORT, "PASUA-АЕ431207"),
        ("AE 431207", IdentifierKind.PASSPORT, "PASXX-AE431207"),
        ("900421517", IdentifierKind.PASSPORT, "IDCUA-900421517"),
        ("3287401016", IdentifierKind.PASSPORT, "PASXX-3287401016"),
    ],
)
def test_person__by_which_number(
    make: Make, bank: Bank, inn: str, kind: IdentifierKind, identifier: str
) -> None:
    bank.person["inn"] = inn
    person = finish(make()).identity
    assert (person.identifier_kind, person.identifier) == (kind, identifier)


def test_person__may_lack_all_but_name_and_number(make: Make, bank: Bank) -> None:
    bank.person = {
        "lastName": "О’Ніл",
        "firstName": "Ян",
        "inn": "АЕ431207",
        "email": "",
        "phone": 5,
    }
    with pytest.raises(IdentityError, match="bad_answer: phone"):
        finish(make())
    bank.spent = False
    bank.person["phone"] = "не вказано"
    person = finish(make()).identity
    assert (person.patronymic, person.email, person.phone) == ("", None, None)


def test_credentials__one_person_at_one_bank(make: Make, bank: Bank) -> None:
    def fingerprint(choice: str = "kalyna", **person: Any) -> str:
        bank.person = PERSON | person
        bank.change = {"memberId": next(b["memberId"] for b in BANKS if b["id"] == choice)}
        bank.spent = False
        credential = finish(provider, choice).credential
        assert credential is not None
        return credential.fingerprint

    provider = make()
    usual = fingerprint()
    assert fingerprint(phone="380997654321", lastName="Інша") == usual
    assert fingerprint(inn="АЕ431207") != usual
    assert fingerprint("dnipro") != usual


def test_level__is_the_portals_decision(make: Make, bank: Bank) -> None:
    assert finish(make(level="low")).identity.level is Level.LOW


def test_finish__a_number_instead_of_a_text_names_the_bank_too(make: Make, bank: Bank) -> None:
    bank.change = {"memberId": 300001}
    assert finish(make()).identity.identifier == "3287401015"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": "juridical"}, ("no_number", "type")),
        ({"inn": ""}, ("no_number", "inn")),
        ({"inn": None}, ("no_number", "inn")),
        ({"inn": "0000000000"}, ("no_number", "inn")),
        ({"inn": "12345"}, ("bad_answer", "inn")),
        ({"inn": "3287401015; DROP"}, ("bad_answer", "inn")),
        ({"inn": 3287401015}, ("bad_answer", "inn")),
        ({"lastName": ""}, ("bad_answer", "lastName")),
        ({"lastName": "Т\u200dестенко"}, ("bad_answer", "lastName")),
        ({"firstName": ["Тарас"]}, ("bad_answer", "firstName")),
        ({"middleName": "123"}, ("bad_answer", "middleName")),
    ],
)
def test_person__that_makes_no_sense(
    make: Make, bank: Bank, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    bank.person |= change
    assert refusal(make()) == expected
