"""Asking for another time of a confirmed reception through the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from diia_videoreception.models import Application, ConsentAcceptance, MoveRequest, Official
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps import move_requests
from tests.steps.api import API
from tests.steps.moderation import decide, moderator_of

LATER = START + timedelta(hours=1)
WANTED = {"times": ["2026-12-01T11:30:00+02:00"], "reason": move_requests.WHY}


@pytest.fixture
def moderator(official: Official) -> Any:
    return moderator_of(official.agency)


@pytest.fixture
def confirmed(client: APIClient, official: Official, moderator: Any) -> Application:
    consent = ConsentAcceptance.objects.get()
    application = ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )
    return decide("confirm", application, moderator)


def url(application: Application, act: str = "") -> str:
    return f"{API}/applications/{application.public_id}{act}"


def withdrawal(request: MoveRequest) -> str:
    return url(request.application, f"/move-requests/{request.public_id}/withdrawal")


def test_asking__gives_the_application_with_the_request(
    client: APIClient, confirmed: Application
) -> None:
    answer = client.post(url(confirmed, "/move-requests"), WANTED, format="json")

    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["start"]) == ("confirmed", "2026-12-01T10:30:00+02:00")
    assert body["move_request"] == {
        "id": str(MoveRequest.objects.get().public_id),
        "times": ["2026-12-01T11:30:00+02:00"],
        "reason": move_requests.WHY,
        "made_at": "2026-11-23T10:00:00+02:00",
        "deadline": "2026-12-01T08:30:00+02:00",
        "answer": "",
        "answered_at": None,
        "words": "",
    }
    (listed,) = client.get(f"{API}/applications").json()["results"]
    assert listed["move_request"] == body["move_request"]


def test_a_refusal__has_its_words(
    client: APIClient, confirmed: Application, moderator: Any
) -> None:
    assert client.get(url(confirmed)).json()["move_request"] is None
    move_requests.ask(confirmed, LATER)
    move_requests.refuse(confirmed, moderator)

    shown = client.get(url(confirmed)).json()["move_request"]

    assert (shown["answer"], shown["words"]) == ("refused", move_requests.NO)


def test_taking_it_back__changes_nothing_the_second_time(
    client: APIClient, confirmed: Application
) -> None:
    request = move_requests.ask(confirmed, LATER)

    for _ in range(2):
        answer = client.post(withdrawal(request))
        assert answer.status_code == 200
        assert answer.json()["move_request"]["answer"] == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"times": []}, 400, "invalid"),
        ({"times": ["2026-12-01T11:30:00+02:00"] * 4}, 400, "invalid"),
        ({"times": ["0001-01-01T00:00:00+14:00"]}, 400, "invalid"),
        ({"times": "вчора"}, 400, "invalid"),
        ({"times": ["2026-12-01T10:30:00+02:00"]}, 400, "incomplete"),
        ({"times": ["2026-12-01T11:35:00+02:00"]}, 409, "outside_schedule"),
        ({"times": ["2026-11-23T11:00:00+02:00"]}, 409, "too_early"),
        ({"reason": "\u200b"}, 400, "incomplete"),
        ({"reason": "а" * 2001}, 400, "invalid"),
        ({"start": "2026-12-02T10:30:00+02:00"}, 409, "reception_moved"),
    ],
)
def test_what_is_refused__has_its_code(
    client: APIClient, confirmed: Application, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(url(confirmed, "/move-requests"), WANTED | changes, format="json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not MoveRequest.objects.exists()


def test_what_is_closed_or_anothers__has_its_code(
    client: APIClient, client_for: Callable[..., APIClient], confirmed: Application, moderator: Any
) -> None:
    request = move_requests.ask(confirmed, LATER)
    stranger = client_for(7)
    for where, sent in ((url(confirmed, "/move-requests"), WANTED), (withdrawal(request), {})):
        answer = stranger.post(where, sent, format="json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = client.post(url(confirmed, "/move-requests"), WANTED, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "move_request_open")
    move_requests.refuse(confirmed, moderator)
    answer = client.post(withdrawal(request), {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "move_request_closed")
