"""«Стерти мої дані»: told before, asked for once, taken back, and led to while it stands."""

from datetime import timedelta

import pytest
from django.test import Client

from diia_videoreception.models import (
    AnswerTask,
    CalendarFeed,
    Citizen,
    CitizenSession,
    Draft,
    JournalRecord,
    ReminderChoice,
)
from tests.factories import NOW, ApplicationFactory
from tests.harness.html import Page
from tests.steps.people import page_after, sign_in, start_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen"), pytest.mark.any_database]

ERASE = "/videoreception/profile/erase/"
CABINET = "/videoreception/cabinet/"


@pytest.fixture
def citizen(client: Client) -> Citizen:
    return sign_in(client)


def asked(client: Client) -> None:
    assert client.post(ERASE, {"act": "ask", "sure": "on"}).headers["Location"] == ERASE


def due_of(citizen: Citizen) -> object:
    return Citizen.objects.get(pk=citizen.pk).erasure_due


def test_the_page__says_what_is_kept_until_when_and_why(client: Client, citizen: Citizen) -> None:
    case = ApplicationFactory(citizen=citizen, state="cancelled", decided_at=NOW)
    agency = case.agency
    page = Page(client.get(ERASE)).text
    assert "Що зітремо через 14 днів" in page
    assert "без кінцевого дня: установа не вказала строку зберігання" in page
    agency.document_days, agency.document_ground = 30, "наказ № 5"
    agency.save()
    page = Page(client.get(ERASE)).text
    assert f"до {case.end + timedelta(days=30):%d.%m.%Y}" in page
    assert "наказ № 5" in page


def test_who_asks__loses_at_once_what_nobody_keeps_and_is_led_here(
    client: Client, citizen: Citizen
) -> None:
    elsewhere = start_session(citizen)
    Draft.objects.create(citizen=citizen, topic="Ще не подано", created_at=NOW, updated_at=NOW)
    ReminderChoice.objects.create(citizen=citizen)
    CalendarFeed.objects.create(
        audience="citizen", citizen=citizen, secret_hash="a" * 64, created_at=NOW, used_at=NOW
    )
    assert "Позначте" in Page(page_after(client, client.post(ERASE, {"act": "ask"}))).text
    assert due_of(citizen) is None
    asked(client)
    asked(client)  # From another tab.
    assert due_of(citizen) == NOW + timedelta(days=14)
    for model in (Draft, ReminderChoice, CalendarFeed):
        assert not model.objects.exists()
    assert CitizenSession.objects.get(pk=elsewhere.pk).ended_at == NOW
    assert JournalRecord.objects.filter(act="citizen.erasure_asked").count() == 1
    for address in (CABINET, "/videoreception/profile/", "/videoreception/application/"):
        assert client.get(address).headers["Location"] == ERASE
    assert "після 07.12.2026" in Page(client.get(ERASE)).text
    answer = client.get(CABINET, headers={"Accept": "application/json"})
    assert (answer.status_code, "erasure_asked" in answer.text) == (409, True)


def test_it_is_taken_back__twice_without_harm(client: Client, citizen: Citizen) -> None:
    asked(client)
    page = Page(client.post(ERASE, {"act": "back"}, follow=True))
    assert "Ваш кабінет залишається." in page.text
    assert client.post(ERASE, {"act": "back"}).status_code == 303
    assert due_of(citizen) is None
    assert client.get(CABINET).status_code == 200
    assert JournalRecord.objects.filter(act="citizen.erasure_taken_back").count() == 1


@pytest.mark.parametrize("what", ["reception", "answer"])
def test_what_is_to_come__is_ended_first(client: Client, citizen: Citizen, what: str) -> None:
    if what == "reception":
        ApplicationFactory(citizen=citizen)
    else:
        case = ApplicationFactory(citizen=citizen, state="completed", decided_at=NOW)
        AnswerTask.objects.create(application=case, opened_at=NOW)
    assert "Що потрібно зробити спершу" in Page(client.get(ERASE)).text
    answer = client.post(ERASE, {"act": "ask", "sure": "on"})
    assert "ще щось має відбутися" in Page(page_after(client, answer)).text
    assert due_of(citizen) is None


def test_who_signed_in_long_ago__proves_it_once_more(client: Client, citizen: Citizen) -> None:
    CitizenSession.objects.update(auth_time=NOW - timedelta(minutes=11))
    answer = client.post(ERASE, {"act": "ask", "sure": "on"})
    assert answer.headers["Location"].startswith("/videoreception/sign-in/")
    assert due_of(citizen) is None


def test_a_guest__signs_in_first(client: Client, db: None) -> None:
    assert client.get(ERASE).status_code == client.post(ERASE).status_code == 303
