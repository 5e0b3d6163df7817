"""Whom an identity names, and what only staff can sort out (rule C.9)."""

from dataclasses import replace

import pytest

from diia_videoreception.models import (
    CitizenSession,
    JournalAct,
    JournalRecord,
    Letter,
    SignInCredential,
)
from diia_videoreception.services.accounts import credentials
from diia_videoreception.services.accounts.sign_in import RegistrationNeeded
from integrations.identity.base import IdentifierKind, Proof
from tests.factories import NOW, CitizenFactory
from tests.steps.accounts import complete, refusal, register, staff_cases
from tests.steps.portal import person
from tests.steps.ways import key_proof, proof

pytestmark = pytest.mark.django_db


def test_a_key__is_known_again_although_it_names_another_kind_of_number() -> None:
    actor = register(proof())
    by_passport = proof(identifier_kind=IdentifierKind.PASSPORT, identifier="PASUA-АВ123456")
    assert complete(by_passport).session.citizen == actor.citizen


def test_names__follow_the_latest_proof() -> None:
    actor = register(proof())
    complete(proof(last_name="Заміжня"))
    actor.citizen.refresh_from_db()
    assert actor.citizen.last_name == "Заміжня"


def test_a_verified_number__names_its_person_whatever_the_names_and_the_account() -> None:
    """Names change and are spelt in many ways; who verified the number has verified the person."""
    citizen = complete(Proof(person(NOW))).session.citizen
    renamed = person(NOW, subject="another", last_name="Заміжня", first_name="Інна")
    assert complete(Proof(renamed)).session.citizen == citizen


def test_nobody__is_known_by_name_or_address() -> None:
    CitizenFactory(
        last_name="Ґудзь", first_name="Соломія", patronymic="Ярославівна", email="s@example.com"
    )
    assert isinstance(complete(proof(email="s@example.com")), RegistrationNeeded)


def test_a_register_number__finds_who_registered_with_another_number() -> None:
    actor = register(proof(unzr="19480302-00001"))
    by_register = proof(key="two", identifier_kind=IdentifierKind.UNZR, identifier="19480302-00001")
    assert complete(by_register).session.citizen == actor.citizen


def test_a_new_passport_of_the_same_person__is_no_conflict() -> None:
    old = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "PASUA-АВ123456"}
    new = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "IDCUA-001234567"}
    actor = register(proof(unzr="19480302-00001", **old))
    assert complete(proof(unzr="19480302-00001", **new)).session.citizen == actor.citizen


def test_a_passport_of_somebody_with_another_name__opens_no_account() -> None:
    """The nine digits of an ID card are also a passport of the United States."""
    passport = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "IDCUA-001234567"}
    actor = register(proof(**passport))
    CitizenSession.objects.all().delete()
    stranger = proof(key="two", last_name="SMITH", first_name="JOHN", **passport)
    assert refusal(lambda: complete(stranger)) == "conflict"
    assert not CitizenSession.objects.exists()
    assert [reason for _, reason in staff_cases()] == ["conflict"]
    assert refusal(lambda: complete(stranger, "bind", actor)) == "cannot_compare"
    assert SignInCredential.objects.get().citizen == actor.citizen


def test_numbers_of_two_people__are_for_staff_and_sign_nobody_in() -> None:
    first = register(proof(key="one")).citizen
    second = register(proof(key="two", identifier="2903514780", unzr="19480302-00001")).citizen
    CitizenSession.objects.all().delete()
    both = proof(key="three", identifier="1759013776", unzr="19480302-00001")
    assert refusal(lambda: complete(both)) == "conflict"
    assert not CitizenSession.objects.exists()
    assert staff_cases() == [(str(min(first, second, key=lambda c: c.pk).public_id), "conflict")]
    case = JournalRecord.objects.get(act=JournalAct.SIGN_IN_CASE)
    assert "1759013776" not in str(case.details)


def test_a_key_of_one_with_the_number_of_nobody_else__is_a_conflict_too() -> None:
    register(proof(key="one"))
    assert refusal(lambda: complete(proof(key="one", identifier="2903514780"))) == "conflict"


