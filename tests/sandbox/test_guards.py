"""The demonstration stays a demonstration."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.http import Http404
from django.test import RequestFactory

from integrations.sms.base import TextMessage
from integrations.sms.console import ConsoleSms, ConsoleSmsOptions
from sandbox.checks import check_demonstration
from sandbox.identity import views as identity
from sandbox.mailbox import views as mailbox
from sandbox.mailbox.letters import sent_letters
from sandbox.mailbox.texts import sent_texts
from sandbox.secret_store import load_secrets, portal_keys
from tests.harness.clock import NOW


@pytest.mark.parametrize("view", [identity.choose, identity.jwks, mailbox.mailbox])
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_that_trust_anybody__do_not_exist_without_debug(
    settings: Any, view: Any, method: str
) -> None:
    settings.DEBUG = False
    request = getattr(RequestFactory(), method)("/")

    with pytest.raises(Http404):
        view(request)


def test_check__is_an_error_without_debug_and_silent_with_it(settings: Any) -> None:
    settings.DEBUG = False
    assert [message.id for message in check_demonstration()] == ["sandbox.E001"]
    assert check_demonstration()[0].is_serious()
    settings.DEBUG = True
    assert check_demonstration() == []


def test_secrets__are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = load_secrets(tmp_path)

    assert load_secrets(tmp_path) == first
    assert load_secrets(tmp_path / "another") != first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.glob("secrets*")] == ["secrets.json"]
    published = portal_keys(first).public_jwks()["keys"]
    assert all("d" not in key for key in published)


def test_mailbox__shows_letters_as_people_read_them(tmp_path: Path) -> None:
    for number in (1, 2):
        letter = EmailMultiAlternatives(
            f"Заявку № {number} отримано",
            "Шановна Олено!\n\n" + "Дякуємо за заявку. " * 20,
            "portal@example.gov.ua",
            ["olena@example.com"],
        )
        letter.attach_alternative("<p>Шановна Олено!</p>", "text/html")
        letter.attach("pryiom.ics", "BEGIN:VCALENDAR", "text/calendar")
        EmailBackend(file_path=str(tmp_path)).send_messages([letter])

    shown = sent_letters(tmp_path)

    assert {letter.subject for letter in shown} == {"Заявку № 1 отримано", "Заявку № 2 отримано"}
    assert all(letter.text.startswith("Шановна Олено!") for letter in shown)
    assert all(letter.attachments == ["pryiom.ics"] for letter in shown)
    assert sent_letters(tmp_path / "none") == []


def test_text_messages__are_shown_newest_first(tmp_path: Path) -> None:
    assert sent_texts(tmp_path / "none") == []
    console = ConsoleSms(ConsoleSmsOptions(folder=tmp_path))
    for number, key in enumerate(("a", "b")):
        message = TextMessage(key, f"+38067000000{number}", f"Текст {number}", valid_until=NOW)
        console.send(message, now=NOW)
        os.utime(tmp_path / f"{key}.json", (number, number))
    assert [(text.to, text.text) for text in sent_texts(tmp_path)] == [
        ("+380670000001", "Текст 1"),
        ("+380670000000", "Текст 0"),
    ]
