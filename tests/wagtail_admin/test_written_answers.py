"""A moderator answers in writing instead of a reception, and sees the letter first."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from diia_videoreception.models import Application, Letter
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.authority import signature
from tests.steps.signing import install
from tests.steps.written_answers import ON_PAPER

pytestmark = pytest.mark.any_database

SENT: dict[str, Any] = {
    "version": 1,
    "text": "Виплату <поновлено>.",
    "outgoing_number": "08-12/345",
    **ON_PAPER,
}


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def test_the_answer__is_seen_as_a_letter_and_sent(world: World, moderator: Client) -> None:
    assert "Відповісти письмово" in Page(moderator.get(url("inspect", world.submitted))).text
    where = url("answer", world.submitted)
    assert "Прийому не буде: його час звільниться для інших." in Page(moderator.get(where)).text

    preview = Page(moderator.post(where, SENT | {"step": "preview"}))
    shown = preview.one("blockquote.vr-preview").text
    assert "Виплату <поновлено>." in shown
    assert "08-12/345" in shown
    edit = Page(moderator.post(where, SENT | {"step": "edit"}))
    assert edit.field("text").value.strip() == "Виплату <поновлено>."
    assert edit.field("outgoing_number").value == "08-12/345"
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"

    done = moderator.post(where, SENT | {"step": "send"}, follow=True)
    page = Page(done)
    assert "Відповідь надано. Заявник отримає лист." in done.content.decode()
    assert "Письмова відповідь" in page.text
    assert "Вихідний номер: 08-12/345." in page.text
    assert "Підписано на папері: Коваленко Олена Петрівна" in page.text
    assert Letter.objects.filter(kind="written_answer", copy_of=None).count() == 1
    entry = ModelLogEntry.objects.get(action="diia_videoreception.answer_in_writing")
    assert (entry.user, entry.data) == (world.moderator, {})


def test_with_kep__the_text_is_taken_signed_and_sent_back(
    world: World, moderator: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(settings, monkeypatch)
    where = url("answer", world.submitted)
    text = moderator.post(where, SENT | {"step": "text"})
    assert "attachment" in text["Content-Disposition"]
    content = b"".join(text.streaming_content)  # type: ignore[attr-defined]
    assert "Виплату <поновлено>." in content.decode()

    def send(signed: bytes, **more: str) -> Any:
        file = SimpleUploadedFile("answer.p7s", signed)
        sent = SENT | {"signing": "kep", "signature": file, "step": "send"} | more
        return moderator.post(where, sent, follow=True)

    refused = send(signature("olena", content + b"!"))
    assert refused.status_code == 422
    assert "Підписано інший текст." in Page(refused).text
    assert "Виплату <поновлено>." in Page(refused).one("blockquote.vr-preview").text
    assert (
        "Це підпис іншої особи: Вербицька Олена Ігорівна."
        in Page(send(signature("olena", content))).text
    )

    done = Page(send(signature("olena", content, attached=False), is_entitled="on"))
    assert "Підписано КЕП: Вербицька Олена Ігорівна" in done.text
    file = moderator.get(url("answer_signature", world.submitted))
    assert file.status_code == 200
    assert b"META-INF/signature.p7s" in file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"text": " "}, 422),
        ({"text": "\u200b"}, 422),
        ({"outgoing_number": ""}, 422),
        ({"outgoing_number": "1" * 61}, 422),
        ({"version": 7}, 409),
        ({"signing": ""}, 422),
        ({"signing": "kep"}, 422),
        ({"signer": " "}, 422),
        ({"signed_on": "31.31.2026"}, 422),
    ],
)
def test_what_cannot_be_sent__is_said_and_what_was_typed_stays(
    world: World, moderator: Client, changes: dict[str, Any], status: int
) -> None:
    sent = SENT | changes | {"step": "send"}

    answer = moderator.post(url("answer", world.submitted), sent)

    assert answer.status_code == status
    assert Page(answer).field("outgoing_number").value == sent["outgoing_number"]
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"


def test_what_is_decided__keeps_the_words_and_cannot_be_answered(
    world: World, moderator: Client
) -> None:
    page = Page(moderator.post(url("answer", world.confirmed), SENT | {"step": "send"}))

    assert "На цю заявку вже не можна відповісти письмово." in page.text
    assert page.field("text").value.strip() == "Виплату <поновлено>."
    assert "Відповісти письмово" not in Page(moderator.get(url("inspect", world.confirmed))).texts(
        "a.button"
    )
