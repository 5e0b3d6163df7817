"""A correction from both sides in a real browser: the citizen corrects, the moderator's old page decides nothing."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from diia_videoreception.models import Application
from tests.harness.browser import Browsing, axe
from tests.steps.admin_screens import OURS
from tests.steps.browser import file_of, fits
from tests.steps.people import sign_in_browser
from tests.steps.samples import png

WIDE = {"width": 1280, "height": 900}
CORRECTED = "Прошу роз’яснити, чому припинили компенсацію з 1 листопада."


def test_a_correction__is_sent_read_and_decided(
    application: Application, moderator: Callable[[], Page], browsing: Browsing
) -> None:
    staff = moderator()
    staff.goto(reverse("videoreception_applications:confirm", args=[application.public_id]))
    confirm = staff.get_by_role("button", name="Підтвердити і надіслати лист")
    expect(confirm).to_be_visible()

    page = browsing.open("phone")
    sign_in_browser(page, browsing.watch.origin, application.citizen)
    page.goto(reverse("diia_videoreception:case", args=[application.public_id]))
    page.get_by_role("link", name="Виправити або доповнити заявку").click()
    topic = page.get_by_label("Короткий зміст питання")
    expect(topic).to_have_value(application.topic)
    topic.fill(CORRECTED)
    page.locator("#files").set_input_files(file_of(png(), "Довідка.png"))
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    expect(topic).to_have_value(CORRECTED)
    fits(page)
    axe(page)
    page.get_by_role("button", name="Надіслати виправлення").click()
    expect(page.get_by_text("Надіслано. Установа прочитає виправлення")).to_be_visible()
    expect(page.get_by_role("heading", name="Що Ви виправили")).to_be_visible()
    expect(page.get_by_role("link", name="Довідка.png")).to_have_count(2)
    fits(page)
    page.set_viewport_size(WIDE)
    fits(page)
    axe(page)

    # Back and a reload send nothing: the form has what stands.
    page.go_back()
    page.reload()
    expect(page.get_by_label("Короткий зміст питання")).to_have_value(CORRECTED)
    expect(page.get_by_text("Додано 0 з 10", exact=True)).to_be_visible()

    confirm.click()
    expect(staff.get_by_text("Заявник виправив заявку: 23.11.2026")).to_be_visible()
    staff.goto(reverse("videoreception_applications:inspect", args=[application.public_id]))
    expect(staff.get_by_role("heading", name="Виправлено заявником")).to_be_visible()
    expect(staff.get_by_text(CORRECTED)).to_have_count(2)
    fits(staff)
    axe(staff, **OURS)
    staff.get_by_role("button", name="Зміни прочитано").click()
    expect(staff.get_by_text("Заявку більше не позначено як виправлену.")).to_be_visible()
    staff.get_by_role("link", name="Підтвердити…").click()
    confirm.click()
    expect(staff.get_by_text("Час підтверджено. Заявник отримає лист.")).to_be_visible()
    application.refresh_from_db()
    assert (application.state, application.topic) == ("confirmed", CORRECTED)
