"""A slip on the screen of a centre, and the QR code of it in a phone that is nobody's."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.harness.browser import Browsing, axe
from tests.steps.browser import fits
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.slips import PAPERS, is_one_sheet_of_each_paper, made_in, slip_of


@pytest.fixture
def world(known_day: None, transactional_db: None) -> CentreWorld:
    return new_centre_world()


def test_a_slip__fits_its_paper_and_its_code_leads_to_the_status(
    world: CentreWorld, browsing: Browsing, live_server: Any
) -> None:
    application = made_in(world.centre)
    desk = browsing.open("desktop")
    desk.goto(f"/videoreception/centre/{world.centre.public_id}/slips/")
    desk.fill("input[name=username]", "consultant")
    desk.fill("input[name=password]", "p")
    desk.click("button[type=submit]")
    desk.get_by_label("Номер заявки").fill(application.number)
    desk.get_by_role("button", name="Зробити пам’ятку").click()
    expect(desk.locator(".vr-slip")).to_contain_text(application.number)
    for width in (360, 1280):
        desk.set_viewport_size({"width": width, "height": 900})
        for paper in PAPERS:
            desk.get_by_label(paper).check()
            fits(desk)
    axe(desk)
    is_one_sheet_of_each_paper(desk)

    given = slip_of(application)
    phone = browsing.open("phone")
    phone.goto(f"/videoreception/status/#{application.number[3:]}_{given.code}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Подано")
    assert "#" not in phone.url
    axe(phone)
    phone.get_by_role("link", name="Інша заявка").click()
    expect(phone.get_by_label("Код із пам’ятки")).to_have_value("")
    fits(phone)
    axe(phone)
