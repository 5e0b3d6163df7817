"""A moderator at work in a real browser: desk and phone, the whole way from the home page to the act."""

from collections.abc import Callable
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from diia_videoreception.models import AgencyModerator, Application, ScheduleRule
from tests.harness.browser import axe
from tests.steps.admin_screens import OURS
from tests.steps.browser import fits_each_width
from tests.steps.moderation import decide
from tests.steps.move_requests import ask

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture
def application(application: Application) -> Application:
    """Of a citizen with needs, to an official who receives every day."""
    rule = ScheduleRule.objects.get()
    rule.recurrence = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
    rule.save()
    application.needs = ["sign_language"]
    application.save(update_fields=["needs"])
    return application


def test_moderator__comes_from_the_home_page_to_an_agreed_time(
    moderator: Callable[..., Page], application: Application
) -> None:
    page = moderator("desktop")
    expect(page.get_by_role("search")).to_have_count(0)
    fits_each_width(page)
    page.get_by_role("link", name="ВП-2026-000101-0").click()
    expect(page.get_by_text("Переклад українською жестовою мовою")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)

    page.get_by_role("link", name="Призначити погоджений час").click()
    expect(page.get_by_text("9:00 — обраний зараз")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_label("9:30").first.check()
    page.get_by_label("Заявник погодився на цей час").check()
    page.get_by_role("button", name="Переглянути").click()
    expect(page.get_by_text("Ще нічого не надіслано.")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("button", name="Підтвердити і надіслати лист").click()

    expect(page.get_by_text("Новий час підтверджено. Заявник отримає лист.")).to_be_visible()
    application.refresh_from_db()
    assert application.state == "confirmed"
    assert application.start.astimezone(KYIV).time() == time(9, 30)

    page.get_by_role("button", name="Показати пароль").click()
    expect(page.get_by_text(application.reception.password)).to_be_visible()
    axe(page, **OURS)
    fits_each_width(page)


def test_moderator__proposes_another_time_and_takes_it_back(
    moderator: Callable[..., Page], application: Application
) -> None:
    page = moderator("phone")
    page.get_by_role("link", name="ВП-2026-000101-0").click()
    page.get_by_role("link", name="Запропонувати інший час").click()
    expect(page.get_by_text("Новий час тримаємо за заявником")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    # The last of the week: the first may be too near.
    page.get_by_label("9:30").last.check()
    page.get_by_label("Чому змінюємо час").fill("Засідання уряду.")
    page.get_by_role("button", name="Переглянути").click()
    expect(page.get_by_text("Чекаємо відповіді до")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("button", name="Запропонувати і надіслати лист").click()
    expect(page.get_by_text("Час запропоновано. Заявник отримає лист.")).to_be_visible()
    # Wagtail's own message fades in, and is Wagtail's to judge.
    page.reload()
    expect(page.get_by_text("Час запропоновано. Заявник отримає лист.")).to_have_count(0)
    expect(page.get_by_text("Засідання уряду.")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)

    page.get_by_role("link", name="Відкликати пропозицію").click()
    expect(page.get_by_role("button", name="Відкликати і надіслати лист")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("button", name="Відкликати і надіслати лист").click()
    expect(page.get_by_text("Пропозицію відкликано. Заявник отримає лист.")).to_be_visible()
    expect(page.get_by_role("link", name="Підтвердити…")).to_be_visible()


def test_moderator__answers_who_asks_for_another_time(
    moderator: Callable[..., Page], application: Application
) -> None:
    page = moderator("desktop")
    staff = AgencyModerator.objects.get().user
    decide("confirm", application, staff, now=timezone.now())
    week = timedelta(days=7)
    ask(application, application.start + week, application.start + 2 * week, now=timezone.now())
    page.reload()
    page.get_by_role("link", name="1 заявник просить перенести прийом").click()
    page.get_by_role("link", name="ВП-2026-000101-0").click()
    expect(page.get_by_role("heading", name="Заявник просить перенести прийом")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("link", name="Відмовити в перенесенні").click()
    page.get_by_label("Чому прийом не можна перенести").fill("Цього місяця відпустка.")
    page.get_by_role("button", name="Переглянути").click()
    expect(page.get_by_role("button", name="Відмовити і надіслати лист")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("link", name="До заявки").first.click()
    page.get_by_role("button", name="Перенести на 0").first.click()
    expect(page.get_by_role("button", name="Перенести і надіслати лист")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("button", name="Перенести і надіслати лист").click()
    expect(page.get_by_text("Новий час підтверджено. Заявник отримає лист.")).to_be_visible()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_row_of_the_list__is_read_without_scrolling_sideways(
    moderator: Callable[..., Page], application: Application, device: str
) -> None:
    page = moderator(device)
    page.goto("/admin/videoreception/applications/")

    listing = page.locator("#listing-results")
    widths = listing.evaluate("part => [part.scrollWidth, part.clientWidth]")
    assert widths[0] <= widths[1], f"{widths[0]} in {widths[1]}"
    row = listing.get_by_role("row").filter(has_text=application.number)
    for text in (application.citizen.full_name, application.topic[:30], "9:00", "подано"):
        expect(row.get_by_text(text).first).to_be_in_viewport(ratio=1)
    expect(row.get_by_text("на рішення: ")).to_be_in_viewport(ratio=1)
    axe(page, **OURS)


def test_decline__shows_a_preview_first(
    moderator: Callable[..., Page], application: Application
) -> None:
    page = moderator("phone")
    page.goto("/admin/videoreception/applications/")
    fits_each_width(page)
    page.get_by_role("link", name="ВП-2026-000101-0").click()
    page.get_by_role("link", name="Відхилити заявку").click()
    page.get_by_role("button", name="Переглянути").click()
    expect(page.get_by_text("Напишіть причину").first).to_be_visible()
    axe(page, **OURS)

    page.get_by_label("Своїми словами").last.fill("Зверніться до суду.")
    page.get_by_role("button", name="Переглянути").click()
    expect(page.locator("blockquote")).to_contain_text("Зверніться до суду.")
    fits_each_width(page)
    axe(page, **OURS)
    page.get_by_role("button", name="Відхилити заявку").click()
    expect(page.get_by_text("Заявку відхилено. Заявник отримає лист.")).to_be_visible()
    application.refresh_from_db()
    assert application.reason == "Зверніться до суду."


def test_schedule__is_ticked_together(
    moderator: Callable[..., Page], application: Application
) -> None:
    page = moderator("desktop")
    page.goto(f"/admin/videoreception/officials/inspect/{application.official_id}/")
    expect(page.get_by_text("Щотижня: понеділок")).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)

    page.get_by_role("link", name="Додати години").click()
    expect(page.get_by_label("Раз на скільки тижнів")).to_be_hidden()
    page.get_by_label("раз на кілька тижнів").check()
    expect(page.get_by_label("Раз на скільки тижнів")).to_be_visible()
    page.get_by_label("вівторок").check()
    fits_each_width(page)
    picker = page.locator(".xdsoft_datetimepicker:visible")
    for name, value in (("starts", "14:00"), ("ends", "16:00"), ("valid_from", "2026-12-01")):
        page.fill(f"input[name={name}]", value)
        # Wagtail's picker opens a while after the focus, over the button; a click elsewhere closes it.
        expect(picker).to_have_count(1)
        page.get_by_text("Місцевий час установи.").click()
        expect(picker).to_have_count(0)
    page.get_by_role("button", name="Створити").click()
    expect(page.get_by_text("Кожні 2 тижні: вівторок")).to_be_visible()
    rule = ScheduleRule.objects.get(starts=time(14))
    assert rule.recurrence == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    assert rule.official == application.official
