"""What the script that warns before the end of a session is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import CitizenSession
from tests.factories import NOW
from tests.web.people import sign_in


@pytest.fixture
def client(db: None, time_machine: Any) -> Client:
    time_machine.move_to(NOW, tick=False)
    client = Client()
    sign_in(client)
    return client


def told(client: Client, method: str = "get") -> dict[str, Any]:
    answer = getattr(client, method)(reverse("diia_videoreception:session"))
    assert "no-store" in answer.headers["Cache-Control"]
    said: dict[str, Any] = answer.json()
    return said


def test_looking_does_not_keep_the_session_alive_and_staying_does(
    client: Client, time_machine: Any
) -> None:
    assert told(client) | {"whose": ""} == {"seconds": 1800, "whose": "", "dialog": ""}
    time_machine.move_to(NOW + timedelta(minutes=28), tick=False)
    for _ in range(2):
        assert told(client)["seconds"] == 120
    assert "Залишитися" in told(client)["dialog"]

    assert told(client, "post")["seconds"] == 1800
    time_machine.move_to(NOW + timedelta(minutes=58), tick=False)
    for method in ("get", "post"):
        ended = told(client, method)
        assert (ended["seconds"], ended["whose"]) == (0, "")
        assert "Ми вийшли з Вашого кабінету" in ended["dialog"]


def test_after_eight_hours_nobody_is_offered_to_stay(client: Client) -> None:
    CitizenSession.objects.update(deadline=NOW + timedelta(seconds=90))

    said = told(client, "post")

    assert said["seconds"] == 90
    assert "не довше ніж 8 годин" in said["dialog"]
    assert "Залишитися" not in said["dialog"]
