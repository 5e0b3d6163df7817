"""C01 and C02 in a browser: every state on both screen sizes, axe, keyboard, no scripts."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Page as WagtailPage

from cms_pages.models import AgencyDirectoryPage, InstructionPage, ServicePage
from diia_videoreception.models import Agency
from sandbox.demo import texts
from tests.factories import OfficialFactory
from tests.harness.browser import Browsing, Device, axe
from tests.steps.browser import DEVICES, fits
from tests.steps.people import sign_in_browser

BUTTON = "Записатися на прийом"


@pytest.fixture
def service(transactional_db: None) -> ServicePage:
    """The page of the demonstration, with its instruction, and an official to book."""
    OfficialFactory()
    home = WagtailPage.objects.get(depth=2)
    page = ServicePage(
        title="Прийом громадян за допомогою відеозв’язку",
        slug="pryiom",
        lead=texts.ABOUT_LEAD,
        body=texts.ABOUT,
        terms=texts.TERMS,
    )
    home.add_child(instance=page)
    page.save_revision().publish()
    instruction = InstructionPage(
        title="Запис на прийом",
        slug="zapys",
        body=[*texts.BOOKING, ("service_link", {"page": page, "text": ""})],
        show_in_menus=True,
    )
    page.add_child(instance=instruction)
    return page


def is_fine(page: Page) -> None:
    fits(page)
    axe(page)


@pytest.mark.parametrize("device", DEVICES)
def test_guest__reads_the_page_and_books(
    browsing: Browsing, service: ServicePage, device: Device
) -> None:
    page = browsing.open(device)
    page.goto(service.url)

    expect(page.get_by_role("heading", level=1)).to_have_text(service.title)
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    stages = page.get_by_role("region", name="Як потрапити на прийом")
    expect(stages.get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_text("Найближчий можливий день —")).to_be_visible()
    is_fine(page)


def test_button__stands_beside_the_text_on_a_wide_screen_and_early_on_a_phone(
    browsing: Browsing, service: ServicePage
) -> None:
    for device in DEVICES:
        page = browsing.open(device)
        page.goto(service.url)
        form = page.get_by_role("form", name="Запис на прийом").bounding_box()
        stages = page.get_by_role("region", name="Як потрапити на прийом").bounding_box()
        assert form
        assert stages
        if device == "desktop":
            assert form["x"] > stages["x"] + stages["width"]
        else:
            assert form["y"] + form["height"] <= stages["y"]


def test_the_address_of_a_new_page__is_made_of_its_title_in_latin_letters(
    browsing: Browsing, service: ServicePage
) -> None:
    call_command("setup_roles", verbosity=0)
    user = get_user_model().objects.create_user("editor", password="editor")
    user.groups.add(Group.objects.get(name="Редактор порталу"))
    page = browsing.open("desktop")
    page.goto("/admin/login/")
    page.fill("input[name=username]", "editor")
    page.fill("input[name=password]", "editor")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    page.goto(f"/admin/pages/add/diia_cms_pages/instructionpage/{service.get_parent().pk}/")

    title = page.locator("[name=title]")
    title.press_sequentially("Як з’явитися на відеоприйом?")

    expect(page.locator("input[name=slug]")).to_have_value("yak-ziavytysia-na-videopryiom")


@pytest.mark.parametrize("device", DEVICES)
def test_without_tick__the_reason_has_the_focus(
    browsing: Browsing, service: ServicePage, device: Device
) -> None:
    page = browsing.open(device)
    page.goto(service.url)
    page.get_by_role("button", name=BUTTON).click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Позначте, що погоджуєтеся з умовами послуги.")
    expect(page).to_have_title("Помилка: " + service.title)
    is_fine(page)
    summary.get_by_role("link").click()
    expect(page.get_by_role("checkbox")).to_be_focused()
    expect(page.get_by_role("checkbox")).to_have_accessible_description(
        "Позначте, що погоджуєтеся з умовами послуги."
    )


def test_keyboard_alone__ticks_and_goes_on(browsing: Browsing, service: ServicePage) -> None:
    page = browsing.open("desktop")
    page.goto(service.url)
    tick = page.get_by_role("checkbox")
    for _ in range(20):
        page.keyboard.press("Tab")
        if tick.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    # The link to the terms stands between the tick and the button.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/sign-in/?next=*choose*")


def test_without_scripts__the_button_works(without_javascript: Page, service: ServicePage) -> None:
    page = without_javascript
    page.goto(service.url)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_role("alert")).to_contain_text("Позначте, що погоджуєтеся")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=BUTTON).click()

    page.wait_for_url("**/sign-in/?next=*choose*")


@pytest.mark.parametrize("device", DEVICES)
def test_signed_in__and_after_agreeing(
    browsing: Browsing, service: ServicePage, device: Device
) -> None:
    page = browsing.open(device)
    sign_in_browser(page, browsing.watch.origin, consent=False)
    page.goto(service.url)
    expect(page.get_by_text("Далі попросимо Вас увійти.")).to_have_count(0)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url("**/choose/")

    page.goto(service.url)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("form").get_by_text("Ви погодилися з")).to_be_visible()
    is_fine(page)


@pytest.mark.parametrize("device", DEVICES)
def test_paused_service__says_so(browsing: Browsing, service: ServicePage, device: Device) -> None:
    service.is_paused = True
    service.paused_until = timezone.localdate() + timedelta(days=10)
    service.save_revision().publish()
    page = browsing.open(device)
    page.goto(service.url)

    expect(page.get_by_text("Запис тимчасово призупинено.")).to_be_visible()
    expect(page.get_by_text("Спробуйте після")).to_be_visible()
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
    is_fine(page)


@pytest.mark.parametrize("device", DEVICES)
def test_service_without_agencies__says_so(
    browsing: Browsing, service: ServicePage, device: Device
) -> None:
    Agency.objects.update(is_connected=False)
    page = browsing.open(device)
    page.goto(service.url)

    expect(page.get_by_text("До послуги ще не підключено жодної установи.")).to_be_visible()
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
    is_fine(page)


@pytest.mark.parametrize("device", DEVICES)
def test_instruction__is_shown(browsing: Browsing, service: ServicePage, device: Device) -> None:
    page = browsing.open(device)
    page.goto(service.url)
    page.get_by_role("navigation", name="Покрокова інструкція").get_by_role("link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Запис на прийом")
    steps = page.get_by_role("region", name="Резервування часу прийому")
    expect(steps.get_by_role("listitem")).to_have_count(4)
    is_fine(page)
    page.get_by_role("link", name="Перейти до послуги").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(service.title)


def test_english__the_whole_page_passes_axe(browsing: Browsing, service: ServicePage) -> None:
    page = browsing.open("phone", locale="en-GB")
    page.goto(service.url)

    expect(page.get_by_role("button", name="Book a reception")).to_be_visible()
    is_fine(page)


def test_agency__is_found_and_leads_to_a_time(browsing: Browsing, transactional_db: None) -> None:
    home = WagtailPage.objects.get(depth=2)
    listed = home.add_child(instance=AgencyDirectoryPage(title="Хто приймає"))
    wanted = OfficialFactory(last_name="Мельник", competence="пенсії")
    OfficialFactory()
    page = browsing.open("phone")
    page.goto(listed.url)
    is_fine(page)
    page.get_by_role("searchbox").fill("пенсії")
    page.get_by_role("button", name="Знайти").click()

    expect(page.get_by_role("status")).to_have_text("1 установа")
    expect(page.get_by_text("Мельник")).to_be_visible()
    page.get_by_role("link", name=f"Вибрати час {wanted.agency.name}").click()
    expect(page).to_have_url(re.compile(rf"/choose/\?agency={wanted.agency.pk}$"))
