"""What Django tells the administrators of an error: never the words to a citizen."""

from typing import Any

import pytest
from django.urls import reverse

from diia_videoreception.services.booking import moderation
from tests.steps.admin import World


def failing(**kwargs: object) -> Any:
    raise RuntimeError


def test_the_report_of_a_failing_act__hides_the_reason(
    world: World, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any], settings: Any
) -> None:
    settings.ADMINS = [("Адміністратор", "admin@example.com")]
    settings.DEBUG = False
    client = world.client("moderator")
    client.raise_request_exception = False
    monkeypatch.setattr(moderation, "decline", failing)
    url = reverse("videoreception_applications:decline", args=[world.submitted.public_id])

    answer = client.post(
        url, {"version": world.submitted.version, "words": "Пані Ірино", "step": "decline"}
    )

    assert answer.status_code == 500
    assert len(mailoutbox) == 1
    assert "Ірино" not in mailoutbox[0].body
