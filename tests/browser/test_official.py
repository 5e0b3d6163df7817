"""An official at work in a real browser: the day on a desk and a phone, then the conclusion."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from diia_videoreception.models import Answer, Application, Letter
from tests import factories
from tests.harness.browser import Browsing, axe
from tests.harness.clock import NOW
from tests.steps.admin_screens import OURS, shoot
from tests.steps.browser import fits, fits_each_width


@pytest.fixture
def reception(transactional_db: None, time_machine: Any) -> Application:
    """Began five minutes ago; the next one is tomorrow."""
    time_machine.move_to(NOW, tick=True)
    user = get_user_model().objects.create_user("official", password="official")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    official = factories.OfficialFactory(user=user)
    start = NOW - timedelta(minutes=5)
    common = {"official": official, "state": "confirmed", "decided_at": start}
    factories.ApplicationFactory(**common, start=start + timedelta(days=1), topic="Завтрашнє")
    return factories.ApplicationFactory(
        **common, start=start, end=start + timedelta(minutes=30), needs=["sign_language"]
    )


def signed_in(browsing: Browsing, device: Any, address: str) -> Page:
    page = browsing.open(device)
    page.goto(address)
    page.fill("input[name=username]", "official")
    page.fill("input[name=password]", "official")
    page.click("button[type=submit]")
    return page


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_official__comes_from_the_day_to_the_letter(
    reception: Application, browsing: Browsing, device: str
) -> None:
    page = signed_in(browsing, device, "/videoreception/official/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Мій день")
    expect(page.get_by_text("Завтрашнє")).to_be_visible()
    fits(page)
    axe(page)
    shoot(page, "official-day")
    page.get_by_role("link", name=reception.citizen.full_name).first.click()
    expect(page.get_by_role("region", name="Підсумок прийому")).to_be_visible()
    fits(page)
    axe(page)
    page.get_by_role("button", name="Переглянути лист і завершити…").click()
    expect(page.get_by_role("alert")).to_contain_text("Позначте, що сталося з прийомом.")
    page.get_by_label("Прийом відбувся").check()
    page.get_by_label("Текст для людини").fill("Подайте нову довідку.")
    page.get_by_role("button", name="Зберегти, не надсилати").click()
    expect(page.get_by_role("status")).to_contain_text("людина його ще не бачить")
    shoot(page, "official-conclusion")
    page.get_by_role("button", name="Переглянути лист і завершити…").click()
    expect(page.get_by_text("Ще нічого не надіслано.")).to_be_visible()
    fits(page)
    axe(page)
    shoot(page, "official-letter")
    page.go_back()
    expect(page.get_by_label("Текст для людини")).to_have_value("Подайте нову довідку.")
    page.go_forward()
    page.get_by_role("button", name="Надіслати лист").click()
    expect(page.get_by_role("status")).to_contain_text("Надіслано.")
    axe(page)
    assert Answer.objects.get().sent_at is not None
    assert Letter.objects.filter(kind="answer", copy_of=None).count() == 1


def test_the_day_in_the_admin__is_whole(reception: Application, browsing: Browsing) -> None:
    page = signed_in(browsing, "desktop", "/admin/videoreception/my_day/")
    expect(page.get_by_text("Завтрашнє")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("link", name="Наступний день").click()
    expect(page.get_by_text("Завтрашнє")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Мій день")


def test_official__makes_and_ends_the_address_of_a_calendar(
    reception: Application, browsing: Browsing
) -> None:
    agency = reception.official.agency
    agency.official_feeds = True
    agency.save(update_fields=["official_feeds"])
    page = signed_in(browsing, "phone", "/videoreception/official/")
    page.get_by_role("link", name="Календар").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Календар")
    page.get_by_role("button", name="Створити адресу").click()
    expect(page.locator("output")).to_contain_text("/videoreception/calendar/")
    fits_each_width(page)
    axe(page)
    page.reload()
    expect(page.locator("output")).to_contain_text("/videoreception/calendar/")
    page.get_by_role("button", name="Скасувати цю адресу").click()
    expect(page.locator("output")).to_have_count(0)
    expect(page.get_by_role("button", name="Створити адресу")).to_be_visible()
    axe(page)
