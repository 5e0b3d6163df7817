"""A reception from a seat of a centre: the administrator's browser, the seat's, and the official's."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness.browser import axe
from tests.steps.browser import fits
from tests.steps.centres import new_centre_world
from tests.steps.in_room import Person, Reception

Arrive = Callable[..., Person]


def whole(page: Page) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        axe(page)


def test_who_came_to_the_centre__talks_from_its_seat(arrive: Arrive, reception: Reception) -> None:
    centres = new_centre_world()
    application = reception.application
    application.seat = centres.workplace
    application.save(update_fields=["seat"])
    official, seat, staff = (arrive(role) for role in ("official", "guest", "guest"))

    page = staff.page
    page.goto(f"/videoreception/centre/{centres.centre.public_id}/receptions/")
    page.fill("input[name=username]", "tkachuk")
    page.fill("input[name=password]", "p")
    page.click("button[type=submit]")
    page.get_by_role("button", name="Людина прийшла, документ перевірено").click()
    page.get_by_role("button", name="Відкрити кімнату на місці").click()
    code = page.locator(".vr-number .vr-code")
    expect(code).to_be_visible()
    whole(page)

    seat.page.goto("/videoreception/seat/")
    whole(seat.page)
    seat.page.get_by_label("Код прийому").fill(code.inner_text())
    seat.press("Увійти до кімнати")
    expect(seat.page.locator("[data-room]")).to_be_visible()
    assert application.topic not in seat.page.content()
    seat.press("Увійти до кімнати")
    official.enter()
    official.press("Впустити")
    seat.is_connected()
    official.is_connected()
    axe(seat.page)

    page.get_by_role("button", name="Закрити на місці").click()
    expect(page.get_by_role("button", name="Відкрити кімнату на місці")).to_be_visible()
