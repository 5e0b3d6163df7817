"""What a moderator learns of the citizen's equipment, and asking for a check (A-09)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from device_check.models import CheckRun
from diia_videoreception import errors
from diia_videoreception.models import Application, JournalRecord, Letter
from diia_videoreception.services.booking.equipment import ask_for_check
from tests.factories import NOW
from tests.harness.checks import NO_MICROPHONE, finished_check
from tests.harness.html import Page
from tests.steps.admin import World

ASK = "Попросити заявника перевірити"


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def case(client: Client, application: Application) -> str:
    return str(client.get(url("inspect", application)).content.decode())


def test_nothing_checked_yet__is_said(world: World, moderator: Client) -> None:
    shown = case(moderator, world.confirmed)

    assert "Заявник ще не перевіряв камеру, мікрофон, звук і з’єднання." in shown
    assert ASK in shown


def test_the_result__in_one_line_and_by_step(world: World, moderator: Client) -> None:
    finished_check(world.confirmed, at=NOW - timedelta(days=1))

    shown = case(moderator, world.confirmed)

    assert "Перевірено вчора: усе гаразд" in shown
    assert ("Камера", "працює") in Page(shown).facts()
    assert "Chrome 156, Windows" in shown
    assert "результат застарів" not in shown


def test_what_is_missing__is_named(world: World, moderator: Client) -> None:
    finished_check(world.confirmed, at=NOW, verdict="bad", microphone=NO_MICROPHONE)

    shown = case(moderator, world.confirmed)

    assert "Перевірено сьогодні: немає мікрофона" in shown
    assert ("Мікрофон", "немає мікрофона") in Page(shown).facts()


def test_an_old_result__is_called_old(world: World, moderator: Client) -> None:
    finished_check(world.confirmed, at=NOW - timedelta(days=15))

    assert "результат застарів" in case(moderator, world.confirmed)


def test_what_a_browser_is_called__is_never_markup(world: World, moderator: Client) -> None:
    run, markup = finished_check(world.confirmed, at=NOW), "<b>Chrome</b>"
    CheckRun.objects.filter(pk=run.pk).update(browser=markup)

    shown = Page(case(moderator, world.confirmed))
    assert markup in shown.text
    assert "Chrome" not in shown.texts("b")


def test_asking__sends_a_letter_and_is_written_down(world: World, moderator: Client) -> None:
    answer = moderator.post(url("ask_check", world.confirmed), follow=True)

    shown = answer.content.decode()
    assert "Заявника попросили перевірити обладнання листом." in shown
    assert "Перевірити попросили: 23.11.2026, 10:00." in shown
    assert "Заявника попросили перевірити обладнання (" in shown, "in the history"
    assert ASK not in shown, "not twice a day"
    letter = Letter.objects.get(kind="check_device")
    assert letter.application == world.confirmed
    record = JournalRecord.objects.get(act="application.ask_device_check")
    assert record.actor_id == str(world.moderator.pk)
    assert record.subject_id == str(world.confirmed.public_id)
    assert ModelLogEntry.objects.filter(action="diia_videoreception.ask_device_check").exists()


def test_asking_again__only_after_a_day_or_a_check(world: World, time_machine: Any) -> None:
    def ask(after: timedelta) -> None:
        ask_for_check(
            moderator=world.moderator, public_id=world.confirmed.public_id, now=NOW + after
        )

    ask(timedelta(0))
    with pytest.raises(errors.CheckNotAskable):
        ask(timedelta(hours=23))
    finished_check(world.confirmed, at=NOW + timedelta(hours=23))
    ask(timedelta(hours=23, minutes=1))
    with pytest.raises(errors.CheckNotAskable):
        ask(timedelta(hours=24))
    ask(timedelta(hours=48))

    assert Letter.objects.filter(kind="check_device").count() == 3
    assert JournalRecord.objects.filter(act="application.ask_device_check").count() == 3


def test_a_refused_question__is_told_on_the_case(world: World, moderator: Client) -> None:
    moderator.post(url("ask_check", world.confirmed))

    answer = moderator.post(url("ask_check", world.confirmed), follow=True)

    assert "Зараз попросити не можна" in answer.content.decode()
    assert Letter.objects.filter(kind="check_device").count() == 1


@pytest.mark.parametrize("state", ["declined", "cancelled", "lapsed", "completed"])
def test_who_does_not_come__is_not_asked(world: World, moderator: Client, state: str) -> None:
    Application.objects.filter(pk=world.confirmed.pk).update(state=state, reason="x")

    assert ASK not in case(moderator, world.confirmed)
    with pytest.raises(errors.CheckNotAskable):
        ask_for_check(moderator=world.moderator, public_id=world.confirmed.public_id, now=NOW)


def test_when_it_has_begun__nobody_is_asked(world: World) -> None:
    with pytest.raises(errors.CheckNotAskable):
        ask_for_check(
            moderator=world.moderator,
            public_id=world.confirmed.public_id,
            now=world.confirmed.start,
        )


def test_another_agency__cannot_ask(world: World) -> None:
    with pytest.raises(errors.NotFound):
        ask_for_check(moderator=world.foreigner, public_id=world.confirmed.public_id, now=NOW)

    assert not Letter.objects.filter(kind="check_device").exists()
