"""Receptions that took place: the word they were stored under, before and after the migration."""

from importlib import import_module

import pytest
from django.apps import apps

from diia_videoreception.models import Application
from diia_videoreception.rules.transitions import State
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW

migration = import_module("diia_videoreception.migrations.0022_completed_receptions").Migration


@pytest.mark.django_db
def test_a_reception_kept_as_held__is_completed_and_goes_back() -> None:
    rename = migration.operations[-1]
    application = ApplicationFactory(state="held", decided_at=NOW)
    other = ApplicationFactory(state="lapsed", decided_at=NOW)

    rename.code(apps, None)

    application.refresh_from_db()
    other.refresh_from_db()
    assert (application.state, other.state) == (State.COMPLETED, State.LAPSED)

    rename.reverse_code(apps, None)

    assert Application.objects.filter(pk=application.pk, state="held").exists()
