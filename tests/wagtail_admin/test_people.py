"""The people of an agency: its head gives and takes rights, and helps who has lost the phone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.errors import Incomplete, NotFound
from diia_videoreception.selectors.access import agencies_moderated_by
from diia_videoreception.selectors.accounts.second_factor import totp_devices
from diia_videoreception.selectors.accounts.staff import people_of, staff_reset_by
from diia_videoreception.services.accounts import second_factor, staff_rights
from diia_videoreception.services.letters.delivery import deliver_due
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World, client_of, staff, text_of
from tests.steps.officials import user
from tests.steps.second_factor import require, verify, with_app

pytestmark = pytest.mark.any_database

ADD = "videoreception_moderators:add"
PEOPLE = "videoreception_people:index"
UNSUITABLE = "не знайдено людини, яку тут можна вказати"


@pytest.fixture
def head(world: World) -> Client:
    return world.client("head")


def give(client: Client, agency: models.Agency, name: str, **sent: Any) -> Any:
    return client.post(reverse(ADD), {"agency": agency.pk, "user_name": name, **sent})


def take(client: Client, right: models.AgencyModerator) -> Any:
    return client.post(reverse("videoreception_moderators:delete", args=[right.pk]))


def taken_away(client: Client, right: models.AgencyModerator) -> str:
    """What the page says to who takes a right away."""
    return text_of(
        client.post(reverse("videoreception_moderators:delete", args=[right.pk]), follow=True)
    )


def right_of(person: Any) -> models.AgencyModerator:
    return models.AgencyModerator.objects.get(user=person)


def recorded(person: Any) -> list[tuple[str, str, Any]]:
    rows = models.JournalRecord.objects.filter(subject_kind="user", subject_id=str(person.pk))
    return [(row.act, row.actor_id, row.details) for row in rows]


def test_a_head__gives_a_right_and_takes_it_away(world: World, head: Client) -> None:
    person = staff("person")
    assert give(head, world.agency, "person").status_code == 302
    assert list(agencies_moderated_by(person)) == [world.agency]
    assert client_of(person).get(reverse("videoreception_applications:index")).status_code == 200

    assert take(head, right_of(person)).status_code == 302
    assert not agencies_moderated_by(person).exists()
    details = {"agency": world.agency.pk, "head": False}
    actor = str(world.head.pk)
    assert recorded(person) == [
        ("user.right_given", actor, details),
        ("user.right_taken", actor, details),
    ]


def test_a_head__makes_no_head_whatever_is_sent(world: World, head: Client) -> None:
    person = staff("person")
    give(head, world.agency, "person", is_head="on")
    assert not right_of(person).is_head
    edit = reverse("videoreception_moderators:edit", args=[right_of(person).pk])
    head.post(edit, {"is_head": "on"})
    assert not right_of(person).is_head

    right = models.AgencyModerator(agency=world.agency, user=world.receiver, is_head=True)
    with pytest.raises(NotFound):
        staff_rights.save_moderator(right, staff=world.head, now=NOW)


def test_a_head__takes_nothing_from_heads_and_nothing_elsewhere(world: World, head: Client) -> None:
    for right in (right_of(world.head), right_of(world.foreigner)):
        take(head, right)
        with pytest.raises(NotFound):
            staff_rights.take_moderator(right, staff=world.head, now=NOW)
    assert models.AgencyModerator.objects.filter(is_head=True).count() == 2

    answer = give(head, world.foreign.official.agency, world.receiver.username)
    assert answer.status_code == 200
    assert not agencies_moderated_by(world.receiver).exists()


def test_a_superuser__makes_a_head(world: World) -> None:
    client = world.client("superuser")
    edit = reverse("videoreception_moderators:edit", args=[world.moderation.pk])
    assert client.post(edit, {"is_head": "on"}).status_code == 302
    assert right_of(world.moderator).is_head


def test_a_head_who_is_one_no_more__is_in_the_journal(world: World) -> None:
    client = world.client("superuser")
    edit = reverse("videoreception_moderators:edit", args=[right_of(world.head).pk])
    assert "єдиний керівник" in client.post(edit, {}).text
    assert "єдиний керівник" in taken_away(client, right_of(world.head))
    assert right_of(world.head).is_head
    assert recorded(world.head) == []
    second = staff("second")
    models.AgencyModerator.objects.create(agency=world.agency, user=second, is_head=True)
    assert client.post(edit, {}).status_code == 302
    assert not right_of(world.head).is_head
    actor, agency = str(world.superuser.pk), world.agency.pk
    assert recorded(world.head)[-2:] == [
        ("user.right_taken", actor, {"agency": agency, "head": True}),
        ("user.right_given", actor, {"agency": agency, "head": False}),
    ]


def test_a_right__is_not_turned_into_one_of_somebody_else(world: World) -> None:
    right = right_of(world.moderator)
    right.user = world.receiver
    with pytest.raises(Incomplete):
        staff_rights.save_moderator(right, staff=world.superuser, now=NOW)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nobody", UNSUITABLE),
        ("outsider", UNSUITABLE),
        ("former", UNSUITABLE),
        ("own", "вже має це право"),
    ],
)
def test_who_cannot_have_it__is_given_no_right(
    world: World, head: Client, name: str, words: str
) -> None:
    user("outsider")
    former = staff("former")
    former.is_active = False
    former.save()
    count = models.AgencyModerator.objects.count()

    answer = give(head, world.agency, name)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert models.AgencyModerator.objects.count() == count


def test_the_page__shows_the_own_people_with_their_rights(world: World, head: Client) -> None:
    with_app(world.moderator)
    rows = [row.text for row in Page(head.get(reverse(PEOPLE))).all("tbody tr")]

    assert len(rows) == 4
    assert any("Модератор" in row and "налаштовано" in row and "Скинути" in row for row in rows)
    assert any("Посадова особа" in row and "не налаштовано" in row for row in rows)
    assert not any("foreign" in row or "super" in row for row in rows)


def test_many_people__cost_no_more_queries(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        staff(f"person{number}", world.agency)
    with django_assert_max_num_queries(9):
        assert len(people_of(world.head)) == 16


def test_a_head__resets_the_second_factor_and_the_person_learns_of_it(
    world: World, settings: Any
) -> None:
    require(settings)
    world.moderator.email = "own@portal.example"
    world.moderator.save()
    lost = verify(client_of(world.moderator), world.moderator)
    head = world.proven_client("head")
    address = reverse("videoreception_people:reset", args=[world.moderator.pk])

    assert head.get(address).status_code == 200
    assert totp_devices().filter(user_id=world.moderator.pk).exists(), "looking changes nothing"
    answer = head.post(address, follow=True)

    assert "повідомимо людину листом" in answer.content.decode()
    assert recorded(world.moderator)[-1][:2] == ("user.second_factor_reset", str(world.head.pk))
    # Whoever holds the phone is out at once.
    step = lost.get(reverse("videoreception_applications:index"))["Location"]
    assert "/second-factor/" in step
    deliver_due(now=NOW)
    letter = mail.outbox[-1]
    assert letter.to == ["own@portal.example"]
    assert "скинуто" in letter.subject
    assert "негайно змініть пароль" in letter.body


def test_somebody_without_an_address__is_to_be_told_by_the_head(world: World) -> None:
    with_app(world.moderator)
    address = reverse("videoreception_people:reset", args=[world.moderator.pk])
    answer = world.client("head").post(address, follow=True)
    assert "повідомте людину самі" in answer.content.decode()


def test_a_head__resets_nobody_above_beside_or_elsewhere(world: World) -> None:
    beside, elsewhere = staff("beside", world.agency), staff("elsewhere", world.agency)
    models.AgencyModerator.objects.filter(user=beside).update(is_head=True)
    models.AgencyModerator.objects.create(agency=world.foreign.official.agency, user=elsewhere)
    models.AgencyModerator.objects.create(agency=world.agency, user=world.superuser)
    for person in (beside, elsewhere, world.superuser, world.foreigner, world.head):
        with_app(person)
        with pytest.raises(NotFound):
            second_factor.reset(person.pk, staff=world.head, now=NOW)
    deputy = world.substitute.user
    assert set(staff_reset_by(world.head)) == {world.moderator, world.receiver, deputy}
    assert set(staff_reset_by(world.superuser)) >= {beside, elsewhere, world.head}
    assert world.superuser not in staff_reset_by(world.superuser)


@pytest.mark.parametrize("way", ["own", "group"])
@pytest.mark.parametrize("right", ["add_user", "change_user", "change_group"])
def test_a_head__resets_nobody_with_rights_over_users_by_naming_them(
    world: World, way: str, right: str
) -> None:
    keeper = staff("keeper")
    permission = Permission.objects.get(codename=right)
    if way == "own":
        keeper.user_permissions.add(permission)
    else:
        group = Group.objects.create(name="keepers")
        group.permissions.add(permission)
        keeper.groups.add(group)
    with_app(keeper)
    day = date(2026, 12, 2)
    named = models.OfficialSubstitute(
        official=world.official, user=keeper, first_day=day, last_day=day
    )
    staff_rights.save_substitute(named, staff=world.head, now=NOW)

    assert keeper in {person.user for person in people_of(world.head)}
    with pytest.raises(NotFound):
        second_factor.reset(keeper.pk, staff=world.head, now=NOW)
    assert keeper in staff_reset_by(world.superuser)


def test_resetting__wants_the_own_second_factor_again(
    world: World, settings: Any, time_machine: Any
) -> None:
    require(settings)
    with_app(world.moderator)
    head = world.proven_client("head")
    time_machine.shift(timedelta(minutes=11))
    address = reverse("videoreception_people:reset", args=[world.moderator.pk])

    assert head.get(address).status_code == 200
    answer = head.post(address, HTTP_REFERER=f"http://testserver{address}")
    assert answer.status_code == 303
    assert "reason=fresh" in answer["Location"]
    assert totp_devices().filter(user_id=world.moderator.pk).exists()


def test_a_moderator_who_is_no_head__gives_takes_and_resets_nothing(world: World) -> None:
    with_app(world.receiver)
    client = world.client("moderator")
    assert client.get(reverse(PEOPLE)).status_code == 302
    give(client, world.agency, world.receiver.username)
    take(client, right_of(world.head))
    client.post(reverse("videoreception_people:reset", args=[world.receiver.pk]))

    assert models.AgencyModerator.objects.filter(user=world.head).exists()
    assert not agencies_moderated_by(world.receiver).exists()
    assert totp_devices().filter(user_id=world.receiver.pk).exists()
