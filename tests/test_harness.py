"""What all tests stand on does what they rely on."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from wagtail.models import Page, Site

from diia_videoreception.models import Citizen
from tests.factories import CitizenFactory
from tests.harness import in_flight


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


def test_requests_of_a_server__are_waited_for() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def answer() -> None:
        in_flight.began()
        begun.set()
        may_end.wait()
        in_flight.ended()

    with ThreadPoolExecutor() as pool:
        server = pool.submit(answer)
        begun.wait()
        waits = pool.submit(in_flight.are_answered)
        assert not wait([waits], timeout=0.1).done
        may_end.set()

        assert waits.result()
    assert server.done()
