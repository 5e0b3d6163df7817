"""Answering a question of the agency through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from diia_videoreception.models import Clarification, ConsentAcceptance, Document, Official
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps import clarifications
from tests.steps.api import API
from tests.steps.clarifications import QUESTION, REPLY
from tests.steps.inspection import examine_inside
from tests.steps.moderation import moderator_of
from tests.steps.samples import png


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def moderator(official: Official) -> Any:
    return moderator_of(official.agency)


@pytest.fixture
def asked(client: APIClient, official: Official, moderator: Any) -> Clarification:
    consent = ConsentAcceptance.objects.get()
    application = ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )
    return clarifications.ask(application, moderator)


def url(asked: Clarification, act: str = "") -> str:
    application = f"{API}/applications/{asked.application.public_id}"
    return f"{application}/clarifications/{asked.public_id}/{act}" if act else application


def add(client: APIClient, asked: Clarification, content: bytes = b"") -> Any:
    file = SimpleUploadedFile("Рішення.png", content or png())
    return client.post(url(asked, "documents"), {"file": file}, format="multipart")


def test_an_application__has_the_question(client: APIClient, asked: Clarification) -> None:
    body = client.get(url(asked)).json()

    assert body["state"] == "clarification"
    assert body["clarifications"] == [
        {
            "id": str(asked.public_id),
            "question": QUESTION,
            "asked_at": "2026-11-23T10:00:00+02:00",
            "deadline": "2026-11-25T10:00:00+02:00",
            "outcome": "open",
            "ended_at": None,
            "answer": "",
            "documents": [],
        }
    ]
    (listed,) = client.get(f"{API}/applications").json()["results"]
    assert listed["clarifications"] == body["clarifications"]


def test_answering__gives_the_application_every_time(
    client: APIClient, asked: Clarification
) -> None:
    document = add(client, asked).json()
    before = client.get(url(asked)).json()
    assert (before["documents"], len(before["clarifications"][0]["documents"])) == ([], 1)

    for _ in range(2):
        answer = client.post(url(asked, "answer"), {"text": REPLY}, format="json")
        assert answer.status_code == 200
        body = answer.json()
        assert (body["state"], body["documents"]) == ("in_review", [document])
        (one,) = body["clarifications"]
        assert (one["outcome"], one["answer"], one["documents"]) == ("answered", REPLY, [document])
    assert client.get(document["url"]).status_code == 200


def test_documents__are_removed_and_refused_as_those_of_a_draft(
    client: APIClient, asked: Clarification
) -> None:
    refused = add(client, asked, b"PK\x03\x04 Word")
    assert (refused.status_code, refused.json()["code"]) == (415, "file_type")

    document = add(client, asked).json()
    for _ in range(2):
        gone = client.delete(url(asked, f"documents/{document['id']}"))
        assert gone.status_code == 204
    assert not Document.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "а" * 5001, 5, None, ["а"]])
def test_answering__is_checked(client: APIClient, asked: Clarification, text: object) -> None:
    answer = client.post(url(asked, "answer"), {"text": text}, format="json")

    asked.refresh_from_db()
    assert (answer.status_code, asked.outcome) in {(400, ""), (422, ""), (200, "answered")}
    assert (asked.outcome == "answered") == (text == 5)


def test_what_is_closed_or_anothers__has_its_code(
    client: APIClient, client_for: Callable[..., APIClient], asked: Clarification, moderator: Any
) -> None:
    stranger = client_for(7)
    sent = {"text": REPLY}
    for answer in (
        stranger.post(url(asked, "answer"), sent, format="json"),
        stranger.delete(url(asked, f"documents/{asked.public_id}")),
        add(stranger, asked),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    clarifications.withdraw_question(asked.application, moderator)
    for answer in (client.post(url(asked, "answer"), sent, format="json"), add(client, asked)):
        assert (answer.status_code, answer.json()["code"]) == (409, "clarification_closed")
    (one,) = client.get(url(asked)).json()["clarifications"]
    assert one["outcome"] == "withdrawn"
