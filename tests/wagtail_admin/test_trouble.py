"""«Тривога»: the form, the list of whom it concerns, the pause and its end."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from tests.harness.html import Page
from tests.steps.admin import MARKER, World

ADDRESS = reverse("videoreception_trouble:index")


@pytest.fixture
def moderator(world: World, time_machine: Any) -> Client:
    """At 8:30 of the day of the submitted application, which is for 9:00."""
    client = world.client("moderator")
    time_machine.move_to(world.submitted.start - timedelta(minutes=30), tick=False)
    return client


def form(world: World, **changes: Any) -> dict[str, Any]:
    return {"agency": world.agency.pk, "cause": "air_raid", "touched-step": "preview"} | changes


def test_whom_it_concerns__is_seen_before_anything_happens(world: World, moderator: Client) -> None:
    page = Page(moderator.post(ADDRESS, form(world)))
    assert "Кого це стосується, заявок: 1" in page.text
    assert f"Мельник{MARKER}" in page.text
    assert "через повітряну тривогу" in page.text
    assert page.choice("cancel").is_checked, "it is too near to be proposed another time"
    assert not models.ReceptionPause.objects.exists()

    sent = page.form("trouble").hidden() | {
        f"touched-{world.submitted.public_id}": "cancel",
        "touched-why": "Повітряна тривога.",
        "touched-step": "apply",
    }
    assert moderator.post(ADDRESS, sent).status_code == 302
    world.submitted.refresh_from_db()
    assert world.submitted.state == "declined"
    pause = models.ReceptionPause.objects.get()
    now = Page(moderator.get(ADDRESS)).text
    assert "Прийоми призупинено до" in now

    resume = reverse("videoreception_trouble:resume", args=[pause.pk])
    assert moderator.get(resume).status_code == 405
    assert moderator.post(resume).status_code == 302
    assert "Прийоми призупинено до" not in Page(moderator.get(ADDRESS)).text


def test_conditions__can_be_changed_and_are_checked(world: World, moderator: Client) -> None:
    back = Page(moderator.post(ADDRESS, form(world, words="Обстріл", **{"touched-step": "edit"})))
    assert back.field("words").value == "Обстріл"
    for wrong in ({"cause": ""}, {"until": "07:00"}, {"officials": [world.foreign.official_id]}):
        assert moderator.post(ADDRESS, form(world, **wrong)).status_code == 422
    assert not models.ReceptionPause.objects.exists()


def test_letters__are_shown_before_anything_happens(world: World, moderator: Client) -> None:
    page = Page(moderator.post(ADDRESS, form(world)))
    sent = page.form("trouble").hidden() | {
        f"touched-{world.submitted.public_id}": "cancel",
        "touched-why": "Повітряна тривога в області.",
        "touched-step": "letters",
    }
    shown = Page(moderator.post(ADDRESS, sent))
    assert "Повітряна тривога в області." in shown.one("#letters").text
    assert "Скасувати з листом (1)" in shown.one("#letters").text
    assert shown.choice("cancel").is_checked
    assert not models.ReceptionPause.objects.exists()


def test_when_something_has_changed__the_list_is_shown_again(
    world: World, moderator: Client
) -> None:
    page = Page(moderator.post(ADDRESS, form(world, until="17:00")))
    sent = page.form("trouble").hidden() | {"touched-step": "apply", "touched-shown": "old"}
    answer = moderator.post(ADDRESS, sent)
    assert answer.status_code == 409
    assert "Тим часом щось змінилося" in Page(answer).text
    assert not models.ReceptionPause.objects.exists()


def test_another_agency__is_not_there(world: World, moderator: Client) -> None:
    foreigner = world.client("foreigner")
    assert foreigner.post(ADDRESS, form(world)).status_code == 404
    assert world.client("receiver").get(ADDRESS).status_code == 302
