"""An application on behalf of a person, in two browsers: the administrator's, and a phone that reads the slip."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from diia_videoreception import models
from diia_videoreception.services.assistance import person_view
from tests.factories import ConsentTextFactory, ScheduleRuleFactory
from tests.harness.browser import Browsing, axe
from tests.steps.browser import fits
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.mandates import may_act, sealed, takes_texts, visit_for
from tests.steps.slips import is_one_sheet_of_each_paper
from tests.steps.typing import TOPIC


@pytest.fixture
def world(known_day: None, transactional_db: None) -> CentreWorld:
    return new_centre_world()


def whole(page: Page) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
    axe(page)


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
    name = django_settings.SESSION_COOKIE_NAME
    desk.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    desk.goto(
        f"/videoreception/centre/{world.centre.public_id}/visits/{visit.public_id}/application/"
    )
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
