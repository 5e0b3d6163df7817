"""Passports kept before their country was: the migration and the sign-in after it."""

from importlib import import_module

import pytest
from django.apps import apps

from diia_videoreception.models import Citizen, HandOver
from diia_videoreception.personal_data import encrypt, lookup_hash
from integrations.identity.base import IdentifierKind
from tests.factories import CitizenFactory
from tests.steps.accounts import complete
from tests.steps.ways import proof

pytestmark = pytest.mark.django_db
migration = import_module("diia_videoreception.migrations.0011_identity_matching")


def kept(number: str) -> Citizen:
    citizen: Citizen = CitizenFactory(
        identifier_kind="passport",
        identifier_hash=lookup_hash("passport", number),
        identifier_encrypted=encrypt(number),
        last_name="Ґудзь",
        first_name="Соломія",
    )
    return citizen


@pytest.mark.parametrize(
    ("number", "named"),
    [
        ("АЕ431207", "PASUA-АЕ431207"),
        ("900421517", "IDCUA-900421517"),
        ("PL7712345", "PASXX-PL7712345"),
        ("3287401016", "PASXX-3287401016"),
    ],
)
def test_a_kept_passport__is_found_under_its_country(number: str, named: str) -> None:
    citizen = kept(number)
    other = CitizenFactory()
    complete(proof(key="new", identifier="2903514780"))
    migration.keep_country(apps, None)
    citizen.refresh_from_db()
    assert citizen.identifier == named
    assert not HandOver.objects.exists(), "what waits was verified under the old names"
    passport = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": named}
    assert complete(proof(**passport)).session.citizen == citizen
    other.refresh_from_db()
    assert other.number_hash == ""

    migration.forget_country(apps, None)
    citizen.refresh_from_db()
    assert citizen.identifier == number
    assert citizen.identifier_hash == lookup_hash("passport", number)
