"""Asking for another time of a confirmed reception in the cabinet: a page asks, only a POST acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Citizen, MoveRequest
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps import move_requests
from tests.steps.moderation import moderator_of
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database

LATER = START + timedelta(days=1)
VALUE = "2026-12-02T08:30Z"
WEEK = "2026-11-30"
ASK = "Попросити інший час"
SENT = {"time": VALUE, "reason": "Того дня <суд>", "week": WEEK}


def case_url(application: Application) -> str:
    return reverse("diia_videoreception:case", args=[application.public_id])


def url(application: Application) -> str:
    return reverse("diia_videoreception:case_move", args=[application.public_id])


def withdraw_url(request: MoveRequest) -> str:
    arguments = [request.application.public_id, request.public_id]
    return reverse("diia_videoreception:case_move_withdraw", args=arguments)


def test_the_page__offers_what_may_be_applied_for(client: Client, confirmed: Application) -> None:
    assert ASK in Page(client.get(case_url(confirmed))).text
    page = Page(client.get(url(confirmed), {"week": WEEK}))

    offered = page.values("time")
    assert VALUE in offered
    assert "2026-12-01T08:30Z" not in offered, "its own time"
    first = Page(client.get(url(confirmed), {"week": "2026-11-23"})).values("time")
    assert min(first, default="2026-11-26T08:00Z") >= "2026-11-26T08:00Z", "three days ahead"
    assert "Ваш час не змінюється, доки установа не перенесе прийом." in page.text
    assert "Попросити можна до: вівторок, 1 грудня 2026 року, 8:30" in page.text


def test_a_week_of_one_day__names_it_once(
    client: Client, confirmed: Application, clock: Any
) -> None:
    clock.move_to(NOW + timedelta(days=1))
    sign_in(client, confirmed.citizen)

    page = Page(client.get(url(confirmed), {"week": "2026-11-23"}))

    assert "27 листопада 2026 року" in page.text
    assert "27 листопада —" not in page.text


def test_opening_it__asks_for_nothing(client: Client, confirmed: Application) -> None:
    client.get(url(confirmed), SENT)

    assert not MoveRequest.objects.exists()


def test_sending__shows_what_was_asked_and_the_time_stays(
    client: Client, confirmed: Application
) -> None:
    answer = client.post(url(confirmed), SENT, follow=True)

    page = Page(answer)
    assert "Надіслано. Установа відповість листом і тут." in page.text
    assert ("Який час Вам зручний", "середа, 2 грудня, 10:30") in page.facts()
    assert "Того дня <суд>" in page.text
    assert "вівторок, 1 грудня 2026 року, 10:30" in page.text
    assert "Ви попросили інший час" in page.text
    assert ASK not in page.text, "one at a time"
    assert client.get(url(confirmed)).status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "Напишіть, чому просите інший час"),
        ({"time": []}, "Виберіть принаймні один час."),
        ({"time": "вчора"}, "Такого часу немає в розкладі"),
        ({"time": "2026-12-02T09:00Z"}, "Цей час щойно зайняли"),
        ({"time": "2026-11-24T08:30Z"}, "не пізніше ніж за 3 доби"),
        ({"start": "2026-12-03T10:30:00+02:00"}, "Час прийому тим часом змінено"),
    ],
)
def test_what_is_refused__is_said_and_what_was_typed_stays(
    client: Client, confirmed: Application, changes: dict[str, Any], said: str
) -> None:
    ApplicationFactory(official=confirmed.official, start=START + timedelta(days=1, minutes=30))
    sent = SENT | changes

    page = Page(client.post(url(confirmed), sent, follow=True))

    assert said in page.text
    assert page.field("reason").value.strip() == sent["reason"].strip()
    if sent["time"] == VALUE:
        assert page.choice(VALUE).is_checked
    assert not MoveRequest.objects.exists()


def test_who_has_asked_too_often__fills_in_nothing(client: Client, confirmed: Application) -> None:
    for _ in range(3):
        move_requests.take_back(move_requests.ask(confirmed, LATER))

    page = Page(client.get(url(confirmed)))

    assert "стільки разів, скільки можна" in page.text
    assert not page.values("time")


def test_taking_it_back__says_so(client: Client, confirmed: Application) -> None:
    request = move_requests.ask(confirmed, LATER)

    assert client.get(withdraw_url(request)).status_code == 405
    answer = client.post(withdraw_url(request), follow=True)

    assert "Ви більше не просите інший час. Ваш час не змінюється." in answer.text
    assert ASK in Page(answer).text
    request.refresh_from_db()
    assert request.answer == "withdrawn"


def test_a_refusal__is_read_with_its_words_until_the_time_changes(
    client: Client, confirmed: Application, decide: Callable[..., Application]
) -> None:
    request = move_requests.ask(confirmed, LATER)
    move_requests.refuse(confirmed, moderator_of(confirmed.agency, name="second"))

    page = Page(client.get(case_url(confirmed)))
    assert "Установа не може перенести прийом" in page.text
    assert move_requests.NO in page.text
    answer = client.post(withdraw_url(request), follow=True)
    assert "Це прохання перенести прийом уже закрите" in answer.text

    confirmed.refresh_from_db()
    decide("confirm_other_time", confirmed, start=LATER)
    assert move_requests.NO not in Page(client.get(case_url(confirmed))).text


def test_nobody_has_answered__the_page_says_so(
    citizen: Citizen, client: Client, confirmed: Application, clock: Any
) -> None:
    move_requests.ask(confirmed, LATER)
    clock.move_to(START - timedelta(hours=2), tick=False)
    later = Client()
    sign_in(later, citizen)

    page = Page(later.get(case_url(confirmed)))

    assert "Установа не відповіла на Ваше прохання про інший час" in page.text
    assert ASK not in page.text
    answer = Page(later.post(url(confirmed), SENT, follow=True))
    assert "Перенести цей прийом уже пізно" in answer.text


def test_somebody_else__finds_nothing(confirmed: Application) -> None:
    request = move_requests.ask(confirmed, LATER)
    stranger = Client()
    sign_in(stranger, CitizenFactory())

    assert stranger.get(url(confirmed)).status_code == 404
    assert stranger.post(url(confirmed), SENT).status_code == 404
    assert stranger.post(withdraw_url(request)).status_code == 404
    assert Client().post(withdraw_url(request)).status_code == 303, "to the sign-in"
    request.refresh_from_db()
    assert request.is_open(NOW)
