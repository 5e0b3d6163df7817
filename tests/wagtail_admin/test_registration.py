"""The agency's own number on the page of a case, and the sheets that are printed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.people import sign_in


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def register(client: Client, application: Application, number: str, seen: str = "") -> Any:
    sent = {"number": number, "seen_number": seen}
    return client.post(url("registration", application), sent, follow=True)


def test_the_number__is_written_and_what_is_refused_stays_typed(
    world: World, moderator: Client
) -> None:
    done = Page(register(moderator, world.submitted, "К-<17>"))
    assert "Реєстраційний номер збережено." in done.text
    assert done.field("number").value == "К-<17>"

    for number, seen in (("1" * 61, "К-<17>"), ("К-18", "")):
        refused = register(moderator, world.submitted, number, seen)
        assert refused.status_code == 409
        assert Page(refused).field("number").value == number
        assert Page(refused).field("number").is_invalid
    citizen = Client()
    sign_in(citizen, world.submitted.citizen)
    where = reverse("diia_videoreception:case", args=[world.submitted.public_id])
    assert "номер установи: К-<17>" in Page(citizen.get(where)).text


@pytest.mark.parametrize("name", ["print", "card"])
def test_a_sheet__has_what_belongs_on_it(world: World, moderator: Client, name: str) -> None:
    Application.objects.filter(pk=world.confirmed.pk).update(registration_number="К-<17>")
    page = Page(moderator.get(url(name, world.confirmed)))
    confirmed = world.confirmed
    for said in (confirmed.number, "К-<17>", confirmed.citizen.full_name, confirmed.topic):
        assert said in page.text
    assert moderator.get(url(name, world.foreign)).status_code == 404


def test_a_card__is_of_a_reception(world: World, moderator: Client) -> None:
    assert moderator.get(url("card", world.submitted)).status_code == 404
    assert (
        "Картка особистого прийому" not in Page(moderator.get(url("inspect", world.submitted))).text
    )
    card = Page(moderator.get(url("card", world.held)))
    for said in ("Картка особистого прийому", "Наслідки прийому", "відбувся", "Хто веде прийом"):
        assert said in card.text


@pytest.mark.parametrize("shown", [True, False])
def test_an_official__sees_the_phone_on_sheets_as_on_pages(world: World, shown: bool) -> None:
    official = world.official
    official.agency.officials_see_phone = shown
    official.agency.save()
    Application.objects.filter(pk=world.confirmed.pk).update(start=NOW)
    receiver = world.client("receiver")
    for name in ("official_print", "official_card"):
        where = reverse(f"diia_videoreception:{name}", args=[world.confirmed.public_id])
        page = Page(receiver.get(where))
        assert world.confirmed.topic in page.text
        assert (world.confirmed.phone[-4:] in page.text.replace(" ", "")) is shown
