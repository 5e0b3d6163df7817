"""The choice of reminders, from a program."""

from collections.abc import Callable
from typing import Any

from diia_videoreception.models import ReminderChoice
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
