"""Answering a proposed time through the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from diia_videoreception.models import ConsentAcceptance, Official, Proposal
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps import proposals
from tests.steps.api import API
from tests.steps.moderation import moderator_of
from tests.steps.reassigning import colleague_of

LATER = START + timedelta(hours=1)


@pytest.fixture
def moderator(official: Official) -> Any:
    return moderator_of(official.agency)


@pytest.fixture
def proposal(client: APIClient, official: Official, moderator: Any) -> Proposal:
    consent = ConsentAcceptance.objects.get()
    application = ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )
    return proposals.propose(application, moderator, LATER)


def url(proposal: Proposal, act: str = "") -> str:
    application = f"{API}/applications/{proposal.application.public_id}"
    return f"{application}/proposals/{proposal.public_id}/{act}" if act else application


def test_an_application__has_the_proposal_while_it_is_open(
    client: APIClient, proposal: Proposal, moderator: Any
) -> None:
    shown = client.get(url(proposal)).json()["proposal"]

    assert shown == {
        "id": str(proposal.public_id),
        "start": "2026-12-01T11:30:00+02:00",
        "end": "2026-12-01T12:00:00+02:00",
        "official": None,
        "old_start": "2026-12-01T10:30:00+02:00",
        "old_end": "2026-12-01T11:00:00+02:00",
        "reason": proposals.REASON,
        "made_at": "2026-11-23T10:00:00+02:00",
        "deadline": "2026-11-25T10:00:00+02:00",
    }
    (listed,) = client.get(f"{API}/applications").json()["results"]
    assert listed["proposal"] == shown
    proposals.withdraw(proposal.application, moderator)
    assert client.get(url(proposal)).json()["proposal"] is None


def test_another_official_who_would_receive__is_told(
    client: APIClient, proposal: Proposal, moderator: Any
) -> None:
    application = proposal.application
    proposals.withdraw(application, moderator)
    other = colleague_of(application.official)
    proposals.propose(application, moderator, LATER, official=other)

    shown = client.get(url(proposal)).json()

    assert shown["proposal"]["official"]["id"] == other.pk
    assert shown["official"]["id"] == application.official_id


def test_accepting__gives_the_confirmed_application_every_time(
    client: APIClient, proposal: Proposal
) -> None:
    for _ in range(2):
        answer = client.post(url(proposal, "acceptance"))
        assert answer.status_code == 200
        body = answer.json()
        assert (body["state"], body["start"]) == ("confirmed", "2026-12-01T11:30:00+02:00")
        assert body["proposal"] is None


def test_refusing__takes_wishes(client: APIClient, proposal: Proposal) -> None:
    wishes = {"day_parts": ["evening"], "wishes": "Після роботи"}

    body = client.post(url(proposal, "refusal"), wishes, format="json").json()

    assert (body["state"], body["proposal"]) == ("submitted", None)
    proposal.refresh_from_db()
    assert (proposal.day_parts, proposal.wishes) == (["evening"], "Після роботи")


@pytest.mark.parametrize(
    "wrong",
    [
        {"day_parts": ["night"]},
        {"day_parts": "evening"},
        {"wishes": "а" * 1001},
        {"wishes": 5.5e300},
    ],
)
def test_refusing__is_checked(
    client: APIClient, proposal: Proposal, wrong: dict[str, object]
) -> None:
    answer = client.post(url(proposal, "refusal"), wrong, format="json")

    proposal.refresh_from_db()
    assert (answer.status_code, proposal.answer) in {(400, ""), (200, "refused")}


def test_what_is_closed_or_anothers__has_its_code(
    client: APIClient, client_for: Callable[..., APIClient], proposal: Proposal, moderator: Any
) -> None:
    stranger = client_for(7)
    for act in ("acceptance", "refusal"):
        answer = stranger.post(url(proposal, act), {}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    proposals.withdraw(proposal.application, moderator)
    for act in ("acceptance", "refusal"):
        answer = client.post(url(proposal, act), {}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (409, "proposal_closed")