def test_numbers_of_different_kinds__cannot_be_compared() -> None:
    actor = register(proof())
    by_passport = key_proof(identifier_kind=IdentifierKind.PASSPORT, identifier="PASUA-АВ123456")
    assert refusal(lambda: complete(by_passport, "bind", actor)) == "cannot_compare"
    assert staff_cases() == [(str(actor.citizen.public_id), "cannot_compare")]
    assert SignInCredential.objects.count() == 1


def test_a_key_that_also_names_somebody_else__is_a_staff_case() -> None:
    actor = register(proof())
    register(key_proof(key="x", identifier="2903514780", unzr="19480302-00001"))
    both = key_proof(key="y", unzr="19480302-00001")
    assert refusal(lambda: complete(both, "bind", actor)) == "conflict"
    assert staff_cases() == [(str(actor.citizen.public_id), "conflict")]


def test_a_key_bound_to_somebody_else__is_a_staff_case() -> None:
    actor = register(proof())
    register(key_proof(identifier="2903514780"))
    assert refusal(lambda: complete(key_proof(), "bind", actor)) == "bound_elsewhere"
    assert staff_cases() == [(str(actor.citizen.public_id), "bound_elsewhere")]


# --- Keys by name, keys that were seen ----------------------------------------------------------


def named(given: Proof) -> Proof:
    """The same key as a broker tells of it, by authority and number."""
    assert given.credential
    return replace(given, credential=replace(given.credential, seen=""))


def of_another_authority(given: Proof) -> Proof:
    """A key of an authority that has the same name, with the same number."""
    assert given.credential
    return replace(given, credential=replace(given.credential, seen="of another issuer's key"))


UNZR_ONLY = {"identifier_kind": IdentifierKind.UNZR, "identifier": "19480302-00001"}


def test_a_key_of_the_same_name_and_number__opens_nobodys_account() -> None:
    register(key_proof())
    stranger = of_another_authority(key_proof(last_name="Інша", **UNZR_ONLY))
    assert isinstance(complete(stranger), RegistrationNeeded), "somebody new"
    known = register(stranger).citizen
    assert complete(stranger).session.citizen == known
    assert complete(key_proof()).session.citizen != known
    assert SignInCredential.objects.values("fingerprint_hash").distinct().count() == 1


@pytest.mark.parametrize("remembered", ["before the issuer was seen", "from a broker"])
def test_a_key_remembered_by_name__speaks_for_nobody(remembered: str) -> None:
    actor = register(named(key_proof()))
    stranger = key_proof(last_name="Інша", **UNZR_ONLY)
    if remembered == "from a broker":
        stranger = named(stranger)
    CitizenSession.objects.all().delete()
    assert refusal(lambda: complete(stranger)) == "conflict"
    assert not CitizenSession.objects.exists()
    assert staff_cases() == [(str(actor.citizen.public_id), "conflict")]


def test_a_key_remembered_by_name__is_known_by_its_certificate_after_one_sign_in() -> None:
    actor = register(named(key_proof()))
    row = SignInCredential.objects.get()
    assert row.seen_hash == ""
    assert complete(key_proof()).session.citizen == actor.citizen
    assert SignInCredential.objects.get().pk == row.pk, "no second row, no letter of a new key"
    assert complete(key_proof(**UNZR_ONLY)).session.citizen == actor.citizen
    assert complete(named(key_proof())).session.citizen == actor.citizen
    assert SignInCredential.objects.count() == 1
    assert not Letter.objects.exists()


def test_a_key_that_was_taken_off__stays_out_by_its_name_too() -> None:
    actor = register(proof())
    row = complete(named(key_proof()), "bind", actor).credential
    credentials.unbind(actor=actor, public_id=row.public_id, now=NOW)
    assert refusal(lambda: complete(key_proof())) == "means_not_bound"
    assert refusal(lambda: complete(named(key_proof()))) == "means_not_bound"
    stranger = of_another_authority(key_proof(key="key-two", last_name="Інша", **UNZR_ONLY))
    assert isinstance(complete(stranger), RegistrationNeeded)
