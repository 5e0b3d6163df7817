"""The time that is left of a hold, as the browser counts it (A-37; WCAG 2.2.1)."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from diia_videoreception.selectors import availability
from diia_videoreception.services import holds
from tests.factories import NOW, ScheduleRuleFactory, signed_in
from tests.harness.browser import Browsing, axe
from tests.harness.captcha import solved_captcha
from tests.web.people import sign_in_browser


@pytest.fixture
def page(browsing: Browsing, live_server: Any, time_machine: Any, transactional_db: None) -> Page:
    """The application page of a citizen who has just reserved a time, with a clock to turn."""
    time_machine.move_to(NOW, tick=False)
    official = ScheduleRuleFactory().official
    page = browsing.open("phone")
    citizen = sign_in_browser(page, live_server.url)
    now = timezone.now()
    window = availability.booking_window(official, now)
    days = availability.calendar(
        official, first=window.first_date, last=window.last_date, citizen=None, now=now
    )
    slot = availability.nearest_free(days)
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


def test_the_time_left_is_counted_told_and_ended_without_loss(page: Page) -> None:
    timer = page.locator("[data-vr-timer]")
    left, told = page.locator("[data-vr-timer-left]"), page.locator("[data-vr-timer-announcement]")
    expect(timer).to_contain_text("Час зарезервовано за Вами до 10:15 (залишилося 15\u00a0хвилин)")
    expect(page.get_by_role("timer")).to_have_attribute("aria-live", "off")
    expect(told).to_be_empty()
    page.locator("#topic").fill("Прошу роз’яснити, чому припинили компенсацію.")

    page.clock.run_for("04:30")
    expect(left).to_have_text("11\u00a0хвилин")
    expect(told).to_be_empty()
    page.clock.run_for("00:31")
    expect(told).to_have_text("Залишилося 10\u00a0хвилин. Заповнене не зникне.")

    # The laptop sleeps for six minutes; the first look afterwards tells the truth.
    page.clock.fast_forward("06:00")
    expect(left).to_have_text("4\u00a0хвилини")
    expect(told).to_have_text("Залишилося 4\u00a0хвилини. Заповнене не зникне.")
    expect(timer).not_to_have_class("vr-timer vr-timer--late")

    page.clock.fast_forward("02:30")
    expect(told).to_have_text("Залишилося 2\u00a0хвилини. Заповнене не зникне.")
    expect(timer).to_have_class("vr-timer vr-timer--late")
    axe(page, include=[["[data-vr-timer]"]])

    page.clock.fast_forward("02:00")
    expect(timer).to_contain_text("Резерв часу скасовано. Усе, що Ви написали, збережено.")
    expect(page.get_by_role("timer")).to_be_hidden()
    expect(told).to_have_text("Резерв часу скасовано. Усе, що Ви написали, збережено.")
    expect(page.locator("#topic")).to_have_value("Прошу роз’яснити, чому припинили компенсацію.")
    axe(page, include=[["[data-vr-timer]"]])
