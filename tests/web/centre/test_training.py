"""Training of the staff: the whole way of a visit with invented people, of which nothing leaves and nothing stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.rules.training import TrainingVisit
from diia_videoreception.services.centres.training import WrittenInTraining, nothing_leaves
from tests.factories import AgencyFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import dump
from tests.steps.centres import CentreWorld

pytestmark = pytest.mark.any_database
STRIPE = "Навчальний режим. Нічого не надсилається, усі люди й установи вигадані."
BESIDE, ON_PAPER, BY_SMS, ALONE, PAPER_FORM = range(5)
OWN = {"Session", "RequestCounter", "JournalRecord"}
"""What a training may change: the session of who trains, the rates of requests, and that they began and finished."""


@pytest.fixture
def client(world: CentreWorld) -> Client:
    return world.proven_client("consultant")


def of(world: CentreWorld, name: str = "training_visit") -> str:
    return reverse(f"diia_videoreception:centre_{name}", args=[world.centre.public_id])


def begin(client: Client, world: CentreWorld, exercise: int) -> Page:
    return Page(client.post(of(world, "training"), {"exercise": exercise}, follow=True))


def send(client: Client, world: CentreWorld, act: str, **data: Any) -> Page:
    return Page(client.post(of(world), {"act": act, **data}, follow=True))


def decided(client: Client, world: CentreWorld, exercise: int, mode: str) -> Page:
    begin(client, world, exercise)
    send(client, world, "greeting", need="Про пенсію", language="uk")
    said = {"purpose": "reception", "agency_name": "", "reason": "no_eid", "eid": "no"}
    send(client, world, "need", **said)
    send(client, world, "confirm")
    return send(client, world, "decide", mode=mode)


def test_a_training_on_behalf__goes_the_whole_way_and_leaves_nothing(
    client: Client, world: CentreWorld
) -> None:
    before = dump()
    page = decided(client, world, BY_SMS, "on_behalf")
    assert "482913" in page.text
    page = send(client, world, "seal", method="sms_code", code="111111")
    assert "Це не той код" in page.one("[role=alert]").text
    send(client, world, "seal", method="sms_code", code="482913")
    page = send(client, world, "answers", topic="Не платять пенсію")
    assert len(page.all("[name=time]")) == 3
    page = send(client, world, "hold", time="1")
    assert "Не платять пенсію" in page.text
    assert page.one(".vr-stripe").text == STRIPE
    page = send(client, world, "on")
    assert "ВП-0000-000000-0" in page.text
    page = send(client, world, "end", outcome="sent")
    assert "саме так, як у ній задумано" in page.text
    assert client.get(of(world))["Location"] == of(world, "training")

    after = dump()
    assert {name for name in before if before[name] != after[name]} <= OWN
    kept = models.JournalRecord.objects.filter(act__startswith="centre.training").order_by("pk")
    assert [row.details for row in kept] == [
        {"exercise": "sms_consent"},
        {"exercise": "sms_consent", "as_advised": True},
    ]


@pytest.mark.parametrize(
    ("exercise", "mode", "presses"),
    [
        (BESIDE, "side_by_side", ["on", "on"]),
        (ALONE, "self_service", ["on"]),
        (PAPER_FORM, "paper", ["on", "on"]),
        (BESIDE, "consultation", []),
    ],
)
def test_the_other_ways__are_trained_too(
    client: Client, world: CentreWorld, exercise: int, mode: str, presses: list[str]
) -> None:
    page = decided(client, world, exercise, mode)
    for press in presses:
        assert page.one(".vr-stripe").text == STRIPE
        page = send(client, world, press)
    page = send(client, world, "end", outcome="consulted")
    asked = "саме так" if mode != "consultation" else "обговоріть це з колегою"
    assert asked in page.text
    assert not models.CentreVisit.objects.exists()


def test_a_consent_on_paper__needs_no_code(client: Client, world: CentreWorld) -> None:
    decided(client, world, ON_PAPER, "on_behalf")
    assert send(client, world, "seal", method="paper_scan", code="").has("[name=topic]")


def test_going_back_and_leaving__wipe_what_was_typed(client: Client, world: CentreWorld) -> None:
    decided(client, world, ON_PAPER, "on_behalf")
    assert send(client, world, "back").has("[name=mode]")
    send(client, world, "leave")
    assert "Про пенсію" not in str(dict(client.session))
    assert client.get(of(world)).status_code == 303


def test_a_step__cannot_be_skipped(client: Client, world: CentreWorld) -> None:
    begin(client, world, BESIDE)
    for act in ("confirm", "decide", "hold", "on", "end"):
        assert client.post(of(world), {"act": act, "outcome": "sent"}).status_code == 404
    assert client.post(of(world, "training"), {"exercise": "7"}).status_code == 404


def test_a_spoilt_session__costs_a_fresh_start(client: Client, world: CentreWorld) -> None:
    begin(client, world, BESIDE)
    session = client.session
    session["diia_videoreception_training"]["step"] = "hold"
    session.save()
    assert client.get(of(world))["Location"] == of(world, "training")


def test_who_is_blocked__does_not_begin(client: Client, world: CentreWorld) -> None:
    blocked = models.CentreMember.objects.filter(user=world.consultant)
    blocked.update(blocked_at=NOW, block_reason="Перевірка.")
    assert client.post(of(world, "training"), {"exercise": 0}).status_code == 403
    assert not models.JournalRecord.objects.filter(act=models.JournalAct.BEGIN_TRAINING).exists()


WRITES: list[Callable[[], object]] = [
    lambda: models.Letter.objects.create(kind="receipt", address="a@example.org"),
    lambda: models.Occupancy.objects.bulk_create([models.Occupancy(kind="hold")]),
    lambda: models.Occupancy.objects.filter(pk=1).update(kind="hold"),
    lambda: models.Application.objects.filter(pk=1).update(topic="x"),
    AgencyFactory,
]
"""How a letter or a message, a time of an official and a case would begin."""


@pytest.mark.parametrize("write", WRITES)
def test_whatever_would_leave__is_stopped_where_it_is_written(
    world: CentreWorld, write: Callable[[], object]
) -> None:
    with nothing_leaves():
        assert models.Centre.objects.count() == 2
        with pytest.raises(WrittenInTraining):
            write()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_pages_of_a_training__stand_behind_that_guard(
    client: Client, world: CentreWorld, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    begin(client, world, BESIDE)
    monkeypatch.setattr("diia_videoreception.web.centre.training._as_visit", _write)
    monkeypatch.setattr(TrainingVisit, "gone_on", _write)
    with pytest.raises(WrittenInTraining):
        getattr(client, method)(of(world), {"act": "greeting", "need": "", "language": "uk"})


def _write(*args: Any, **values: Any) -> Any:
    AgencyFactory()
