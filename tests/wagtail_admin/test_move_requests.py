"""A moderator reads what a citizen asks for, moves the reception, or refuses with words."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from diia_videoreception.models import Application, Letter, MoveRequest
from tests.factories import NOW
from tests.harness.html import Page
from tests.steps import move_requests
from tests.steps.admin import World

WISHED = "2026-12-15T09:00:00+02:00"
WHY = "Операція <матері>"


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


@pytest.fixture
def request_(world: World) -> MoveRequest:
    return move_requests.ask(world.confirmed, datetime.fromisoformat(WISHED), reason=WHY)


def version(world: World) -> int:
    return Application.objects.get(pk=world.confirmed.pk).version


def test_the_case__shows_what_is_asked_for(
    world: World, moderator: Client, request_: MoveRequest
) -> None:
    page = Page(moderator.get(url("inspect", world.confirmed)))

    assert "Заявник просить перенести прийом" in page.text
    assert ("Чому", WHY) in page.facts()
    assert "Перенести на 15.12.2026, 9:00…" in page.text
    assert "просить інший час" in page.text


def test_a_wished_time__is_seen_as_a_letter_and_set(
    world: World, moderator: Client, request_: MoveRequest
) -> None:
    case = Page(moderator.get(url("inspect", world.confirmed)))
    form = case.one(f'form:has(input[value="{request_.times[0].isoformat()}"])')
    assert form.attribute("action") == url("other_time", world.confirmed)
    sent = {
        "version": version(world),
        "start": request_.times[0].isoformat(),
        "is_agreed": "on",
        "step": "preview",
    }

    preview = moderator.post(url("other_time", world.confirmed), sent)
    assert "Ще нічого не надіслано." in preview.content.decode()
    assert MoveRequest.objects.get().is_open(NOW)

    sent["step"] = "confirm"
    done = moderator.post(url("other_time", world.confirmed), sent, follow=True)
    assert "Новий час підтверджено." in done.content.decode()
    assert MoveRequest.objects.get().answer == "accepted"
    assert Application.objects.get(pk=world.confirmed.pk).start == request_.times[0]


def test_refusing__shows_the_letter_first(
    world: World, moderator: Client, request_: MoveRequest
) -> None:
    where = url("refuse_move", world.confirmed)
    assert "Чому прийом не можна перенести" in Page(moderator.get(where)).text
    sent: dict[str, Any] = {"version": version(world), "words": "Цього тижня <відпустка>"}

    preview = Page(moderator.post(where, sent | {"step": "preview"}))
    assert "Цього тижня <відпустка>" in preview.one("blockquote.vr-preview").text
    edit = Page(moderator.post(where, sent | {"step": "edit"}))
    assert edit.field("words").value.strip() == "Цього тижня <відпустка>"
    assert not Letter.objects.filter(kind="move_refused").exists()

    done = moderator.post(where, sent | {"step": "send"}, follow=True)
    assert "Час прийому не змінюється. Заявник отримає лист." in done.content.decode()
    assert Letter.objects.filter(kind="move_refused", copy_of=None).count() == 1
    entry = ModelLogEntry.objects.get(action="diia_videoreception.refuse_move")
    assert (entry.user, entry.data) == (world.moderator, {})
    page = Page(moderator.get(url("inspect", world.confirmed)))
    assert ("Відповідь заявнику", "Цього тижня <відпустка>") in page.facts()


def test_what_was_taken_back_meanwhile__is_said_and_the_words_stay(
    world: World, moderator: Client, request_: MoveRequest
) -> None:
    sent = {"version": version(world), "words": "Ні.", "step": "send"}
    move_requests.take_back(request_)

    answer = moderator.post(url("refuse_move", world.confirmed), sent)

    assert answer.status_code == 409
    page = Page(answer)
    assert "Заявка змінилася" in page.text
    assert "Заявник більше не просить інший час" in page.text
    assert page.field("words").value.strip() == "Ні."


@pytest.mark.parametrize("words", ["", " \u200b", "а" * 2001])
def test_words__are_needed_and_have_an_end(
    world: World, moderator: Client, request_: MoveRequest, words: str
) -> None:
    sent = {"version": version(world), "words": words, "step": "send"}

    assert moderator.post(url("refuse_move", world.confirmed), sent).status_code == 422
    assert MoveRequest.objects.get().is_open(NOW)


def test_the_list_and_the_first_page__tell_who_asks(
    world: World, moderator: Client, time_machine: Any
) -> None:
    where, own = reverse("videoreception_applications:index_results"), world.confirmed.number

    def found(client: Client) -> bool:
        return own in client.get(where, {"waiting": "move"}).content.decode()

    assert not found(moderator)
    request = move_requests.ask(world.confirmed, NOW + timedelta(days=22, hours=-1))
    assert found(moderator)
    assert "підтверджено, просить інший час" in moderator.get(where).content.decode()
    home = moderator.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 заявник просить перенести прийом" in home

    time_machine.move_to(request.deadline, tick=False)
    assert not found(world.client("moderator")), "nobody has to have noted that it ended"
