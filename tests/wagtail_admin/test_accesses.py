"""«Доступи на день»: the logins of a day, the passwords by POST and written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, JournalRecord
from tests.harness.html import Page
from tests.steps.admin import MARKER, World

PASSWORD = f"таємне-{MARKER}"
ADDRESS = reverse("videoreception_accesses:index")


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def seen() -> int:
    return JournalRecord.objects.filter(act="reception.reveal_password_to_moderator").count()


def test_day__shows_logins_and_the_passwords_by_post_written_down(
    world: World, moderator: Client
) -> None:
    shown = Page(moderator.get(ADDRESS).text)
    assert "vp-login" in shown.text
    assert world.confirmed.number in shown.text
    assert PASSWORD not in shown.text
    assert seen() == 0

    for nonsense in ("", "2026-02-31", "9999-12-31"):
        assert PASSWORD not in moderator.post(ADDRESS, {"day": nonsense}).text
    assert seen() == 0

    answer = moderator.post(ADDRESS, {"day": f"{world.confirmed.start:%Y-%m-%d}"})
    assert PASSWORD in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert seen() == 1


def test_day__hides_passwords_of_receptions_that_are_over(
    world: World, moderator: Client, time_machine: Any
) -> None:
    day = f"{world.confirmed.start:%Y-%m-%d}"
    time_machine.move_to(world.confirmed.end + timedelta(minutes=15), tick=False)
    assert "Показати паролі" not in moderator.get(ADDRESS, {"day": day}).text
    answer = moderator.post(ADDRESS, {"day": day})
    assert "vp-login" in answer.text
    assert PASSWORD not in answer.text
    assert seen() == 0


def test_day__leaves_out_other_days_and_what_is_not_held(world: World, moderator: Client) -> None:
    day = world.confirmed.start + timedelta(days=1)
    other = moderator.get(ADDRESS, {"day": f"{day:%Y-%m-%d}"}).text
    assert "Цього дня прийомів у програмі немає." in other
    Application.objects.filter(pk=world.confirmed.pk).update(state="cancelled")
    assert "vp-login" not in moderator.get(ADDRESS).text


def test_day__that_is_none_is_the_next_with_receptions(world: World, moderator: Client) -> None:
    for nonsense in ("2026-02-31", "9999-12-31", "x"):
        assert "vp-login" in moderator.get(ADDRESS, {"day": nonsense}).text
