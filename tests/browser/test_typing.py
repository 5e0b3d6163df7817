"""An application on behalf of a person, in two browsers: the administrator's, and a phone that reads the slip."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect

from diia_videoreception import models
from diia_videoreception.rules.mandates import ConsentMethod, MandateTerm
from diia_videoreception.services.assistance import person_view
from tests.factories import ConsentTextFactory, ScheduleRuleFactory
from tests.harness.browser import Browsing, axe
from tests.steps.browser import fits
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.mandates import TODAY, by, may_act, sealed, takes_texts, visit_for
from tests.steps.samples import png
from tests.steps.slips import is_one_sheet_of_each_paper
from tests.steps.typing import TOPIC, typed


@pytest.fixture
def world(known_day: None, transactional_db: None) -> CentreWorld:
    return new_centre_world()


def whole(page: Page) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
    axe(page)


def opened(desk: Page, client: Client, visit: models.CentreVisit, server: Any, at: str) -> None:
    """Open a page of a visit in the browser of who is signed in with this client."""
    name = django_settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": server.url}
    desk.context.add_cookies([cookie])
    desk.goto(
        f"/videoreception/centre/{visit.centre.public_id}/visits/{visit.public_id}/application/{at}"
    )


def test_a_signature_on_paper__is_printed_scanned_and_left_for_the_next_day(
    world: CentreWorld, browsing: Browsing, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    takes_texts(settings, tmp_path)
    ConsentTextFactory()
    ScheduleRuleFactory()
    client = world.proven_client("administrator")
    staff = may_act(world.administrator)
    visit = visit_for(world)
    sealed(visit, staff, consent=by(ConsentMethod.SMS_CODE, term=MandateTerm.UNTIL_RECEPTION))
    typed(visit, staff)
    desk = browsing.open("desktop")
    opened(desk, client, visit, live_server, "paper/")
    whole(desk)
    desk.get_by_role("button", name="Підготувати папір").click()
    expect(desk.get_by_role("heading", name="Надрукуйте папір")).to_be_visible()
    whole(desk)
    code = desk.locator(".vr-code strong, strong.vr-code").first.inner_text()
    desk.get_by_role("link", name="Відкрити папір для друку").click()
    expect(desk.get_by_role("main")).to_contain_text(TOPIC)
    whole(desk)
    assert len(pikepdf.open(BytesIO(desk.pdf(format="A4"))).pages) == 1
    desk.get_by_role("link", name="Назад до підпису").click()
    desk.get_by_label("Дата підпису").fill(f"{TODAY:%d.%m.%Y}")
    desk.get_by_label("Код на папері").fill(code)
    scan = {"name": "Скан.png", "mimeType": "image/png", "buffer": png()}
    desk.get_by_label("Скан підписаної сторінки").set_input_files(scan)
    desk.get_by_role("button", name="Зберегти скан").click()
    expect(desk.get_by_role("heading", name="Підписаний папір додано")).to_be_visible()
    whole(desk)
    desk.goto(f"/videoreception/centre/{world.centre.public_id}/visits/")
    expect(desk.get_by_role("heading", name="Підписано на папері")).to_be_visible()
    whole(desk)


def test_an_application__is_typed_confirmed_by_the_person_and_read_at_home(
    world: CentreWorld, browsing: Browsing, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    takes_texts(settings, tmp_path)
    ConsentTextFactory()
    official = ScheduleRuleFactory().official
    client = world.proven_client("administrator")
    staff = may_act(world.administrator)
    visit = visit_for(world)
    sealed(visit, staff)
    desk = browsing.open("desktop")
    opened(desk, client, visit, live_server, "")
    desk.locator("#topic").fill(TOPIC)
    whole(desk)
    desk.get_by_role("button", name="Зберегти і вибрати час").click()
    desk.get_by_label("Установа, посадова особа або питання").fill(official.last_name)
    desk.get_by_role("button", name="Знайти").click()
    name_of_official = desk.get_by_role("link", name=official.full_name)
    expect(name_of_official).to_be_visible()
    whole(desk)
    name_of_official.click()
    expect(desk.locator("button[name=time]").first).to_be_visible()
    whole(desk)
    desk.locator("button[name=time]").first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Перевірте, чи все правильно")
    desk.get_by_role("button", name="Надіслати людині код").click()
    expect(desk.get_by_label("Код із SMS")).to_be_visible()
    desk.get_by_role("button", name="Показати код").click()
    expect(desk.get_by_role("img", name="QR-код для телефона людини")).to_be_visible()
    whole(desk)
    view = models.PersonView.objects.get()

    own = browsing.open("phone")
    own.goto(f"/videoreception/person/#{person_view.secret_of(view)}")
    own.get_by_role("button", name="Далі").click()
    own.get_by_role("button", name=str(view.number), exact=True).click()
    expect(own.get_by_role("heading", level=1)).to_have_text("Перевірте, чи все правильно")
    expect(own.get_by_role("main")).to_contain_text(TOPIC)
    whole(own)
    own.get_by_role("button", name="Усе гаразд. Можна надсилати.").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("Готово. Дивіться на екран у центрі")
    whole(own)

    # The desk goes on by itself.
    expect(desk.get_by_role("heading", name="Заявку надіслано")).to_be_visible()
    whole(desk)
    desk.get_by_role("button", name="Зробити пам’ятку").click()
    slip = desk.locator(".vr-slip")
    expect(slip).to_contain_text("Код для перевірки стану")
    is_one_sheet_of_each_paper(desk)
    application = models.Application.objects.get()
    assert application.channel == "intermediary"
    typed = slip.locator(".vr-number").nth(1).inner_text().replace("-", "")

    phone = browsing.open("phone")
    phone.goto(f"/videoreception/status/#{application.number[3:]}_{typed}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Подано")
    assert "Шевчук" not in phone.content()
