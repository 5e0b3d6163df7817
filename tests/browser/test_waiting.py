"""A page that waits for the person to finish a sign-in, as the browser counts it (WCAG 2.2.1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from diia_videoreception.models import HandOver
from tests.browser.screens.signing_in import hand_over
from tests.browser.world import World
from tests.factories import NOW, ScheduleRuleFactory
from tests.harness.browser import Browsing, axe


@pytest.fixture
def world(
    browsing: Browsing,
    live_server: Any,
    time_machine: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> World:
    time_machine.move_to(NOW, tick=False)
    page = browsing.open("phone")
    page.clock.install(time=NOW)
    page.clock.pause_at(NOW + timedelta(seconds=1))
    return World(
        page,
        live_server.url,
        ScheduleRuleFactory().official,
        clock=time_machine,
        settings=settings,
        patch=monkeypatch,
    )


def open_page(world: World) -> Page:
    key = hand_over(world, None)
    world.page.goto(reverse("diia_videoreception:sign_in_confirm", args=[key]))
    return world.page


def test_before_the_page_stops_waiting__it_asks(world: World) -> None:
    page = open_page(world)
    dialog = page.get_by_role("dialog")
    page.clock.fast_forward("07:50")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("00:12")
    expect(dialog).to_contain_text("Вам потрібно більше часу?")
    page.clock.resume()
    axe(page, include=[["[data-vr-waiting]"]])
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    page.get_by_role("button", name="Так, зачекайте").click()
    expect(dialog).to_be_hidden()
    assert HandOver.objects.get().expires_at == NOW + timedelta(minutes=30)
    page.clock.fast_forward("27:00")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("02:00")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Ні, продовжити").click()
    page.get_by_role("button", name="Так, увійти").click()
    page.wait_for_url("**/cabinet/")


def test_when_it_has_stopped__it_says_so_and_leads_on(world: World) -> None:
    page = open_page(world)
    page.clock.fast_forward("10:05")
    dialog = page.get_by_role("dialog", name="Ця сторінка вже не чекає")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_role("link", name="Увійти ще раз").click()
    page.wait_for_url("**/sign-in/")


def test_the_question__stands_on_a_page_of_its_own_colours(world: World) -> None:
    page = open_page(world)
    page.clock.fast_forward("08:30")
    background = page.locator("[data-vr-waiting]").evaluate(
        "dialog => getComputedStyle(dialog).backgroundColor"
    )
    assert background not in {"rgba(0, 0, 0, 0)", "transparent"}
