"""A head in the pages of their centre, on a desk and on a phone; whoever asks for access or takes an invitation up."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import Browsing, axe
from tests.harness.clock import NOW
from tests.steps.browser import fits
from tests.steps.centres import CentreWorld, new_centre_world, secret_of


@pytest.fixture
def world(transactional_db: None, time_machine: Any) -> CentreWorld:
    time_machine.move_to(NOW, tick=True)
    return new_centre_world()


def is_whole(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)
    axe(page)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_head__keeps_the_centre(world: CentreWorld, browsing: Browsing, device: str) -> None:
    page = browsing.open(device)
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
