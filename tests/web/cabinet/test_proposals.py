"""Answering a proposed time in the cabinet (C13): the page asks, only a POST answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Citizen, Letter, Proposal
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import CitizenFactory
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps import proposals
from tests.steps.moderation import moderator_of
from tests.steps.people import sign_in
from tests.steps.reassigning import colleague_of

pytestmark = pytest.mark.any_database

LATER = START + timedelta(days=7)
ASKED = "Установа пропонує інший час"
Decide = Callable[..., Application]


@pytest.fixture
def moderator(official: Any) -> Any:
    return moderator_of(official.agency, name="proposer")


@pytest.fixture
def proposal(submitted: Application, moderator: Any) -> Proposal:
    return proposals.propose(submitted, moderator, LATER)


def case_url(proposal: Proposal) -> str:
    return reverse("diia_videoreception:case", args=[proposal.application.public_id])


def address(name: str, proposal: Proposal) -> str:
    arguments = [proposal.application.public_id, proposal.public_id]
    return reverse(f"diia_videoreception:{name}", args=arguments)


def test_the_case__shows_both_times_why_and_until_when(client: Client, proposal: Proposal) -> None:
    page = Page(client.get(case_url(proposal)))

    assert ASKED in page.text
    assert "Запропоновано інший час" in page.texts("span")
    facts = page.facts()
    assert ("Ви просили", "вівторок, 1 грудня 2026 року, 10:30 за київським часом") in facts
    assert ("Пропонують", "вівторок, 8 грудня 2026 року, 10:30 за київським часом") in facts
    assert proposals.REASON in page.text
    assert "Дайте відповідь до: середа, 25 листопада 2026 року, 10:00" in page.text
    assert "Якщо не відповісте, установа розглядатиме заявку далі" in page.text
    cabinet = Page(client.get(reverse("diia_videoreception:cabinet")))
    assert "Запропоновано інший час" in cabinet.texts("span")


def test_another_official_who_would_receive__is_named(
    client: Client, submitted: Application, moderator: Any
) -> None:
    other = colleague_of(submitted.official)
    proposal = proposals.propose(submitted, moderator, LATER, official=other)

    before = Page(client.get(case_url(proposal))).text
    client.post(address("case_accept", proposal))
    after = Page(client.get(case_url(proposal))).text

    assert f"Тоді Вас прийме інша посадова особа: {other.full_name}, {other.post}." in before
    assert submitted.official.full_name in before
    assert other.full_name in after
    assert submitted.official.full_name not in after


def test_the_link_of_the_letter__shows_and_does_not_answer(
    client: Client, proposal: Proposal
) -> None:
    letter = Letter.objects.get(kind="proposal")
    text = render_letter(letter, for_sending=True, now=NOW).text
    link = next(line for line in text.splitlines() if line.endswith("#proposal"))
    path = link.partition("/videoreception/")[2].partition("#")[0]

    assert ASKED in client.get(f"/videoreception/{path}").text

    for name in ("case_accept", "case_refuse"):
        assert client.get(address(name, proposal)).status_code == 405
    proposal.refresh_from_db()
    assert proposal.answer == ""


def test_accepting__confirms_and_says_so(client: Client, proposal: Proposal) -> None:
    answer = client.post(address("case_accept", proposal), follow=True)

    assert "Новий час підтверджено. Ми надіслали Вам лист." in answer.text
    assert ASKED not in answer.text
    page = Page(answer)
    assert ("Ви просили", "вівторок, 1 грудня, 10:30") in page.facts()
    assert ("Тепер", "вівторок, 8 грудня, 10:30") in page.facts()
    assert "Ви погодилися на запропонований час" in page.text
    assert Application.objects.get().state == "confirmed"


def test_refusing__takes_the_wishes_and_the_time_stays(client: Client, proposal: Proposal) -> None:
    sent = {"day_parts": ["morning"], "wishes": "Крім середи"}

    answer = client.post(address("case_refuse", proposal), sent, follow=True)

    assert "Попередній час залишається за Вами" in answer.text
    assert "За Вами залишається час: вівторок, 1 грудня 2026 року, 10:30." in answer.text
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.wishes, proposal.day_parts) == (
        "refused", "Крім середи", ["morning"],
    )  # fmt: skip


def test_wishes_that_are_too_long__are_handed_back(client: Client, proposal: Proposal) -> None:
    sent = {"day_parts": ["evening"], "wishes": "а" * 1001}

    page = Page(client.post(address("case_refuse", proposal), sent, follow=True))

    assert "не більше ніж 1000 символів" in page.text or "1000" in page.text
    assert page.field("wishes").value == "а" * 1001
    assert proposal.answer == ""


def test_parts_of_no_day__are_not_kept_in_the_session(client: Client, proposal: Proposal) -> None:
    sent = {"day_parts": ["evening", *("б" * 1000 for _ in range(900))], "wishes": "а" * 1001}

    page = Page(client.post(address("case_refuse", proposal), sent, follow=True))

    assert page.one("input[value=evening]").attribute("checked") is not None
    assert len(Session.objects.get().session_data) < 20_000


@pytest.mark.parametrize("name", ["case_accept", "case_refuse"])
def test_an_answer_that_comes_too_late__says_what_stands(
    citizen: Citizen, proposal: Proposal, clock: Any, name: str
) -> None:
    clock.move_to(proposal.deadline, tick=False)
    client = Client()
    sign_in(client, citizen)
    assert ASKED not in client.get(case_url(proposal)).text

    answer = client.post(address(name, proposal), follow=True)

    assert "На цю пропозицію вже не можна відповісти" in answer.text
    assert "вівторок, 1 грудня 2026 року, 10:30" in answer.text
    assert Application.objects.get().state == "submitted"


def test_an_answer_to_what_was_withdrawn__says_what_stands(
    client: Client, proposal: Proposal, moderator: Any
) -> None:
    proposals.withdraw(proposal.application, moderator)

    answer = client.post(address("case_accept", proposal), follow=True)

    assert "На цю пропозицію вже не можна відповісти" in answer.text
    assert "Установа відкликала пропозицію іншого часу" in answer.text


def test_a_confirmed_reception__keeps_its_way_in_while_it_is_asked(
    client: Client, submitted: Application, decide: Decide, moderator: Any
) -> None:
    decide("confirm", submitted)
    proposal = proposals.propose(submitted, moderator, LATER)

    page = Page(client.get(case_url(proposal)))

    assert ASKED in page.text
    assert "Якщо не відповісте, прийом залишиться у теперішній час." in page.text
    assert "Як під’єднатися" in page.text or "Логін" in page.text


@pytest.mark.parametrize("name", ["case_accept", "case_refuse"])
def test_somebody_else__finds_nothing(proposal: Proposal, name: str) -> None:
    stranger = Client()
    sign_in(stranger, CitizenFactory())

    assert stranger.post(address(name, proposal)).status_code == 404
    assert Client().post(address(name, proposal)).status_code == 303, "to the sign-in"
    proposal.refresh_from_db()
    assert proposal.answer == ""
