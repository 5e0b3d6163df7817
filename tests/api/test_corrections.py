"""Correcting an application that is not decided through the API."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from diia_videoreception.models import Application, ConsentAcceptance, Document, Official
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps.api import API
from tests.steps.corrections import CORRECTED, correct
from tests.steps.inspection import examine_inside
from tests.steps.moderation import decide, moderator_of
from tests.steps.samples import png


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def application(client: APIClient, official: Official) -> Application:
    consent = ConsentAcceptance.objects.get()
    return ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )


def url(application: Application, act: str = "") -> str:
    return f"{API}/applications/{application.public_id}{act}"


def add(client: APIClient, application: Application) -> Any:
    file = SimpleUploadedFile("Довідка.png", png())
    where = url(application, "/corrections/documents")
    return client.post(where, {"file": file}, format="multipart")


def test_correcting__leaves_what_is_not_named_and_shows_what_it_was(
    client: APIClient, application: Application
) -> None:
    filed = application.topic
    document = add(client, application).json()
    assert client.get(url(application)).json()["documents"] == []
    sent = {"topic": CORRECTED, "version": 1}

    for _ in range(2):
        answer = client.post(url(application, "/corrections"), sent, format="json")
        assert answer.status_code == 200

    body = client.get(url(application)).json()
    assert (body["topic"], body["phone"], body["version"]) == (CORRECTED, application.phone, 2)
    assert [one["id"] for one in body["documents"]] == [document["id"]]
    (correction,) = body["corrections"]
    assert correction["changes"] == [{"name": "topic", "was": filed, "became": CORRECTED}]
    assert (correction["made_at"], correction["is_after_signature"]) == (
        "2026-11-23T10:00:00+02:00",
        False,
    )
    (listed,) = client.get(f"{API}/applications").json()["results"]
    assert listed["corrections"] == body["corrections"]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 400, "incomplete"),
        ({"topic": ""}, 400, "incomplete"),
        ({"topic": CORRECTED, "version": 9}, 409, "correction_outdated"),
        ({"needs": ["yacht"]}, 400, "invalid"),
        ({"topic": "а" * 100_000}, 400, "invalid"),
    ],
)
def test_what_cannot_stand__has_a_code(
    client: APIClient, application: Application, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(url(application, "/corrections"), sent, format="json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_decided_one__is_closed(client: APIClient, application: Application) -> None:
    decide("confirm", application, moderator_of(application.agency))

    answer = client.post(url(application, "/corrections"), {"topic": CORRECTED}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "correction_closed")
    assert add(client, application).json()["code"] == "correction_closed"


def test_a_document__is_taken_back(client: APIClient, application: Application) -> None:
    document = add(client, application).json()
    where = url(application, f"/corrections/documents/{document['id']}")

    assert client.delete(where).status_code == 204
    assert client.delete(where).status_code == 204
    assert not Document.objects.exists()


def test_a_foreign_application__is_not_found(client: APIClient, official: Official) -> None:
    foreign = ApplicationFactory(official=official, start=START)
    correct(foreign)

    answer = client.post(url(foreign, "/corrections"), {"topic": "Ні"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert add(client, foreign).status_code == 404
