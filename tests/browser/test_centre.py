"""A head in the pages of their centre, on a desk and on a phone; whoever asks for access or takes an invitation up; who takes the test."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diia_videoreception.models import CentreTestAttempt
from tests.harness.browser import Browsing, axe
from tests.harness.clock import NOW
from tests.steps.browser import fits_each_width
from tests.steps.centres import (
    CentreWorld,
    accredited,
    member,
    new_centre_world,
    place_of,
    published_test,
    secret_of,
    user,
)


@pytest.fixture
def world(transactional_db: None, time_machine: Any) -> CentreWorld:
    time_machine.move_to(NOW, tick=True)
    return new_centre_world()


def is_whole(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits_each_width(page)
    axe(page)


def test_a_head__keeps_the_centre(world: CentreWorld, browsing: Browsing) -> None:
    page = browsing.open("desktop")
    page.goto("/videoreception/centre/")
    page.fill("input[name=username]", "head")
    page.fill("input[name=password]", "p")
    page.click("button[type=submit]")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url("**/centre/**")
    is_whole(page)
    base = f"/videoreception/centre/{world.centre.public_id}"
    for address in (
        f"{base}/people/",
        f"{base}/people/{world.member.public_id}/",
        f"{base}/people/invite/",
        f"{base}/workplaces/",
        f"{base}/workplaces/add/",
        f"{base}/hours/",
        f"{base}/decisions/",
        f"{base}/journal/",
        f"{base}/statistics/",
        f"{base}/training/",
        f"{base}/workplaces/{world.workplace.public_id}/",
    ):
        page.goto(address)
        is_whole(page)
    page.fill("#day_0", "13:00–9:00")
    page.click("button[value=hours]")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#day_0")).to_have_value("13:00–9:00")
    axe(page)
    page.fill("#day_0", "9:00–13:00")
    page.click("button[value=hours]")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("#day_0")).to_have_value("9:00–13:00")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_invitation__is_opened_by_its_link_and_asked_about_before_it_is_taken_up(
    world: CentreWorld, browsing: Browsing
) -> None:
    page = browsing.open("phone")
    page.goto("/videoreception/centre/apply/")
    is_whole(page)
    page.goto(f"/videoreception/centre/join/#{secret_of(world.invitation)}")
    expect(page.locator("#code")).to_have_value(secret_of(world.invitation))
    page.wait_for_url("**/centre/join/")
    is_whole(page)
    page.click("main button")
    page.wait_for_url("**/login/**")
    page.fill("input[name=username]", "head")
    page.fill("input[name=password]", "p")
    page.click("button[type=submit]")
    expect(page.get_by_role("heading", name=world.centre.name)).to_be_visible()
    is_whole(page)
    page.click("main form[action$='confirm/'] button")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Join the centre")


def test_the_test__is_taken_by_keyboard_and_goes_on_where_it_was_left(
    world: CentreWorld, browsing: Browsing
) -> None:
    published_test()
    taker = member(world.centre, user("taker"))
    accredited(taker.user, world.centre, "training")
    page = browsing.open("desktop")
    base = f"/videoreception/centre/{world.centre.public_id}/test/"
    page.goto(base)
    page.fill("input[name=username]", "taker")
    page.fill("input[name=password]", "p")
    page.click("button[type=submit]")
    start = page.locator("form[action$='/test/'] button")
    expect(start).to_be_visible()
    is_whole(page)
    start.press("Enter")
    for number in (1, 2, 3):
        page.wait_for_url(f"**/{number}/")
        expect(page.locator("progress")).to_have_attribute("value", str(number - 1))
        if number == 1:
            is_whole(page)
            page.set_viewport_size({"width": 360, "height": 740})
            is_whole(page)
        attempt = CentreTestAttempt.objects.get()
        place = place_of(attempt, number, is_right=True)
        page.locator("input[name=answer]").first.focus()
        page.keyboard.press("Space")
        for _ in range(place):
            page.keyboard.press("ArrowDown")
        expect(page.locator(f"input[name=answer][value='{place}']")).to_be_checked()
        page.keyboard.press("Enter")
    hand_in = page.locator("main form:not([action*='sign-out']) button")
    expect(page.locator("#questions")).to_be_visible()
    is_whole(page)
    page.go_back()
    expect(page.locator("input[name=answer]:checked")).to_have_count(1)
    page.goto(base)
    go_on = page.locator("main section a.vr-button")
    expect(go_on).to_be_visible()
    go_on.click()
    expect(page.locator("#questions")).to_be_visible()
    hand_in.last.click()
    expect(page.locator(".vr-seal")).to_be_visible()
    is_whole(page)
    page.reload()
    expect(page.locator(".vr-seal")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    is_whole(page)
