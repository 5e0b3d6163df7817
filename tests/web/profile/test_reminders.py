"""«Нагадування»: the choice is shown, kept, and told on «Мої дані»."""

from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import Citizen, JournalRecord, ReminderChoice
from tests.harness.html import Page
from tests.steps.people import sign_in
from tests.steps.sms import configure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen"), pytest.mark.any_database]

PROFILE = "/videoreception/profile/"
REMINDERS = f"{PROFILE}reminders/"


@pytest.fixture
def citizen(client: Client) -> Citizen:
    return sign_in(client)


def ticked(client: Client) -> set[str]:
    tree = Page(client.get(REMINDERS)).tree
    return {str(box["name"]) for box in tree.select("input[type=checkbox][checked]")}


def test_who_has_not_chosen__is_reminded_by_letter(client: Client, citizen: Citizen) -> None:
    assert ticked(client) == {"by_email", "day_before", "hour_before"}
    assert citizen.email in client.get(REMINDERS).text
    assert not ReminderChoice.objects.exists(), "a look keeps nothing"
    assert "за 24 години до прийому, за 1 годину до прийому" in client.get(PROFILE).text


def test_the_choice__is_kept_and_told(client: Client, citizen: Citizen) -> None:
    page = client.post(REMINDERS, {"by_email": "on", "hour_before": "on"}, follow=True)
    assert "Ваш вибір нагадувань збережено." in page.text
    assert "за 1 годину до прийому" in page.text
    assert "за 24 години" not in page.text
    assert ticked(client) == {"by_email", "hour_before"}
    record = JournalRecord.objects.get(act="citizen.choose_reminders")
    assert record.details == {
        "by_email": True, "by_sms": False, "day_before": False, "hour_before": True
    }  # fmt: skip
    assert "Немає" in client.post(REMINDERS, follow=True).text
    assert ticked(client) == set()
    assert ReminderChoice.objects.count() == 1


def test_without_an_address__the_page_says_where_letters_are(
    client: Client, citizen: Citizen
) -> None:
    Citizen.objects.update(email="", email_confirmed_at=None)
    page = client.get(REMINDERS).text
    assert "лише в кабінеті" in page
    assert "Додати адресу для листів" in page


def test_a_guest__signs_in_first(client: Client, db: None) -> None:
    assert client.get(REMINDERS).status_code == 303
    assert client.post(REMINDERS).status_code == 303
    assert not ReminderChoice.objects.exists()


def test_text_messages__are_offered_where_the_portal_sends_them(
    client: Client, citizen: Citizen, settings: Any
) -> None:
    ReminderChoice.objects.create(citizen=citizen, by_sms=True)
    assert "SMS" not in client.get(REMINDERS).text
    client.post(REMINDERS, {"day_before": "on"})
    assert ReminderChoice.objects.get().by_sms, "what the page does not show stays"
    configure(settings, "https://gateway.example/")
    page = Page(client.get(REMINDERS)).text
    assert "SMS на телефон із заявки, наприклад +380 67 ••• •• 67" in page
    assert "671234567" not in client.get(REMINDERS).text
    client.post(REMINDERS, {"by_email": "on", "day_before": "on"})
    assert not ReminderChoice.objects.get().by_sms


def make(client: Client) -> str:
    page = Page(client.post(f"{REMINDERS}calendar/", {"act": "make"}, follow=True))
    return page.one("output").text


def test_calendar_address__is_shown_in_the_browser_that_made_it(
    client: Client, citizen: Citizen
) -> None:
    assert "Створити адресу" in client.get(REMINDERS).text
    address = make(client)
    assert address.startswith("http://testserver/videoreception/calendar/")
    assert Client().get(address.removeprefix("http://testserver")).status_code == 200
    page = Page(client.get(REMINDERS))
    assert page.one("output").text == address, "a reload loses nothing"
    forms = page.all("main form")
    assert len([form for form in forms if form.token]) == len(forms) == 3
    assert page.link("Додати до календаря") == address.replace("http:", "webcal:")
    other = Client()
    sign_in(other, citizen)
    seen = other.get(REMINDERS).text
    assert address not in seen
    assert "Показати її ще раз не можна" in seen
    assert make(client) != address
    assert Client().get(address.removeprefix("http://testserver")).status_code == 404


def test_calendar_address__is_ended_by_a_button_alone(client: Client, citizen: Citizen) -> None:
    address = make(client).removeprefix("http://testserver")
    assert client.get(f"{REMINDERS}calendar/").status_code == 405
    client.post(f"{REMINDERS}calendar/", {"act": "…"})
    assert Client().get(address).status_code == 200
    page = client.post(f"{REMINDERS}calendar/", {"act": "end"}, follow=True)
    assert "Створити адресу" in page.text
    assert Client().get(address).status_code == 404
