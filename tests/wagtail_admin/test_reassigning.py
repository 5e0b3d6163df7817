"""A moderator gives a case to another official: who is offered, the letter first, what is refused."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Letter, Official
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.proposals import propose
from tests.steps.reassigning import colleague_of, reassign

pytestmark = pytest.mark.any_database


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


@pytest.fixture
def other(world: World) -> Official:
    return colleague_of(world.official)


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def sent(official: Official, step: str, **changes: Any) -> dict[str, Any]:
    return {"version": 1, "official": official.pk, "step": step} | changes


@pytest.mark.parametrize("name", ["submitted", "confirmed"])
def test_the_letter__is_seen_before_it_is_sent(
    world: World, moderator: Client, other: Official, name: str
) -> None:
    application: Application = getattr(world, name)
    letters = Letter.objects.count()
    assert "Передати іншій посадовій особі" in Page(moderator.get(url("inspect", application))).text
    choice = Page(moderator.get(url("reassign", application)))
    assert str(other.pk) in choice.values("official")

    preview = Page(moderator.post(url("reassign", application), sent(other, "preview")))

    assert "Ще нічого не надіслано." in preview.text
    assert Letter.objects.count() == letters
    shown = preview.one("blockquote.vr-preview").text
    assert other.full_name in shown
    again = Page(moderator.post(url("reassign", application), sent(other, "edit")))
    assert again.field("official").value == str(other.pk)

    answer = moderator.post(url("reassign", application), sent(other, "confirm"), follow=True)

    assert "Заявника прийме інша посадова особа." in Page(answer).text
    assert other.full_name in Page(answer).text
    assert Application.objects.get(pk=application.pk).official == other
    letter = Letter.objects.get(application=application, kind="reassigned")
    assert "Передано іншій посадовій особі" in Page(answer).text, "in the history"
    assert letter.facts["official"] == other.pk


def test_who_is_not_free__is_not_offered(world: World, moderator: Client, other: Official) -> None:
    ApplicationFactory(official=other, start=world.submitted.start)
    foreign = ScheduleRuleFactory().official

    page = Page(moderator.get(url("reassign", world.submitted)))

    assert str(other.pk) not in page.values("official")
    assert str(foreign.pk) not in page.values("official")
    for wanted in (other, foreign):
        answer = moderator.post(url("reassign", world.submitted), sent(wanted, "confirm"))
        assert answer.status_code == 422
    assert Application.objects.get(pk=world.submitted.pk).official == world.official


def test_when_another_moderator_decided_first__nothing_is_done(
    world: World, moderator: Client, other: Official
) -> None:
    reassign(world.submitted, world.moderator, colleague_of(world.official))

    answer = moderator.post(url("reassign", world.submitted), sent(other, "confirm"))

    assert answer.status_code == 409
    assert "Заявка змінилася" in Page(answer).text
    assert Application.objects.get(pk=world.submitted.pk).official != other


def test_while_another_time_is_proposed__it_is_not_offered(
    world: World, moderator: Client, other: Official
) -> None:
    propose(world.submitted, world.moderator, world.submitted.end)

    case = Page(moderator.get(url("inspect", world.submitted)))
    page = Page(moderator.get(url("reassign", world.submitted), follow=True))

    assert "Передати іншій посадовій особі" not in case.text
    assert "Заявка змінилася. Перегляньте її, будь ласка, ще раз." in page.text
