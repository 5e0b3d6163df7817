"""Who signs in as which official: heads of agencies say it, and it is written down."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.selectors.access import officials_of, receptions_of
from tests.steps.admin import World, client_of, staff
from tests.wagtail_admin.worlds import official_form

EDIT = "videoreception_officials:edit"


def connect(client: Client, official: models.Official, name: str, world: World) -> Any:
    sent = official_form(world) | {"user_name": name}
    return client.post(reverse(EDIT, args=[official.pk]), sent)


@pytest.fixture
def head(world: World) -> Client:
    models.AgencyModerator.objects.filter(user=world.moderator).update(is_head=True)
    models.Official.objects.update(user=None)
    return world.client("moderator")


def test_a_head__connects_an_official_and_takes_it_back(world: World, head: Client) -> None:
    person = staff("person")
    assert connect(head, world.official, "person", world).status_code == 302
    assert list(officials_of(person)) == [world.official]

    assert connect(head, world.official, "", world).status_code == 302
    assert list(officials_of(person)) == []
    assert [
        (record.act, record.actor_id, record.subject_id, record.details)
        for record in models.JournalRecord.objects.filter(subject_kind="official")
    ] == [
        (act, str(world.moderator.pk), str(world.official.pk), {"was": was, "user": user})
        for act, was, user in (
            ("official.connect", None, person.pk),
            ("official.disconnect", person.pk, None),
        )
    ]


def test_one_person__is_several_officials(world: World, head: Client) -> None:
    person = staff("person")
    for official in (world.official, world.idle_official):
        connect(head, official, "person", world)
    assert set(officials_of(person)) == {world.official, world.idle_official}


def test_a_moderator_who_is_no_head__connects_nobody(world: World) -> None:
    models.AgencyModerator.objects.create(
        agency=world.foreign.official.agency, user=world.moderator, is_head=True
    )
    client = world.client("moderator")
    assert b'name="user_name"' not in client.get(reverse(EDIT, args=[world.official.pk])).content

    assert connect(client, world.official, "own", world).status_code == 302
    assert list(officials_of(world.moderator)) == []
    # Nor by moving an official from the agency that they head, or by adding one.
    add = reverse("videoreception_officials:add")
    answer = client.post(add, official_form(world) | {"user_name": "own"})
    assert (
        "Посадових осіб з користувачами пов’язує лише керівник установи." in answer.content.decode()
    )
    assert not models.Official.objects.filter(user=world.moderator).exists()


@pytest.mark.parametrize("name", ["nobody", "former"])
def test_who_cannot_sign_in__is_not_connected(world: World, head: Client, name: str) -> None:
    former = staff("former")
    former.is_active = False
    former.save()

    answer = connect(head, world.official, name, world)
    assert answer.status_code == 200
    assert "не знайдено людини, яку тут можна вказати" in answer.content.decode()
    assert models.Official.objects.get(pk=world.official.pk).user is None


def test_an_official__sees_own_appointed_receptions_only(world: World) -> None:
    person = staff("person")
    models.Official.objects.filter(pk=world.official.pk).update(user=person)

    assert set(receptions_of(person)) == {world.confirmed, world.held}
    assert not receptions_of(staff("other")).exists()
    assert not receptions_of(world.superuser).exists()
    person.is_active = False
    assert not receptions_of(person).exists()
    # Being an official opens nothing of what moderators do.
    person.is_active = True
    person.save()
    answer = client_of(person).get(reverse("videoreception_applications:index"))
    assert answer.status_code in (302, 403)
