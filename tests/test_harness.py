"""What all tests stand on does what they rely on."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from wagtail.models import Page, Site

from diia_videoreception.models import Citizen
from tests.factories import CitizenFactory


@pytest.mark.django_db(transaction=True)
def test_flush__leaves_what_migrations_have_written_and_nothing_else() -> None:
    def written() -> list[object]:
        rows = (Page.objects, Site.objects, Permission.objects)
        return [list(found.order_by("pk").values_list("pk", flat=True)) for found in rows]

    before = written()
    CitizenFactory.create()

    call_command("flush", interactive=False, verbosity=0)

    assert all(before)
    assert written() == before
    assert not Citizen.objects.exists()
