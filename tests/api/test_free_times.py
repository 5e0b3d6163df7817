"""Free times by the API: what they cost, and that they are written as every other moment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.utils import timezone as current
from rest_framework import serializers
from rest_framework.test import APIClient

from diia_videoreception.api.serializers import SlotsSerializer
from diia_videoreception.models import Official, SpentToken
from diia_videoreception.selectors.booking.availability import Slot, SlotState
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps.api import API

PERIODS: list[dict[str, str]] = [
    {"first": "2026-12-01", "last": "2026-12-01"},
    {"first": "2026-12-01", "last": "2026-12-07"},
    {},
]


@pytest.mark.parametrize("period", PERIODS)
def test_free_times__cost_a_guest_two_statements(
    official: Official, frozen: datetime, period: dict[str, str], django_assert_num_queries: Any
) -> None:
    """One counts the request, one reads all that the times follow from."""
    ApplicationFactory(official=official, start=START)
    guest = APIClient()

    with django_assert_num_queries(2):
        answer = guest.get(f"{API}/officials/{official.pk}/slots", period)

    states = {slot["start"][:16]: slot["state"] for slot in answer.json()["slots"]}
    assert (states["2026-12-01T10:00"], states["2026-12-01T10:30"]) == ("free", "taken")


@pytest.mark.parametrize("period", PERIODS)
def test_free_times__cost_a_program_three_statements(
    client: APIClient, official: Official, period: dict[str, str], django_assert_num_queries: Any
) -> None:
    """And one tells whose token it is, and that it was not revoked."""
    with django_assert_num_queries(3):
        answer = client.get(f"{API}/officials/{official.pk}/slots", period)

    assert answer.status_code == 200


def test_a_token_that_tells_something_new__is_still_taken_over(
    client_for: Callable[..., APIClient], official: Official
) -> None:
    from diia_videoreception.models import Citizen

    client = client_for()
    Citizen.objects.update(first_name="Стара")

    client.get(f"{API}/officials/{official.pk}/slots")

    assert Citizen.objects.get().first_name == "Ірина"


def test_a_revoked_token__is_refused_by_the_same_statement(
    client: APIClient, official: Official
) -> None:
    assert client.delete(f"{API}/token").status_code in {200, 204}
    assert SpentToken.objects.exists()

    answer = client.get(f"{API}/officials/{official.pk}/slots")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3, minutes=30))]
)
def test_free_times__are_written_as_the_fields_would(zone: timezone) -> None:
    slot = Slot(START, START + timedelta(minutes=30, microseconds=5), SlotState.OWN)
    answer = {
        "earliest": START - timedelta(days=3, seconds=1),
        "last_date": START.date(),
        "time_zone": "Europe/Kyiv",
        "through": START.date(),
        "slots": [slot, Slot(slot.end, slot.end + timedelta(hours=1), SlotState.FREE)],
    }

    with current.override(zone):
        written = SlotsSerializer(answer).data
        by_fields = serializers.Serializer.to_representation(SlotsSerializer(), answer)

    assert written == by_fields
    assert written["slots"][0]["state"] == "own"
