"""The choice of reminders, from a program."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from diia_videoreception.models import IdempotentAnswer, ReminderChoice
from tests.steps.api import API

ALL = {"by_email": True, "by_sms": False, "day_before": True, "hour_before": True}


def test_the_choice__is_read_and_changed(client_for: Callable[..., Any]) -> None:
    client = client_for()
    assert client.get(f"{API}/reminders").json() == ALL
    changed = ALL | {"day_before": False}
    assert client.put(f"{API}/reminders", changed, format="json").json() == changed
    assert client.get(f"{API}/reminders").json() == changed


def test_half_a_choice__changes_nothing(client_for: Callable[..., Any]) -> None:
    answer = client_for().put(f"{API}/reminders", {"by_email": False}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not ReminderChoice.objects.exists()


def test_calendar_address__is_made_told_once_and_ended(client_for: Callable[..., Any]) -> None:
    client = client_for()
    address = f"{API}/calendar-address"
    assert client.get(address).json()["code"] == "not_found"
    key = {"HTTP_IDEMPOTENCY_KEY": "same"}
    made = [client.post(address, **key) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    old, new = (answer.json()["url"].removeprefix("http://testserver") for answer in made)
    assert not IdempotentAnswer.objects.exists(), "no secret is kept for repetitions"
    assert [Client().get(url).status_code for url in (old, new)] == [404, 200]
    assert set(client.get(address).json()) == {"created_at", "used_at"}
    assert [client.delete(address).status_code for _ in range(2)] == [204, 204]
    assert Client().get(new).status_code == 404
