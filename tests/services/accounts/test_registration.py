"""From a verified stranger to an account (A-12 to A-15)."""

from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception.errors import (
    OrganisationUnknown,
    RegistrationClosed,
    RulesChanged,
    SessionEnded,
)
from diia_videoreception.models import (
    Citizen,
    ConsentAcceptance,
    HandOver,
    JournalRecord,
    Letter,
    SignInCredential,
)
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.services.accounts import sign_in
from tests.factories import NOW, ConsentTextFactory
from tests.steps.accounts import complete, register, rules
from tests.steps.ways import key_proof, proof

pytestmark = pytest.mark.django_db


def test_registering__makes_everything_at_once() -> None:
    actor = register(proof(unzr="19480302-00001"), "entrepreneur", browser="Chrome")
    citizen = actor.citizen
    assert citizen.user_type == "entrepreneur"
    assert citizen.identifier == "1759013776"
    assert citizen.unzr_hash == lookup_hash("unzr", "19480302-00001")
    assert ConsentAcceptance.objects.get(citizen=citizen).text.service == RULES
    assert SignInCredential.objects.get().citizen == citizen
    assert actor.session is not None
    assert actor.session.browser == "Chrome"
    assert not HandOver.objects.exists()
    assert not Letter.objects.exists(), "the first key is no news"
    acts = set(JournalRecord.objects.values_list("act", flat=True))
    assert acts == {
        "citizen.register",
        "citizen.accept_terms",
        "citizen.bind_means",
        "citizen.sign_in",
    }


def test_without_rules__nobody_registers() -> None:
    key = complete(proof()).key
    with pytest.raises(RegistrationClosed):
        sign_in.register(key=key, text_id=1, user_type="person", now=NOW)
    assert HandOver.objects.filter(key=key).exists()


@pytest.mark.parametrize("which", ["older edition", "terms of a service", "nothing"])
def test_only_the_rules_in_force__can_be_agreed_to(which: str) -> None:
    old, service = rules(), ConsentTextFactory().pk
    ConsentTextFactory(service=RULES, version=2)
    text_id = {"older edition": old, "terms of a service": service, "nothing": 0}[which]
    with pytest.raises(RulesChanged):
        register(proof(), text_id=text_id)
    assert not Citizen.objects.exists()
    assert HandOver.objects.exists(), "the page can be sent again"


def test_only_a_certificate_of_an_organisation__makes_a_representative() -> None:
    with pytest.raises(OrganisationUnknown):
        register(proof(), "representative")
    own_number = proof(edrpou="1759013776", organisation="ФОП Ґудзь")
    with pytest.raises(OrganisationUnknown):
        register(own_number, "representative")
    actor = register(key_proof(edrpou="12345678", organisation="ТОВ «Приклад»"), "representative")
    assert (actor.citizen.edrpou, actor.citizen.organisation) == ("12345678", "ТОВ «Приклад»")


def test_registration__lasts_half_an_hour_and_works_once() -> None:
    key = complete(proof()).key
    text = rules()

    def act(now: Any) -> object:
        return sign_in.register(key=key, text_id=text, user_type="person", now=now)

    with pytest.raises(SessionEnded):
        act(NOW + timedelta(minutes=30))
    act(NOW + timedelta(minutes=29))
    with pytest.raises(SessionEnded):
        act(NOW + timedelta(minutes=29))


@pytest.mark.parametrize(
    ("typed", "confirmed", "address"),
    [
        ("s@bank.ua", True, "s@bank.ua"),
        ("s@bank.ua", False, ""),
        ("", True, ""),
        ("x@y.ua", True, ""),
    ],
)
def test_only_an_address_that_the_provider_has_confirmed__needs_no_code(
    typed: str, confirmed: bool, address: str
) -> None:
    """What a bank or a certificate repeats may be somebody else's by now."""
    actor = register(proof(email="s@bank.ua", email_confirmed=confirmed), email=typed)
    assert actor.citizen.letters_address == address
