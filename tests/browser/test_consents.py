"""A person gives their consent: at the desk by a code, and on a phone of their own, in a browser apart."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diia_videoreception import models
from diia_videoreception.rules.mandates import ConsentMethod
from diia_videoreception.services.assistance import kep_consents, person_view
from tests.factories import CitizenFactory
from tests.harness.browser import Browsing, axe
from tests.harness.clock import NOW
from tests.steps.authority import signature
from tests.steps.browser import fits_each_width
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.mandates import (
    SHEVCHUK,
    asked,
    by,
    may_act,
    sent_code,
    takes_texts,
    visit_for,
)
from tests.steps.people import sign_in_browser
from tests.steps.second_factor import code_of, device_of, with_app
from tests.steps.signing import install
from tests.steps.visits import shown


@pytest.fixture
def world(transactional_db: None, time_machine: Any, settings: Any, tmp_path: Path) -> CentreWorld:
    time_machine.move_to(NOW, tick=True)
    takes_texts(settings, tmp_path)
    made = new_centre_world()
    with_app(made.administrator)
    may_act(made.administrator)
    return made


def comes(page: Page, heading: str) -> None:
    """The page with this heading is there, fits and is accessible."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    fits_each_width(page)
    axe(page)


def own_code(world: CentreWorld) -> str:
    """What the app of the administrator shows, as if nothing had been shown before."""
    device = device_of(world.administrator)
    type(device).objects.filter(pk=device.pk).update(last_t=-1, throttling_failure_count=0)
    return code_of(device)


def sign_in_at_desk(page: Page, world: CentreWorld) -> None:
    page.fill("input[name=username]", "tkachuk")
    page.fill("input[name=password]", "p")
    page.click("button[type=submit]")
    expect(page.get_by_label("Код із застосунку")).to_be_visible()
    page.fill("#code", own_code(world))
    page.get_by_role("main").get_by_role("button").last.click()


def test_a_consent__is_read_given_sealed_and_taken_back(
    world: CentreWorld, browsing: Browsing
) -> None:
    visit = visit_for(world)
    page = browsing.open("phone")
    page.goto(f"/videoreception/centre/{world.centre.public_id}/visits/{visit.public_id}/")
    sign_in_at_desk(page, world)
    comes(page, "Заповніть разом")
    page.get_by_role("link", name="Попросити згоду").click()
    comes(page, "Кому ми допомагаємо?")
    page.fill("#last_name", "Шевчук")
    page.fill("#first_name", "Петро")
    page.get_by_label("Який документ показано").select_option("passport")
    page.fill("#document_number", "АВ 123456")
    page.get_by_role("button", name="Далі: згода").click()
    comes(page, "Згода на допомогу")
    page.get_by_label("На папері").check()
    page.get_by_role("button", name="Далі: прочитати текст").click()
    comes(page, "Згода на папері")
    page.get_by_role("link", name="Надрукувати згоду").click()
    comes(page, "Згода на допомогу")
    page.go_back()
    page.get_by_role("link", name="Назвати людину заново").click()
    page.fill("#last_name", "Шевчук")
    page.fill("#first_name", "Петро")
    page.get_by_label("каже сама, без документа").check()
    page.fill("#phone", "050 123 45 18")
    page.get_by_role("button", name="Далі: згода").click()
    page.get_by_role("button", name="Далі: прочитати текст").click()
    comes(page, "Код із SMS")
    expect(page.get_by_role("region", name="Прочитайте разом")).to_contain_text("Шевчук")
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_label("Код із 6 цифр")).to_be_visible()
    page.fill("#code", "000 00")
    page.get_by_role("button", name="Підтвердити згоду").click()
    expect(page.get_by_role("alert")).to_be_visible()
    comes(page, "Код із SMS")
    mandate = models.Mandate.objects.get(state="awaiting_consent")
    page.fill("#code", sent_code(mandate))
    page.get_by_role("button", name="Підтвердити згоду").click()
    comes(page, "Згоду отримано")
    page.fill("#own_code", own_code(world))
    page.get_by_role("button", name="Скріпити згоду").click()
    comes(page, "Згода діє")
    page.get_by_role("button", name="Відкликати зараз").click()
    comes(page, "Згоди немає")
    page.goto(f"/videoreception/centre/{world.centre.public_id}/consents/revoke/")
    comes(page, "Відкликати згоду людини")


def test_a_consent__is_given_on_the_phone_of_the_person(
    world: CentreWorld, browsing: Browsing, live_server: Any
) -> None:
    visit = visit_for(world)
    said = replace(SHEVCHUK, rnokpp="")
    asked(visit, world.administrator, by(ConsentMethod.EID_CONFIRMATION), said=said)
    desk = browsing.open("desktop")
    desk.goto(f"/videoreception/centre/{world.centre.public_id}/visits/{visit.public_id}/consent/")
    sign_in_at_desk(desk, world)
    comes(desk, "Згода на телефоні людини")
    desk.get_by_role("button", name="Показати код").click()
    expect(desk.get_by_role("img", name="QR-код для телефона людини")).to_be_visible()
    fits_each_width(desk)
    axe(desk)
    view = models.PersonView.objects.get()

    phone = browsing.open("phone")
    citizen = CitizenFactory(last_name="Шевчук", first_name="Петро")
    sign_in_browser(phone, live_server.url, citizen)
    phone.goto(f"/videoreception/person/#{person_view.secret_of(view)}")
    comes(phone, "Прочитайте і підтвердьте на своєму телефоні")
    assert "#" not in phone.url
    phone.get_by_role("button", name="Далі").click()
    comes(phone, "Це Ви в центрі?")
    phone.get_by_role("button", name=str(view.number), exact=True).click()
    comes(phone, "Згода на допомогу")
    phone.get_by_role("button", name="Погоджуюсь", exact=True).click()
    comes(phone, "Готово. Дивіться на екран у центрі")

    expect(desk.get_by_role("heading", level=1)).to_have_text("Згоду отримано")
    axe(desk)


def test_a_consent__is_signed_with_the_key_of_the_person(
    world: CentreWorld, browsing: Browsing, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(settings, monkeypatch)
    visit = visit_for(world)
    said = replace(SHEVCHUK, last_name="Вербицька", first_name="Олена", rnokpp="")
    asked(visit, world.administrator, by(ConsentMethod.KEP_SIGNATURE), said=said)
    view = person_view.offer(shown(visit), staff=world.administrator, now=NOW)
    own = browsing.open("phone")
    own.goto(f"/videoreception/person/#{person_view.secret_of(view)}")
    own.get_by_role("button", name="Далі").click()
    own.get_by_role("button", name=str(view.number), exact=True).click()
    comes(own, "Згода на допомогу")
    fits_each_width(own)
    text = kep_consents.document_of(models.Mandate.objects.get())
    signed = {"name": "згода.p7s", "mimeType": "application/pkcs7-signature"}
    file = own.get_by_label("Файл із підписом")
    file.set_input_files(signed | {"buffer": signature("olena", text.encode())})
    own.get_by_role("button", name="Підписати згоду").click()
    comes(own, "Готово. Дивіться на екран у центрі")
    expect(own.get_by_role("link", name="Зберегти згоду з Вашим підписом")).to_be_visible()
