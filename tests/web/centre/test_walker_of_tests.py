"""The addresses of the test, as everybody whom they are not for: strangers, colleagues, another centre."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import CentreMember
from tests.harness.clock import NOW
from tests.steps.admin import client_of, dump, staff
from tests.steps.centres import MARKER, CentreWorld, begun_test, operator
from tests.steps.second_factor import verify, with_app

pytestmark = pytest.mark.any_database

LOGIN = "/admin/login/"
STEP = "/videoreception/staff/second-factor/"
STRANGERS = ("foreign_head", "former", "by_password", "operator", "superuser", "anonymous")
SENT: list[dict[str, str]] = [{}, {"answer": "0"}, {"act": "test"}]


@pytest.fixture
def of_a_person(world: CentreWorld) -> list[tuple[str, list[Any]]]:
    """The addresses of an attempt of the administrator, which carries the marker, as all of theirs."""
    attempt = begun_test(world.member, title=f"Тест {MARKER}").public_id
    return [("centre_test_attempt", [attempt]), ("centre_test_question", [attempt, 1])]


def _stranger(world: CentreWorld, who: str) -> Client:
    """The browser of somebody who has no business in the centre, or not any more."""
    if who == "foreign_head":
        return world.proven_client(who)
    if who == "former":
        CentreMember.objects.filter(user=world.administrator).update(ended_at=NOW)
        return world.proven_client("administrator")
    if who == "by_password":
        with_app(world.administrator)
        return world.client("administrator")
    if who == "anonymous":
        return Client()
    somebody = operator() if who == "operator" else staff("root", superuser=True)
    return verify(client_of(somebody), somebody)


def _refused(client: Client, name: str, *args: Any) -> None:
    address, before = reverse(f"diia_videoreception:{name}", args=args), dump()
    for answer in (client.get(address), *(client.post(address, sent) for sent in SENT)):
        if answer.status_code in (302, 303):
            assert answer["Location"].startswith((LOGIN, STEP)), answer["Location"]
        else:
            assert answer.status_code in {403, 404}
        assert MARKER not in answer.content.decode()
    after = dump()
    changed = {kind for kind in before if before[kind] != after[kind]}
    assert changed <= {"RequestCounter", "Session"}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers__come_to_no_page_of_the_test(
    world: CentreWorld, of_a_person: list[tuple[str, list[Any]]], who: str
) -> None:
    client = _stranger(world, who)
    for name, args in [("centre_test", []), *of_a_person]:
        _refused(client, name, world.centre.public_id, *args)


@pytest.mark.parametrize("colleague", ["head", "consultant"])
def test_an_attempt__is_not_there_for_colleagues_either(
    world: CentreWorld, of_a_person: list[tuple[str, list[Any]]], colleague: str
) -> None:
    client = world.proven_client(colleague)
    for name, args in of_a_person:
        _refused(client, name, world.centre.public_id, *args)


def test_an_attempt__is_not_reached_by_the_address_of_another_centre(
    world: CentreWorld, of_a_person: list[tuple[str, list[Any]]]
) -> None:
    client = world.proven_client("foreign_head")
    for name, args in of_a_person:
        _refused(client, name, world.foreign.public_id, *args)
