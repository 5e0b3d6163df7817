"""What the script that warns before the end of a session is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import CitizenSession
from diia_videoreception.web.pages import whose_page
from tests.factories import NOW, CitizenFactory
from tests.steps.people import sign_in


@pytest.fixture
def client(db: None, time_machine: Any) -> Client:
    time_machine.move_to(NOW, tick=False)
    client = Client()
    sign_in(client)
    return client


def clock_of(client: Client, method: str = "get") -> dict[str, Any]:
    answer = getattr(client, method)(reverse("diia_videoreception:session"))
    assert "no-store" in answer.headers["Cache-Control"]
    state: dict[str, Any] = answer.json()
    return state


def test_looking__does_not_keep_the_session_alive_and_staying_does(
    client: Client, time_machine: Any
) -> None:
    state = clock_of(client)
    assert (state["seconds"], state["state"], state["dialog"]) == (1800, "", "")
    time_machine.move_to(NOW + timedelta(minutes=28), tick=False)
    for _ in range(2):
        assert clock_of(client)["seconds"] == 120
    assert "Залишитися" in clock_of(client)["dialog"]

    assert clock_of(client, "post")["seconds"] == 1800
    time_machine.move_to(NOW + timedelta(minutes=58), tick=False)
    for method in ("get", "post"):
        ended = clock_of(client, method)
        assert (ended["seconds"], ended["whose"]) == (0, "")
        assert "Ми вийшли з Вашого кабінету" in ended["dialog"]


def test_after_eight_hours__nobody_is_offered_to_stay(client: Client) -> None:
    CitizenSession.objects.update(deadline=NOW + timedelta(seconds=90))

    state = clock_of(client, "post")

    assert state["seconds"] == 90
    assert "не довше ніж 8 годин" in state["dialog"]
    assert "Залишитися" not in state["dialog"]


def test_only_a_page_of_whoever_is_signed_in__gets_a_token_for_its_forms(client: Client) -> None:
    other = whose_page(CitizenFactory())
    page = f"{reverse('diia_videoreception:session')}?whose="

    own = client.get(page + clock_of(client)["whose"]).json()
    foreign = client.get(page + other).json()
    CitizenSession.objects.update(ended_at=NOW)
    ended = client.get(page + other).json()

    assert (own["state"], bool(own["token"])) == ("", True)
    assert (foreign["state"], foreign["token"]) == ("other", "")
    assert "Зараз увійшла інша особа" in foreign["dialog"]
    assert (ended["state"], ended["token"]) == ("ended", "")
