"""The time that is left of a hold, as the browser counts it (A-37; WCAG 2.2.1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

from diia_videoreception.models import Citizen
from diia_videoreception.selectors.booking import availability
from diia_videoreception.services.booking import holds
from tests.factories import NOW, ScheduleRuleFactory, signed_in
from tests.harness.browser import Browsing, axe
from tests.harness.captcha import solved_captcha
from tests.steps.people import sign_in_browser


@pytest.fixture
def page(browsing: Browsing, live_server: Any, time_machine: Any, transactional_db: None) -> Page:
    """The application page of a citizen who has just reserved a time, with a clock to turn."""
    time_machine.move_to(NOW, tick=False)
    official = ScheduleRuleFactory().official
    page = browsing.open("phone")
    citizen = sign_in_browser(page, live_server.url)
    now = timezone.now()
    slot = availability.whole_calendar(official, citizen=None, now=now).nearest()
    assert slot is not None
    holds.reserve(
        actor=signed_in(citizen),
        official_id=official.pk,
        start=slot.start,
        captcha=solved_captcha(),
        now=now,
    )
    # The clock of this device is years behind: only what passes on it counts.
    page.clock.install(time="2019-01-01T00:00:00Z")
    page.clock.pause_at("2019-01-01T00:01:00Z")
    page.goto("/videoreception/application/")
    return page


def judge(page: Page, part: str) -> None:
    """axe waits for timers of the page, which stand still with its clock."""
    page.clock.resume()
    axe(page, include=[[part]])
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)


def test_the_time_left__is_counted_told_and_ended_without_loss(page: Page) -> None:
    timer = page.locator("[data-vr-timer]")
    left, announcement = (
        page.locator("[data-vr-timer-left]"),
        page.locator("[data-vr-timer-announcement]"),
    )
    expect(timer).to_contain_text(
        "Час зарезервовано за Вами до 10:15 за київським часом (залишилося 15\u00a0хвилин)"
    )
    expect(page.get_by_role("timer")).to_have_attribute("aria-live", "off")
    expect(announcement).to_be_empty()
    page.locator("#topic").fill("Прошу роз’яснити, чому припинили компенсацію.")

    page.clock.run_for("04:30")
    expect(left).to_have_text("11\u00a0хвилин")
    expect(announcement).to_be_empty()
    page.clock.run_for("00:31")
    expect(announcement).to_have_text("Залишилося 10\u00a0хвилин. Заповнене не зникне.")

    # The laptop sleeps for six minutes; the first look afterwards tells the truth.
    page.clock.fast_forward("06:00")
    expect(left).to_have_text("4\u00a0хвилини")
    expect(announcement).to_have_text("Залишилося 4\u00a0хвилини. Заповнене не зникне.")
    expect(timer).not_to_have_class("vr-timer vr-timer--late")

    page.clock.fast_forward("02:30")
    expect(announcement).to_have_text("Залишилося 2\u00a0хвилини. Заповнене не зникне.")
    expect(timer).to_have_class("vr-timer vr-timer--late")
    judge(page, "[data-vr-timer]")

    # In the last minute a dialog asks once, does not press anything, and gives the place back.
    dialog = page.get_by_role("dialog", name="Залишилася одна хвилина")
    page.clock.fast_forward("00:30")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading")).to_be_focused()
    judge(page, "dialog[open]")
    page.keyboard.type("  ")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Продовжити").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#topic")).to_be_focused()

    page.clock.fast_forward("01:30")
    expect(timer).to_contain_text("Резерв часу скасовано. Усе, що Ви написали, збережено.")
    expect(page.get_by_role("timer")).to_be_hidden()
    expect(announcement).to_have_text("Резерв часу скасовано. Усе, що Ви написали, збережено.")
    expect(page.locator("#topic")).to_have_value("Прошу роз’яснити, чому припинили компенсацію.")
    judge(page, "[data-vr-timer]")


def test_the_end_of_the_session__is_told_in_time(page: Page, time_machine: Any) -> None:
    """The server's clock decides: what is saved meanwhile keeps the session alive (WCAG 2.2.1)."""
    topic = page.locator("#topic")
    ask, ended = (
        page.get_by_role("dialog", name=name)
        for name in ("Ви ще тут?", "Ми вийшли з Вашого кабінету заради безпеки")
    )

    looked: list[Response] = []
    page.on("response", lambda got: looked.append(got) if "/session/" in got.url else None)

    def pass_minutes(minutes: int) -> None:
        time_machine.shift(timedelta(minutes=minutes))
        page.clock.fast_forward(minutes * 60_000)

    pass_minutes(20)
    topic.fill("Прошу роз’яснити.")
    page.clock.run_for(1000)
    expect(page.locator("[data-vr-draft-status]")).to_have_text("Збережено")
    pass_minutes(9)
    while not looked:
        page.evaluate("0")
    expect(ask).to_be_hidden()

    pass_minutes(20)
    expect(ask).to_be_visible()
    expect(ask.get_by_role("heading")).to_be_focused()
    judge(page, "dialog[open]")
    page.keyboard.press("Escape")
    expect(ask).to_be_hidden()

    pass_minutes(31)
    expect(ended).to_be_visible()
    judge(page, "dialog[open]")
    page.keyboard.press("Escape")
    expect(ended).to_be_visible()
    sign_in_browser(page, page.url.split("/videoreception")[0], Citizen.objects.get())
    ended.get_by_role("button", name="Вхід виконано, продовжити").click()
    expect(ended).to_be_hidden()
    expect(topic).to_have_value("Прошу роз’яснити.")
