"""The address for letters: used once its owner has entered the code."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from diia_videoreception.models import Citizen, EmailConfirmation
from diia_videoreception.personal_data import decrypt
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts import citizens
from tests.factories import NOW, CitizenFactory
from tests.harness.html import Page
from tests.steps.application import url
from tests.steps.people import page_after

pytestmark = pytest.mark.any_database


def code() -> str:
    return decrypt(EmailConfirmation.objects.get().code_encrypted)


def test_an_address__is_confirmed_by_its_code(client: Client, person: SignedIn) -> None:
    back = url("check")

    asked = client.post(url("address"), {"email": "new@example.com", "next": back})
    assert asked["Location"].startswith(url("address_confirm") + "?next=")
    shown = client.get(asked["Location"])
    page = Page(shown)
    assert "Ми надіслали код на new@example.com. Він діє до 10:30 за київським часом." in page.text
    assert page.hidden()["next"] == back
    assert code() not in shown.text

    typed = f"{code()[:3]} {code()[3:]}"
    confirmed = client.post(url("address_confirm"), {"code": typed, "next": back})

    assert (confirmed.status_code, confirmed["Location"]) == (303, back)
    assert Citizen.objects.get(pk=person.citizen.pk).letters_address == "new@example.com"
    assert "Адресу підтверджено" in client.get(url("letters")).text
    assert "Адресу підтверджено" not in client.get(url("letters")).text, "once"


def test_what_is_no_code__is_told_and_costs_nothing(client: Client) -> None:
    client.post(url("address"), {"email": "new@example.com"})

    response = page_after(client, client.post(url("address_confirm"), {"code": "34899"}))

    assert "Код має 6 цифр." in response.content.decode()
    assert EmailConfirmation.objects.get().attempts == 0


def test_a_wrong_code__is_told_and_counted(client: Client, person: SignedIn) -> None:
    client.post(url("address"), {"email": "new@example.com"})

    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    response = page_after(client, client.post(url("address_confirm"), {"code": wrong}))

    assert [where for where, _ in Page(response).errors()] == ["code"]
    assert EmailConfirmation.objects.get().attempts == 1
    assert Citizen.objects.get(pk=person.citizen.pk).letters_address != "new@example.com"


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a@[127.0.0.1]", "a@example.com\nBcc: b@example.com"]
)
def test_what_is_no_address__gets_no_letter(client: Client, email: str) -> None:
    response = page_after(client, client.post(url("address"), {"email": email}))

    assert "Введіть адресу у форматі name@example.com" in response.content.decode()
    assert not EmailConfirmation.objects.exists()


def test_another_address_within_the_minute__has_to_wait(client: Client) -> None:
    client.post(url("address"), {"email": "one@example.com"})

    response = page_after(client, client.post(url("address"), {"email": "two@example.com"}))

    assert "Код щойно надіслано." in response.content.decode()
    assert EmailConfirmation.objects.get().address == "one@example.com"


def test_an_old_code__asks_for_a_new_one(
    client: Client, clock: Callable[[timedelta], None]
) -> None:
    client.post(url("address"), {"email": "one@example.com"})
    old = code()
    clock(timedelta(minutes=31))

    assert "уже застарів" in client.get(url("address_confirm")).content.decode()
    page = page_after(client, client.post(url("address_confirm"), {"code": old}))
    assert [where for where, _ in Page(page).errors()] == ["code"]


def test_the_code_of_another_person__confirms_nothing(client: Client, person: SignedIn) -> None:
    stranger = CitizenFactory(email="", email_confirmed_at=None)
    citizens.ask_to_confirm_address(citizen=stranger, address="s@example.com", now=NOW)

    response = client.post(url("address_confirm"), {"code": code()})

    assert response["Location"] == url("address")
    assert EmailConfirmation.objects.get().citizen == stranger


def test_the_way_back__never_leads_to_another_site(client: Client) -> None:
    client.post(url("address"), {"email": "one@example.com"})

    response = client.post(
        url("address_confirm"), {"code": code(), "next": "https://evil.example/"}
    )

    assert response["Location"] == url("letters")
