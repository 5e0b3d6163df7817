"""Identities with more text than the columns hold: PostgreSQL refuses what SQLite lets pass."""

from dataclasses import replace

import pytest

from diia_videoreception.models import Citizen
from diia_videoreception.services.accounts.citizens import get_or_create_citizen
from tests.harness.clock import NOW
from tests.steps.api import identity


@pytest.mark.django_db
def test_a_very_long_name__is_cut_to_its_column() -> None:
    long = replace(identity(), last_name="Ж" * 150, first_name="І" * 81)

    citizen = get_or_create_citizen(long, now=NOW)
    again = get_or_create_citizen(long, now=NOW)

    assert again == citizen == Citizen.objects.get()
    citizen.refresh_from_db()
    citizen.full_clean(exclude=["public_id"])
    assert (len(citizen.last_name), len(citizen.first_name)) == (80, 80)
