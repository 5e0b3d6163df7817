"""Every address of the staff that shows a case writes down who looks, or shows nothing."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError
from django.urls import reverse

from diia_videoreception.models import Application, Document, Look
from diia_videoreception.services.journal import looking
from diia_videoreception.wagtail_admin.cases.views import ScopedCase
from tests.steps.admin import MARKER, XHR, World, text_of, undone
from tests.steps.second_factor import require
from tests.wagtail_admin.routes import CASES, address_of

SHOWS_NOTHING = {"videoreception_applications:presence"}
"""Addresses of a case that show nothing of it."""
KINDS = {
    "document": Look.What.DOCUMENT,
    "container": Look.What.EVIDENCE,
    "signature": Look.What.EVIDENCE,
    "answer_signature": Look.What.EVIDENCE,
    "one": Look.What.STATE,
    "help_end_sessions": Look.What.STATE,
}


@pytest.fixture(autouse=True)
def second_factor(settings: Any) -> None:
    require(settings)


def of_a_case(world: World) -> dict[str, list[Any]]:
    """The addresses in which an application stands, with their arguments."""
    found = {name: case.arguments(world) for name, case in CASES.items()}
    cases = set(Application.objects.values_list("public_id", flat=True))
    documents = set(Document.objects.values_list("public_id", flat=True))
    return {name: keys for name, keys in found.items() if {*keys} & (cases | documents)}


def test_every_address_of_a_case__writes_who_looks(world: World) -> None:
    addresses = of_a_case(world)
    assert len(addresses) >= 39
    silent = set()
    for name, keys in addresses.items():
        case, address = CASES[name], address_of(name, world)
        with undone():
            client = world.proven_client(case.owner)
            answer = client.get(address) if case.get else client.post(address, case.post(world))  # type: ignore[misc]
            assert answer.status_code in {200, 302, 405}, name
            rows = list(Look.objects.all())
            if not rows:
                silent.add(name)
                assert MARKER not in text_of(answer)
                continue
            kind = KINDS.get(name.partition(":")[2], Look.What.CASE)
            assert [(row.what, row.application_id) for row in rows] == [(kind, keys[0])], name
            assert rows[0].staff_id == str(getattr(world, case.owner).pk)
            assert (
                rows[0].object_id == keys[-1 if name.endswith((":document", ":container")) else 0]
            )
    assert silent == SHOWS_NOTHING


def test_without_the_row__nothing_is_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = [(name, address_of(name, world)) for name in set(of_a_case(world)) - SHOWS_NOTHING]
    clients = {}
    for who in ("moderator", "helper"):
        clients[who] = world.proven_client(who)
        clients[who].raise_request_exception = False

    def fail(row: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(looking, "insert_new", fail)
    for name, address in addresses:
        answer = clients.get(CASES[name].owner, clients["moderator"]).get(address)
        assert answer.status_code == 500, name
        assert MARKER not in text_of(answer), name


def test_who_is_refused__leaves_no_row(world: World) -> None:
    foreigner = world.proven_client("foreigner")
    for name in of_a_case(world):
        assert foreigner.get(address_of(name, world), **XHR).status_code in {403, 404, 405}, name

    assert not Look.objects.exists()


@pytest.mark.parametrize("name", ["document", "container"])
def test_what_is_not_there__was_not_looked_at(world: World, name: str) -> None:
    keys = [world.submitted.public_id, uuid.uuid4()]
    client = world.proven_client("moderator")
    assert client.get(reverse(f"videoreception_applications:{name}", args=keys)).status_code == 404

    assert not Look.objects.exists()


def test_who_may_not_see_applications__leaves_no_row(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.proven_client("moderator")
    monkeypatch.setattr(ScopedCase, "user_has_permission", lambda view, name: False)
    for name in ("inspect", "signature"):
        address = reverse(f"videoreception_applications:{name}", args=[world.submitted.public_id])
        assert client.get(address, **XHR).status_code == 403

    assert not Look.objects.exists()
