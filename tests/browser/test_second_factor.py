"""The second factor in a real browser: set up on a desk and a phone, given by keyboard, reset by a head."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator
from diia_videoreception.selectors.accounts.second_factor import totp_devices
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW
from tests.steps.admin_screens import OURS, judge, member, signed_in
from tests.steps.authority import signature
from tests.steps.browser import file_of
from tests.steps.second_factor import code_of, require, with_app
from tests.steps.signing import install

DAY = "/videoreception/official/"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    require(settings)
    # Wagtail would ask another site for a picture of whoever has an address.
    settings.WAGTAIL_GRAVATAR_PROVIDER_URL = None


@pytest.fixture
def official(transactional_db: None) -> Any:
    return factories.OfficialFactory(user=member("official"))


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_an_official__sets_the_second_factor_up_and_gives_it(
    official: Any, browsing: Browsing, device: str
) -> None:
    page = signed_in(browsing, device, "official", DAY)
    expect(page.get_by_role("heading", level=1)).to_have_text("Налаштувати другий фактор")
    judge(page, "begin")
    page.get_by_role("button", name="Почати").click()
    expect(page.get_by_role("img", name="QR-код")).to_be_visible()
    judge(page, "enrol")
    page.get_by_text("Не вдається сканувати зображення").click()
    expect(page.get_by_text("Секрет", exact=True)).to_be_visible()

    page.get_by_label("Код із застосунку").fill("12")
    page.get_by_role("button", name="Підтвердити").click()
    expect(page.get_by_role("alert")).to_contain_text("не підходить")
    judge(page, "enrol-wrong")
    # Back and a reload send nothing again.
    page.reload()
    device_ = totp_devices().get()
    page.get_by_label("Код із застосунку").fill(code_of(device_))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Збережіть запасні коди")
    codes = page.locator(".vr-recovery code").all_text_contents()
    judge(page, "codes")
    with page.expect_download() as download:
        page.get_by_role("link", name="Завантажити текстовим файлом").click()
    assert codes[0] in download.value.path().read_text()
    page.get_by_role("button", name="Коди збережено").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Мій день")

    page.get_by_role("link", name="Другий фактор").click()
    expect(page.get_by_text("Ще не використано: 10")).to_be_visible()
    judge(page, "overview")

    other = signed_in(browsing, device, "official", DAY)
    expect(other.get_by_role("heading", level=1)).to_have_text("Підтвердьте, що це Ви")
    judge(other, "step")
    field = other.get_by_label("Код із застосунку")
    assert field.get_attribute("autocomplete") == "one-time-code"
    other.get_by_role("link", name="Ввести запасний код").click()
    expect(other.get_by_label("Запасний код")).to_be_visible()
    judge(other, "step-recovery")
    other.get_by_label("Запасний код").fill("xxxxx")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("не підходить")
    judge(other, "step-wrong")
    other.get_by_label("Запасний код").fill(codes[1])
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", level=1)).to_contain_text("Мій день")
    other.get_by_role("button", name="Вийти").click()
    expect(other.locator("input[name=username]")).to_be_visible()
    other.goto(DAY)
    expect(other.locator("input[name=username]")).to_be_visible()


def test_an_official__sets_a_key_up_and_gives_it(
    official: Any, browsing: Browsing, settings: Any, time_machine: Any, monkeypatch: Any
) -> None:
    time_machine.move_to(NOW, tick=True)
    install(settings, monkeypatch)

    def sign(page: Any) -> None:
        text = page.locator(".vr-verbatim").text_content()
        page.get_by_label("Файл із підписом").set_input_files(
            file_of(signature("olena", text.encode()), "text-to-sign.txt.p7s")
        )

    page = signed_in(browsing, "phone", "official", DAY)
    page.get_by_role("link", name="Налаштувати КЕП").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Налаштувати електронний підпис як другий фактор"
    )
    judge(page, "key")
    page.get_by_role("button", name="Налаштувати").click()
    expect(page.get_by_role("alert")).to_contain_text("Виберіть файл")
    sign(page)
    page.get_by_role("button", name="Налаштувати").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Збережіть запасні коди")
    page.get_by_role("button", name="Коди збережено").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Мій день")
    page.get_by_role("link", name="Другий фактор").click()
    expect(page.get_by_text("Вхід підтверджує будь-який Ваш")).to_be_visible()
    judge(page, "key-overview")

    other = signed_in(browsing, "desktop", "official", DAY)
    expect(other.get_by_role("heading", level=1)).to_have_text("Підтвердьте, що це Ви")
    judge(other, "key-step")
    sign(other)
    other.get_by_role("button", name="Підтвердити").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Мій день")


def test_without_javascript__the_step_works(official: Any, browsing: Browsing) -> None:
    device = with_app(official.user)
    page = browsing.open(javascript=False)
    page.goto("/admin/login/?next=" + DAY)
    page.fill("input[name=username]", "official")
    page.fill("input[name=password]", "official")
    page.click("button[type=submit]")
    page.get_by_label("Код із застосунку").fill(code_of(device))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Мій день")


def test_a_head__sees_the_people_and_resets(official: Any, browsing: Browsing) -> None:
    head = member("head")
    # Names as long as they come, which no phone is wide enough for.
    long = {"first_name": "Олександра", "last_name": "Переяславхмельницька"}
    type(official).objects.filter(pk=official.pk).update(**long)
    get_user_model().objects.filter(pk=official.user.pk).update(**long)
    AgencyModerator.objects.create(agency=official.agency, user=head, is_head=True)
    with_app(official.user)
    page = signed_in(browsing, "desktop", "head", "/admin/")
    expect(page.get_by_text("Ви не бачите заявок")).to_be_visible()
    judge(page, "home", include=[["[data-panel-input], .vr-panel"]])
    mine = with_app(head)
    page.goto("/admin/videoreception/people/")
    page.get_by_label("Код із застосунку").fill(code_of(mine))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Люди установи")
    judge(page, "people", **OURS)
    page.get_by_role("link", name="Скинути").click()
    expect(page.get_by_role("button", name="Скинути другий фактор")).to_be_visible()
    judge(page, "reset", **OURS)
    page.get_by_role("button", name="Скинути другий фактор").click()
    expect(page.get_by_text("Ми повідомимо людину листом.")).to_be_visible()
    assert not totp_devices().filter(user_id=official.user.pk).exists()
    page.get_by_role("link", name="Дати право модератора").click()
    expect(page.get_by_role("button", name="Створити")).to_be_visible()
    judge(page, "give", **OURS)
    page.goto("/admin/videoreception/substitutes/new/")
    expect(page.locator("select[name=official]")).to_be_visible()
    judge(page, "name", **OURS)
