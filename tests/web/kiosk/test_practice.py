"""A visitor tries booking out: invented bodies under a striped banner, of which nothing leaves and nothing is counted."""

import pytest
from django.test import Client

from diia_videoreception import models
from diia_videoreception.services.centres.training import WrittenInTraining
from tests.factories import AgencyFactory
from tests.harness.html import Page
from tests.steps.admin import dump
from tests.steps.kiosk import BASE, KioskWorld

pytestmark = pytest.mark.any_database
STRIPE = "Навчальний режим. Нічого не надсилається, усі люди й установи вигадані."
OWN = {"Session", "RequestCounter", "VisitorSession"}
"""What it may change: the visitor's session, the rates of requests, and on which screen they are."""


def send(client: Client, act: str = "on", **data: str) -> Page:
    return Page(client.post(f"{BASE}practice/", {"act": act, **data}, follow=True))


def tried_out(client: Client) -> Page:
    client.get(f"{BASE}practice/")
    send(client, body="libraries")
    send(client, time="2")
    send(client, topic="Хочу нову книжку")
    return send(client)


def test_a_practice__leads_to_its_end_and_leaves_nothing(world: KioskWorld) -> None:
    client = world.visited()
    assert Page(client.get(f"{BASE}home/")).has(f'a[href="{BASE}practice/"]')
    before = dump()
    page = Page(client.get(f"{BASE}practice/"))
    assert page.one(".vr-stripe").text == STRIPE
    assert send(client, body="libraries").has("[name=time]")
    assert send(client, time="1").has("[name=topic]")
    assert send(client, topic="").has("[role=alert]")
    page = send(client, topic="Хочу нову книжку")
    assert "Вигадане управління бібліотек" in page.text
    assert "Хочу нову книжку" in page.text
    assert send(client, "back").has("[name=topic]")
    send(client, topic="Хочу дві книжки")
    page = send(client)
    assert "Так само записуються насправді" in page.text
    assert page.one(".vr-stripe").text == STRIPE
    send(client, "leave")
    after = dump()
    assert {name for name in before if before[name] != after[name]} <= OWN
    assert "Хочу" not in str(dict(client.session))


def test_who_only_tried__is_not_counted_and_not_asked(world: KioskWorld) -> None:
    client = world.visited()
    tried_out(client)
    client.post(f"{BASE}end/")
    assert not models.SelfServiceUse.objects.exists()
    assert not Page(client.get(f"{BASE}wiped/")).has("[name=rating]")
    client.post(f"{BASE}rate/", {"rating": "5"})
    assert not models.VisitRating.objects.exists()


def test_who_books_after_trying__is_counted(world: KioskWorld) -> None:
    client = world.visited()
    tried_out(client)
    client.get("/videoreception/choose/")
    client.post(f"{BASE}end/")
    assert models.SelfServiceUse.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"body": "real"}, {"act": "fly"}, {"time": "0"}])
def test_what_is_no_answer__leads_nowhere(world: KioskWorld, sent: dict[str, str]) -> None:
    client = world.visited()
    client.get(f"{BASE}practice/")
    client.post(f"{BASE}practice/", {"act": "on", **sent})
    assert Page(client.get(f"{BASE}practice/")).has("[name=body]")


def test_without_a_visitor__there_is_no_practice(world: KioskWorld) -> None:
    client = world.paired()
    assert client.get(f"{BASE}practice/")["Location"] == BASE
    assert client.post(f"{BASE}practice/", {"act": "on", "body": "streets"})["Location"] == BASE


def test_a_practice__stands_behind_the_guard_of_the_training(
    world: KioskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.visited()
    monkeypatch.setattr(
        "diia_videoreception.web.kiosk.practice._times", lambda visitor: AgencyFactory()
    )
    with pytest.raises(WrittenInTraining):
        client.get(f"{BASE}practice/")
