"""How a visitor rates their visit: once, after it has ended, and nobody can tell whose answer it is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception import models
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.kiosk import BASE, KioskWorld

pytestmark = pytest.mark.any_database


def finished(world: KioskWorld, **how: str) -> Client:
    client = world.visited()
    client.post(f"{BASE}end/", how)
    return client


def rate(client: Client, rating: object = 4) -> Page:
    return Page(client.post(f"{BASE}rate/", {"rating": rating}, follow=True))


def given() -> list[int]:
    return list(models.VisitRating.objects.values_list("value", flat=True))


def test_who_has_finished__is_asked_and_may_answer_once(world: KioskWorld) -> None:
    client = finished(world)
    page = Page(client.get(f"{BASE}wiped/"))
    assert [one.text for one in page.all("[name=rating]")] == [
        "1погано",
        "2так собі",
        "3нормально",
        "4добре",
        "5чудово",
    ]
    page = rate(client)
    assert "Дякуємо за оцінку." in page.text
    assert not page.has("[name=rating]")
    rate(client, 1)
    assert given() == [4]


def test_an_answer__tells_a_day_and_nothing_of_whom(world: KioskWorld) -> None:
    rate(finished(world))
    row = models.VisitRating.objects.values().get()
    assert row == {
        "id": row["id"],
        "centre_id": world.centre.pk,
        "day": NOW.date(),
        "mode": "self_service",
        "value": 4,
    }


@pytest.mark.parametrize("rating", ["0", "6", "", "-1", "чудово", "4.5"])
def test_what_is_no_rating__counts_for_none(world: KioskWorld, rating: str) -> None:
    rate(finished(world), rating)
    assert given() == []


def test_nobody_is_asked__whom_the_screen_wiped(world: KioskWorld) -> None:
    client = finished(world, idle="1")
    assert not Page(client.get(f"{BASE}wiped/")).has("[name=rating]")
    rate(client)
    assert given() == []


def test_the_next_visitor__does_not_answer_for_the_one_before(world: KioskWorld) -> None:
    client = finished(world)
    client.post(f"{BASE}begin/")
    rate(client)
    assert given() == []


def test_an_answer_a_minute_later__comes_from_somebody_else(
    world: KioskWorld, time_machine: Any
) -> None:
    client = finished(world)
    time_machine.move_to(NOW + timedelta(seconds=61), tick=False)
    rate(client)
    assert given() == []


def test_another_browser__rates_nothing(world: KioskWorld) -> None:
    finished(world)
    rate(Client())
    assert given() == []


def test_each_visit_at_a_place__is_counted_by_its_day(world: KioskWorld) -> None:
    finished(world)
    finished(world, idle="1")
    assert list(models.SelfServiceUse.objects.values_list("day", flat=True)) == [NOW.date()] * 2
