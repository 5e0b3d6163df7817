"""Every address of a centre, as everybody whom it is not for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.web.centre import urls
from tests.factories import AgencyFactory
from tests.harness.clock import NOW
from tests.steps.admin import client_of, dump, staff
from tests.steps.centres import MARKER, CentreWorld, member, operator, user
from tests.steps.people import sign_in
from tests.steps.second_factor import require, verify, with_app
from tests.steps.visits import begun

pytestmark = pytest.mark.any_database

OF_MEMBERS = {
    "centre_home",
    "centre_places",
    "centre_receptions",
    "centre_visits",
    "centre_hand_over",
    "centre_slips",
    "centre_slip",
    "centre_training",
    "centre_training_visit",
    "centre_revoke",
}
OF_HOLDERS = {"centre_visit", "centre_leaflet", "centre_paper_form"}
"""The addresses of a visit, for who holds it."""
OF_HELPERS = {
    "centre_typed",
    "centre_typed_time",
    "centre_typed_check",
    "centre_typed_documents",
    "centre_typed_state",
    "centre_typed_paper",
    "centre_typed_sheet",
    "centre_typed_scan",
    "centre_consent",
    "centre_consent_text",
    "centre_consent_scan",
    "centre_consent_state",
}
"""Those of the consent in it, for who may act on behalf of people, too."""
OF_HEADS: dict[str, Callable[[CentreWorld], list[Any]]] = {
    "centre_people": lambda world: [],
    "centre_invite": lambda world: [],
    "centre_person": lambda world: [world.member.public_id],
    "centre_withdraw": lambda world: [world.invitation.public_id],
    "centre_workplaces": lambda world: [],
    "centre_add_workplace": lambda world: [],
    "centre_workplace": lambda world: [world.workplace.public_id],
    "centre_hours": lambda world: [],
    "centre_decisions": lambda world: [],
    "centre_journal": lambda world: [],
    "centre_statistics": lambda world: [],
    "centre_statistics_table": lambda world: [],
}
OF_TESTS = {"centre_test", "centre_test_attempt", "centre_test_question"}
"""Walked in test_walker_of_tests.py."""
PUBLIC = {"centre_apply", "centre_applied", "centre_join"}
OWN = {"centre_front", "centre_confirm"}
"""What shows to whoever is signed in what is their own."""
SENT: list[dict[str, str]] = [
    {"act": "end"},
    {"act": "pair"},
    {"act": "remove"},
    {"act": "role", "role": "head"},
    {"act": "block", "reason": "Так."},
    {"act": "end", "function": "intermediation", "period": "2026-11", "exercise": "0"},
    {"name": "Новий", "address": "new@cnap.example", "role": "head"},
    {"kind": "desk", "label": "Нове місце"},
    {"day_0": "9:00–13:00"},
    {"act": "greeting", "version": "1", "need": "Інше", "language": "uk"},
    {"act": "stop", "version": "1", "reason": "left"},
    {"act": "identify", "version": "1", "last_name": "Ш", "first_name": "П", "source": "declared"},
]
LOGIN = "/admin/login/"
STEP = "/videoreception/staff/second-factor/"


def _nothing(world: CentreWorld) -> list[Any]:
    return []


def foreign_head(world: CentreWorld) -> Client:
    return world.proven_client("foreign_head")


def administrator(world: CentreWorld) -> Client:
    return world.proven_client("administrator")


def consultant(world: CentreWorld) -> Client:
    return world.proven_client("consultant")


def former_head(world: CentreWorld) -> Client:
    models.CentreMember.objects.filter(user=world.head).update(ended_at=NOW)
    return world.proven_client("head")


def blocked_head(world: CentreWorld) -> Client:
    found = models.CentreMember.objects.filter(user=world.head)
    found.update(blocked_at=NOW, block_reason="Перевірка.")
    return world.proven_client("head")


def dismissed_head(world: CentreWorld) -> Client:
    client = world.proven_client("head")
    world.head.is_active = False
    world.head.save()
    return client


def head_by_password_alone(world: CentreWorld) -> Client:
    with_app(world.head)
    return world.client("head")


def the_operator(world: CentreWorld) -> Client:
    somebody = operator()
    return verify(client_of(somebody), somebody)


def superuser(world: CentreWorld) -> Client:
    somebody = staff("root", superuser=True)
    return verify(client_of(somebody), somebody)


def moderator(world: CentreWorld) -> Client:
    return client_of(staff("moderator", AgencyFactory()))


def nobody_special(world: CentreWorld) -> Client:
    return client_of(user("somebody"))


def citizen(world: CentreWorld) -> Client:
    client = Client()
    sign_in(client)
    return client


def anonymous(world: CentreWorld) -> Client:
    return Client()


STRANGERS = [
    foreign_head,
    former_head,
    dismissed_head,
    head_by_password_alone,
    the_operator,
    superuser,
    moderator,
    nobody_special,
    citizen,
    anonymous,
]
NO_HEADS = [administrator, consultant, blocked_head]


def test_every_address__is_walked() -> None:
    names = {pattern.name for pattern in urls.urlpatterns}
    assert names == OF_HEADS.keys() | OF_MEMBERS | OF_HOLDERS | OF_HELPERS | OF_TESTS | PUBLIC | OWN


def _refused(client: Client, address: str) -> None:
    # Who walks all addresses is no guesser to be slowed down.
    models.RequestCounter.objects.all().delete()
    before = dump()
    for answer in (client.get(address), *(client.post(address, sent) for sent in SENT)):
        if answer.status_code in (302, 303):
            assert answer["Location"].startswith((LOGIN, STEP)), answer["Location"]
        else:
            assert answer.status_code in {403, 404, 405}
        assert MARKER not in answer.content.decode()
    after = dump()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"RequestCounter", "Session"}


def addresses_of_visit(
    world: CentreWorld, centre: models.Centre | None = None, *, only_holders: bool = False
) -> list[str]:
    """The addresses of a visit that the administrator holds, below a centre."""
    visit = models.CentreVisit.objects.filter(member=world.member).first() or begun(world)
    models.CentreVisit.objects.filter(pk=visit.pk).update(need=MARKER)
    arguments = [(centre or world.centre).public_id, visit.public_id]
    names = [*OF_HOLDERS, *(() if only_holders else OF_HELPERS)]
    return [reverse(f"diia_videoreception:{name}", args=arguments) for name in names]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers__get_nothing_of_a_centre(
    world: CentreWorld, stranger: Callable[[CentreWorld], Client]
) -> None:
    addresses = [
        reverse(f"diia_videoreception:{name}", args=[world.centre.public_id, *arguments(world)])
        for name, arguments in {**dict.fromkeys(OF_MEMBERS, _nothing), **OF_HEADS}.items()
    ]
    addresses += addresses_of_visit(world)
    client = stranger(world)
    for address in addresses:
        _refused(client, address)


@pytest.mark.parametrize("no_head", NO_HEADS)
def test_members_who_are_no_heads_now__change_nothing(
    world: CentreWorld, no_head: Callable[[CentreWorld], Client]
) -> None:
    client = no_head(world)
    home = reverse("diia_videoreception:centre_home", args=[world.centre.public_id])
    assert client.get(home).status_code == 200
    for name, arguments in OF_HEADS.items():
        args = [world.centre.public_id, *arguments(world)]
        _refused(client, reverse(f"diia_videoreception:{name}", args=args))


def test_the_rows_of_a_centre__are_not_reached_by_the_address_of_another(
    world: CentreWorld,
) -> None:
    client = foreign_head(world)
    for name, arguments in OF_HEADS.items():
        if not arguments(world):
            continue
        args = [world.foreign.public_id, *arguments(world)]
        _refused(client, reverse(f"diia_videoreception:{name}", args=args))


@pytest.mark.parametrize("colleague", ["head", "consultant"])
def test_a_visit__is_not_there_for_a_colleague(world: CentreWorld, colleague: str) -> None:
    client = world.proven_client(colleague)
    for address in addresses_of_visit(world):
        _refused(client, address)


def test_a_visit__is_not_reached_by_the_address_of_another_centre(world: CentreWorld) -> None:
    member(world.foreign, world.administrator)
    client = world.proven_client("administrator")
    for address in addresses_of_visit(world, world.foreign):
        _refused(client, address)


def test_the_holder_of_a_visit__comes_in(world: CentreWorld) -> None:
    client = world.proven_client("administrator")
    for address in addresses_of_visit(world, only_holders=True):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", sorted(OF_HEADS.keys() | OF_MEMBERS))
def test_the_head__comes_in(world: CentreWorld, name: str) -> None:
    arguments = OF_HEADS.get(name, lambda world: [])(world)
    address = reverse(f"diia_videoreception:{name}", args=[world.centre.public_id, *arguments])
    answer = world.proven_client("head").get(address)
    # A slip is there for who has made one.
    without_one = {
        "centre_withdraw": 405,
        "centre_statistics_table": 405,
        "centre_slip": 303,
        "centre_training_visit": 303,
    }
    assert answer.status_code == without_one.get(name, 200)


def test_where_the_second_factor_is_required__a_password_leads_to_the_step(
    world: CentreWorld, settings: Any
) -> None:
    require(settings)
    home = reverse("diia_videoreception:centre_home", args=[world.centre.public_id])
    answer = world.client("consultant").get(home)
    assert answer["Location"].startswith(STEP)
