"""C05: the first sign-in of a person (A-12 to A-15)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from diia_videoreception.models import (
    Citizen,
    CitizenSession,
    ConsentAcceptance,
    ConsentText,
    EmailConfirmation,
    HandOver,
)
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.services.accounts import sign_in
from diia_videoreception.services.accounts.citizens import get_or_create_citizen
from diia_videoreception.web.browser_state import CITIZEN, CONSENT
from tests.factories import NOW, ConsentTextFactory
from tests.harness.html import Page
from tests.steps.people import page_after
from tests.steps.sign_in import CHOOSE, walk
from tests.steps.ways import key_proof, proof

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ways_in"), pytest.mark.any_database]

REGISTRATION = "/videoreception/registration/"


def form_of(rules: ConsentText, **changes: str) -> dict[str, str]:
    return {"user_type": "person", "email": "", "agree": "on", "edition": str(rules.pk)} | changes


def test_the_page__shows_what_is_known_and_the_rules(client: Client, rules: ConsentText) -> None:
    walk(client, proof())
    answer = client.get(REGISTRATION)
    page = Page(answer)
    assert "Ґудзь Соломія Ярославівна" in page.text
    assert "••••••3776" in page.text
    assert "1759013776" not in answer.text
    assert "Правила чесні." in page.text
    assert "Редакція 1 від 23 листопада 2026" in page.text
    assert not page.has("input[checked]"), "nobody ticks for the person"
    assert "representative" not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_registering__signs_in_and_goes_on(client: Client, rules: ConsentText) -> None:
    walk(client, proof())
    before = client.session.session_key
    answer = client.post(REGISTRATION, form_of(rules, user_type="entrepreneur"))
    assert (answer.status_code, answer.headers["Location"]) == (303, CHOOSE)
    citizen = Citizen.objects.get()
    assert citizen.user_type == "entrepreneur"
    assert ConsentAcceptance.objects.get().text == rules
    assert client.session[CITIZEN.key] == str(CitizenSession.objects.get().key)
    assert client.session.session_key != before


def test_mistakes__are_told_and_nothing_typed_is_lost(client: Client, rules: ConsentText) -> None:
    walk(client, proof())
    form = form_of(rules, user_type="", email="s@", agree="on")
    page = Page(page_after(client, client.post(REGISTRATION, form)))
    who, where = page.errors()
    assert who == ("user_type", "Виберіть, хто Ви.")
    assert (where[0], where[1].startswith("Введіть адресу у форматі")) == ("email", True)
    assert page.field("email").value == "s@"
    assert page.field("agree").is_checked
    form = form_of(rules, user_type="entrepreneur")
    del form["agree"]
    page = Page(page_after(client, client.post(REGISTRATION, form)))
    assert page.errors() == [("agree", "Позначте, що погоджуєтеся з правилами системи.")]
    assert page.choice("entrepreneur").is_checked
    assert not Citizen.objects.exists()


def test_rules_that_changed_meanwhile__are_shown_anew(client: Client, rules: ConsentText) -> None:
    walk(client, proof())
    ConsentTextFactory(service=RULES, version=2, body="<p>Нові правила.</p>")
    answer = client.post(REGISTRATION, form_of(rules, user_type="entrepreneur"))
    page = Page(page_after(client, answer))
    assert "Правила щойно змінилися." in page.text
    assert "Нові правила." in page.text
    assert page.choice("entrepreneur").is_checked
    assert not Citizen.objects.exists()


@pytest.mark.parametrize("edition", ["", "x", "0", "9" * 30, "-1"])
def test_a_forged_edition__is_no_consent(client: Client, rules: ConsentText, edition: str) -> None:
    walk(client, proof())
    page_after(client, client.post(REGISTRATION, form_of(rules, edition=edition)))
    assert not Citizen.objects.exists()


def test_who_has_no_organisation__cannot_claim_one(client: Client, rules: ConsentText) -> None:
    walk(client, proof())
    form = form_of(rules, user_type="representative", edrpou="12345678", organisation="Чуже")
    page_after(client, client.post(REGISTRATION, form))
    client.post(REGISTRATION, form | {"user_type": "person"})
    assert Citizen.objects.get().edrpou == ""


def test_a_key_of_an_organisation__preselects_the_representative(
    client: Client, rules: ConsentText
) -> None:
    walk(client, key_proof(edrpou="12345678", organisation="ТОВ «Приклад»"))
    page = Page(client.get(REGISTRATION))
    assert page.choice("representative").is_checked
    assert "ТОВ «Приклад»" in page.text
    assert "ЄДРПОУ 12345678" in page.text


def test_what_the_form_claims_of_the_person__does_not_count(
    client: Client, rules: ConsentText
) -> None:
    walk(client, proof())
    client.post(REGISTRATION, form_of(rules, last_name="Чужа", identifier="2903514780"))
    citizen = Citizen.objects.get()
    assert (citizen.last_name, citizen.identifier) == ("Ґудзь", "1759013776")


def test_an_address__is_confirmed_by_a_code_on_the_way(client: Client, rules: ConsentText) -> None:
    walk(client, proof())
    answer = client.post(REGISTRATION, form_of(rules, email="new@example.com"))
    assert answer.headers["Location"].startswith("/videoreception/address/confirm/?next=")
    assert EmailConfirmation.objects.get().address == "new@example.com"
    assert Citizen.objects.get().letters_address == ""
    assert "Ми надіслали код" in client.get(answer.headers["Location"]).text


def test_the_terms_ticked_as_a_guest__count_after_the_registration(
    client: Client, rules: ConsentText
) -> None:
    terms = ConsentTextFactory()
    walk(client, proof())
    store = client.session
    store[CONSENT.key] = [terms.pk, NOW.timestamp()]
    store.save()
    client.post(REGISTRATION, form_of(rules))
    assert set(ConsentAcceptance.objects.values_list("text", flat=True)) == {terms.pk, rules.pk}


def test_the_rules__are_no_terms_to_book_under(client: Client, rules: ConsentText) -> None:
    from diia_videoreception.selectors.accounts.consents import terms_of

    walk(client, proof())
    client.post(REGISTRATION, form_of(rules))
    assert terms_of(Citizen.objects.get()).consent is None


def test_without_rules_the_registration__is_closed_and_says_so(client: Client) -> None:
    walk(client, proof())
    page = client.get(REGISTRATION)
    assert page.status_code == 409
    assert "правила системи не опубліковано" in page.text


def test_the_page__belongs_to_the_browser_and_ends(
    client: Client, rules: ConsentText, time_machine: Any
) -> None:
    walk(client, proof())
    assert Client().get(REGISTRATION).status_code == 303
    time_machine.move_to(NOW + timedelta(minutes=31), tick=False)
    answer = client.post(REGISTRATION, form_of(rules))
    assert answer.headers["Location"].startswith("/videoreception/sign-in/?next=")
    assert not Citizen.objects.exists()


def test_who_reads_the_rules_slowly__gets_more_time_and_loses_nothing(
    client: Client, rules: ConsentText, time_machine: Any
) -> None:
    walk(client, proof())
    assert "Ця сторінка чекає на Вас 30 хвилин." in client.get(REGISTRATION).text
    time_machine.move_to(NOW + timedelta(minutes=29), tick=False)
    typed = {"user_type": "entrepreneur", "email": "typed@example.com", "agree": "on", "more": "1"}
    page = Page(page_after(client, client.post(REGISTRATION, typed)))
    assert "Час додано: ця сторінка чекає на Вас." in page.text
    assert page.field("email").value == "typed@example.com"
    assert not page.errors()
    assert not Citizen.objects.exists()
    time_machine.move_to(NOW + timedelta(minutes=58), tick=False)
    answer = client.post(REGISTRATION, {"more": "1"}, headers={"Accept": "application/json"})
    assert answer.json() == {"seconds": 1800, "more": True}
    client.post(REGISTRATION, form_of(rules))
    assert Citizen.objects.exists()


def test_who_gives_up__leaves_nothing_for_the_next_at_the_computer(
    client: Client, rules: ConsentText
) -> None:
    walk(client, proof())
    answer = client.post(REGISTRATION, {"give_up": ""})
    assert answer.headers["Location"].startswith("/videoreception/sign-in/?next=")
    assert not HandOver.objects.exists()
    assert client.post(REGISTRATION, form_of(rules)).status_code == 303
    assert not Citizen.objects.exists()


def test_who_signs_in_next_at_the_computer__cannot_register_as_the_one_before(
    client: Client, rules: ConsentText
) -> None:
    walk(client, proof())
    other = key_proof(identifier="2903514780", last_name="Друга")
    citizen = get_or_create_citizen(other.identity, now=NOW)
    walk(client, other)
    assert "Ґудзь" not in client.get(REGISTRATION, follow=True).text
    client.post(REGISTRATION, form_of(rules))
    assert Citizen.objects.get() == citizen


def test_signing_out__leaves_no_registration_behind(client: Client, rules: ConsentText) -> None:
    first = key_proof(identifier="2903514780", last_name="Перша")
    get_or_create_citizen(first.identity, now=NOW)
    walk(client, first)
    walk(client, proof())
    assert "Ґудзь" in client.get(REGISTRATION).text
    client.post("/videoreception/sign-out/")
    assert client.get(REGISTRATION).status_code == 303
    client.post(REGISTRATION, form_of(rules))
    assert Citizen.objects.count() == 1


def test_sending_it_twice__goes_on_with_one_account(client: Client, rules: ConsentText) -> None:
    walk(client, proof())
    client.post(REGISTRATION, form_of(rules))
    again = client.post(REGISTRATION, form_of(rules), follow=True)
    assert again.status_code == 200
    assert Citizen.objects.count() == 1


def test_a_form_of_another_site__registers_nobody(rules: ConsentText) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = "a" * 32
    plain = Client()
    walk(plain, proof())
    browser.cookies["sessionid"] = plain.session.session_key or ""
    assert browser.post(REGISTRATION, form_of(rules)).status_code == 403
    assert not Citizen.objects.exists()


def test_the_sign_in_page__leads_to_the_registration(client: Client) -> None:
    page = Page(client.get("/videoreception/sign-in/", {"next": CHOOSE}))
    address = page.link("Як відбувається реєстрація")
    assert address.startswith("?new")
    page = Page(client.get(f"/videoreception/sign-in/{address}"))
    assert "Перший вхід — це і є реєстрація" in page.text
    assert set(page.values("next")) == {CHOOSE}
    assert any(text.endswith("Вхід") for text, _ in page.links())


@pytest.mark.parametrize("rows", ["one page sent twice", "two browsers"])
def test_registering_at_once__makes_one_account(
    at_once: Callable[..., list[object]], rules: ConsentText, rows: str
) -> None:
    def wait() -> UUID:
        outcome = sign_in.complete(proof(), purpose="sign_in", actor=None, browser="", now=NOW)
        assert isinstance(outcome, sign_in.RegistrationNeeded)
        return outcome.key

    key = wait()
    keys = [key, key] if rows == "one page sent twice" else [key, wait()]

    def register(one: Any) -> str:
        sign_in.register(key=one, text_id=rules.pk, user_type="person", now=NOW)
        return "registered"

    outcomes = sorted(map(str, at_once(register, keys)))
    assert Citizen.objects.count() == 1
    if rows == "one page sent twice":
        assert outcomes == ["registered", "session_ended"]
        assert CitizenSession.objects.count() == 1
    else:
        assert outcomes == ["registered", "registered"]


def test_the_page__speaks_plainly_and_the_next_one_says_that_it_is_done(
    client: Client, rules: ConsentText
) -> None:
    walk(client, proof())
    page = client.get(REGISTRATION).text
    assert "Рівень довіри" not in page
    assert "Фізична особа — підприємець (ФОП)" in page
    answer = client.post(REGISTRATION, form_of(rules))
    following = client.get(answer.headers["Location"], follow=True).text
    assert "Вас зареєстровано." in following
    assert "Вас зареєстровано." not in client.get("/videoreception/cabinet/").text, "once"
