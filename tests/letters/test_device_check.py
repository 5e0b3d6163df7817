"""What the letters say of the device check (A-09, M3)."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.models import Application, Letter
from tests.harness.html import Page
from tests.steps.letters import render

pytestmark = pytest.mark.any_database

Queued = Callable[..., Letter]


def link(application: Application) -> str:
    return f"http://testserver/videoreception/cabinet/{application.public_id}/device-check/"


def test_the_confirmation__links_to_the_check(confirmed: Application, queued: Queued) -> None:
    rendered = render(queued("confirmation", confirmed))

    assert "Заздалегідь перевірте камеру, мікрофон, звук і з’єднання" in rendered.text
    assert link(confirmed) in rendered.text
    assert Page(rendered.html).leads_to(link(confirmed))


def test_a_confirmation_of_before__reads_as_it_was_sent(
    confirmed: Application, queued: Queued
) -> None:
    letter = queued("confirmation", confirmed)
    assert letter.template_version == 4
    Letter.objects.filter(pk=letter.pk).update(template_version=1)

    rendered = render(letter)

    assert "device-check" not in rendered.text + rendered.html
    assert "vp-a2b3c4d5" in rendered.text
    assert "Вітаємо" not in rendered.text


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        (
            "uk",
            "Перевірте обладнання: 01.12.2026, 10:30 за київським часом",
            "За посиланням потрібно увійти.",
        ),
        (
            "en",
            "Check your equipment: 01.12.2026, 10:30 Kyiv time",
            "You need to sign in to follow the link.",
        ),
    ],
)
def test_the_question_of_the_agency__reaches_the_citizen(
    confirmed: Application, queued: Queued, language: str, subject: str, sentence: str
) -> None:
    Application.objects.filter(pk=confirmed.pk).update(language=language)
    confirmed.refresh_from_db()

    rendered = render(queued("check_device", confirmed))

    assert rendered.subject == subject
    for part in (rendered.text, rendered.html):
        assert sentence in part
        assert link(confirmed) in part
        assert "ВП-2026-000123-7" in part
        assert "Коваленко Олена Петрівна" in part


@pytest.mark.parametrize("policy", ["always", "link", "official_mailbox_only"])
def test_the_question__never_holds_the_password(
    confirmed: Application, queued: Queued, settings: Any, policy: str
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "LETTER_PASSWORD": policy}

    rendered = render(queued("check_device", confirmed))

    assert "k7pm-wq3x-zz2h-n4tv" not in rendered.text + rendered.html
