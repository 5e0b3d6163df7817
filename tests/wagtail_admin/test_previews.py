"""Before an act the moderator sees the letter that it sends, word for word; nothing is done by looking."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Agency, Application, Letter, Reception
from diia_videoreception.services.letters.previews import HIDDEN
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import NOW
from tests.harness.html import Page
from tests.steps.admin import World

pytestmark = pytest.mark.any_database

OTHER = "2026-12-01T10:00:00+02:00"
LOGIN = "(буде створено, коли Ви підтвердите)"


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def url(act: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{act}", args=[application.public_id])


def text(response: Any) -> str:
    return str(response.content.decode())


def words(html: str) -> str:
    return Page(html).text


def shown(page: str) -> str:
    """The words of the letter on the page."""
    return Page(page).one("blockquote.vr-preview").text


def sent(application: Application, kind: str) -> tuple[str, str]:
    """Subject and words of the letter that the act has written, secrets covered as in the preview."""
    letter = Letter.objects.get(application=application, kind=kind, copy_of=None)
    rendered = render_letter(letter, for_sending=True, now=NOW)
    body = words(render_to_string("diia_videoreception/letters/body.html", {"letter": rendered}))
    reception = Reception.objects.filter(application=application).first()
    if reception is not None and kind in {"confirmation", "moved"}:
        body = body.replace(reception.login, LOGIN)
    if reception is not None:
        body = body.replace(reception.password, HIDDEN)
    return rendered.subject, body


@pytest.mark.parametrize("policy", ["official_mailbox_only", "always", "link"])
def test_confirming__shows_the_letter_that_is_sent(
    world: World, moderator: Client, settings: Any, policy: str
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "LETTER_PASSWORD": policy}
    page = text(moderator.get(url("confirm", world.submitted)))

    assert "Підтвердити і надіслати лист" in page
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"
    assert not Letter.objects.filter(application=world.submitted, kind="confirmation").exists()
    assert not Reception.objects.filter(application=world.submitted).exists()

    moderator.post(url("confirm", world.submitted), {"version": 1})

    subject, body = sent(world.submitted, "confirmation")
    assert subject in shown(page)
    assert body in shown(page)
    assert world.submitted.letters_address in shown(page)
    assert (HIDDEN in shown(page)) is (policy == "always")


@pytest.mark.parametrize("name", ["submitted", "confirmed"])
def test_another_time__shows_the_letter_that_is_sent(
    world: World, moderator: Client, name: str
) -> None:
    application: Application = getattr(world, name)
    data = {"version": 1, "start": OTHER, "week": "2026-11-30", "is_agreed": "on"}

    page = text(moderator.post(url("other_time", application), data | {"step": "preview"}))

    assert "Ще нічого не надіслано." in page
    assert Application.objects.get(pk=application.pk).start == application.start
    # Who goes back finds the week and the time again.
    again = Page(moderator.post(url("other_time", application), data | {"step": "edit"}))
    assert again.field("start").value == "2026-12-01T10:00:00+02:00"

    moderator.post(url("other_time", application), data | {"step": "confirm"})

    kind = "moved" if name == "confirmed" else "confirmation"
    subject, body = sent(application, kind)
    assert subject in shown(page)
    assert subject.startswith("Час прийому змінено: 01.12.2026, 10:00 за київським часом")
    assert body in shown(page)


@pytest.mark.parametrize("name", ["submitted", "confirmed"])
def test_a_refusal__shows_the_letter_that_is_sent(
    world: World, moderator: Client, name: str
) -> None:
    application: Application = getattr(world, name)
    Agency.objects.update(refusal_ground="Стаття 8 Закону.", complaints="Скарга: до суду.")
    form = Page(moderator.get(url("decline", application)))
    assert form.field("legal_ground").value == "Стаття 8 Закону."
    data = {"version": 1, "suggestion": "3", "words": "", "legal_ground": "Стаття 9."}

    page = text(moderator.post(url("decline", application), data | {"step": "preview"}))
    moderator.post(url("decline", application), data | {"step": "decline"})

    subject, body = sent(application, "cancelled" if name == "confirmed" else "declined")
    assert subject in shown(page)
    assert body in shown(page)
    assert "Правова підстава Стаття 9." in body
    decided = Application.objects.get(pk=application.pk)
    assert (decided.legal_ground, decided.next_step) == ("Стаття 9.", "agency")
    assert "Стаття 9." in text(moderator.get(url("inspect", application)))


@pytest.mark.parametrize(
    ("suggestion", "next_step"),
    [
        ("1", "any"),
        ("2", "none"),
        ("3", "agency"),
        ("4", "official"),
        ("5", "official"),
        ("", "agency"),
    ],
)
def test_a_reason__tells_where_to_go_on(
    world: World, moderator: Client, suggestion: str, next_step: str
) -> None:
    data = {"version": 1, "suggestion": suggestion, "words": "Слово.", "step": "decline"}
    moderator.post(url("decline", world.submitted), data)

    assert Application.objects.get(pk=world.submitted.pk).next_step == next_step


def test_what_cannot_be_confirmed_any_more__is_not_offered(
    world: World, moderator: Client, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 12, 1, 8, tzinfo=UTC), tick=False)
    response = world.client("moderator").get(url("confirm", world.submitted), follow=True)

    assert "Заявка змінилася" in text(response)
    assert "Підтвердити і надіслати лист" not in text(response)


def test_an_agency_without_an_address__is_told_on_the_home_page(
    world: World, moderator: Client
) -> None:
    assert "немає e-mail модераторів" not in text(moderator.get("/admin/"))
    Agency.objects.update(email="")

    assert text(moderator.get("/admin/")).count("немає e-mail модераторів") == 1
