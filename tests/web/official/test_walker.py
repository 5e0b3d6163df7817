"""Every address of officials, as everybody whom it is not for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.services.journal import looking
from diia_videoreception.web.official import urls
from tests.harness.clock import NOW
from tests.steps.admin import dump
from tests.steps.officials import WORDS, World, add_scan, answer_on_paper, client_of, user
from tests.steps.people import sign_in
from tests.steps.second_factor import with_app

pytestmark = pytest.mark.any_database


def _answered(world: World) -> list[Any]:
    add_scan(world, answer_on_paper(world))
    return [world.today.public_id]


ADDRESSES: dict[str, Callable[[World], list[Any]]] = {
    "official_day": lambda world: [],
    "official_reception": lambda world: [world.today.public_id],
    "official_document": lambda world: [world.today.public_id, world.document.public_id],
    "official_container": lambda world: [world.today.public_id, world.document.public_id],
    "official_answer": _answered,
    "official_print": lambda world: [world.today.public_id],
    "official_card": lambda world: [world.today.public_id],
    "official_conclude": lambda world: [world.today.public_id],
    "staff_calendars": lambda world: [],
    "staff_sign_out": lambda world: [],
}
SENT = {
    "version": 1,
    "answer_version": 0,
    "outcome": "complete",
    "text": "Відповідь",
    "step": "draft",
}
REFUSED = {403, 404, 405}
LOGIN = "/admin/login/"
STEP = "/videoreception/staff/second-factor/step/"


def foreign_official(world: World) -> Client:
    return client_of(world.foreign.official.user)


def foreign_moderator(world: World) -> Client:
    somebody = user("foreign_moderator")
    models.AgencyModerator.objects.create(agency=world.foreign.official.agency, user=somebody)
    return client_of(somebody)


def former_official(world: World) -> Client:
    client = world.client("receiver")
    models.Official.objects.filter(pk=world.official.pk).update(user=None)
    return client


def dismissed_official(world: World) -> Client:
    client = world.client("receiver")
    world.receiver.is_active = False
    world.receiver.save()
    return client


def without_the_second_factor(world: World) -> Client:
    with_app(world.receiver)
    return world.client("receiver")


def moderator_without_the_second_factor(world: World) -> Client:
    with_app(world.moderator)
    return world.client("moderator")


WITHOUT_IT = (without_the_second_factor, moderator_without_the_second_factor)


def citizen(world: World) -> Client:
    client = Client()
    sign_in(client, world.today.citizen)
    return client


def anonymous(world: World) -> Client:
    return Client()


OWN_PAGES = {
    "official_day": [foreign_official],
    "staff_calendars": [foreign_official, foreign_moderator],
}
"""What shows to these strangers what is their own."""


def test_every_address__is_walked() -> None:
    names = {pattern.name for pattern in urls.urlpatterns}
    assert names == set(ADDRESSES)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
@pytest.mark.parametrize(
    "stranger",
    [
        foreign_official,
        foreign_moderator,
        former_official,
        dismissed_official,
        without_the_second_factor,
        moderator_without_the_second_factor,
        citizen,
        anonymous,
    ],
)
def test_strangers__get_nothing(
    world: World, name: str, stranger: Callable[[World], Client]
) -> None:
    models.Application.objects.filter(pk=world.today.pk).update(start=NOW)
    address = reverse(f"diia_videoreception:{name}", args=ADDRESSES[name](world))
    client = stranger(world)
    before = dump()
    for answer in (client.get(address), client.post(address, SENT)):
        if answer.status_code == 200:
            assert stranger in OWN_PAGES.get(name, ())
        elif answer.status_code in (302, 303):
            # Whoever has signed in may sign out.
            is_asked = stranger in WITHOUT_IT and name != "staff_sign_out"
            assert answer["Location"].startswith(STEP if is_asked else LOGIN)
        else:
            assert answer.status_code in REFUSED
        shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert WORDS not in shown.decode(errors="replace")
        assert b"content" != shown
    after = dump()
    assert {name for name in before if before[name] != after[name]} <= {"RequestCounter"}


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - {"official_day", "staff_sign_out"}))
@pytest.mark.parametrize("who", ["receiver", "moderator"])
def test_the_official_and_moderators_of_the_agency__come_in(
    world: World, name: str, who: str
) -> None:
    address = reverse(f"diia_videoreception:{name}", args=ADDRESSES[name](world))
    answer = world.client(who).get(address)
    assert answer.status_code == (303 if name == "official_conclude" else 200)


SHOWS_NO_CASE = {"official_day", "staff_calendars", "staff_sign_out"}
"""Lists, and what has nothing to do with one."""
LOOKED_AT = {
    "official_document": "document",
    "official_container": "evidence",
    "official_answer": "evidence",
}


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - SHOWS_NO_CASE))
def test_every_reception__is_shown_only_when_it_is_written_who_looks(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse(f"diia_videoreception:{name}", args=ADDRESSES[name](world))
    client = world.client("receiver")
    client.get(address)

    row = models.Look.objects.get()
    assert (row.role, row.what) == ("official", LOOKED_AT.get(name, "case"))
    assert (row.staff_id, row.application_id) == (str(world.receiver.pk), world.today.public_id)

    def fail(row: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(looking, "insert_new", fail)
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == 500
    assert WORDS not in answer.content.decode()
