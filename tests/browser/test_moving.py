"""A citizen asks to move a confirmed reception and the agency moves it, from both sides in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Application, MoveRequest
from tests import factories
from tests.harness.browser import Browsing, axe
from tests.harness.clock import START
from tests.steps.admin_screens import judge, member, signed_in
from tests.steps.browser import fits
from tests.steps.moderation import decide
from tests.steps.people import sign_in_browser

PAGE = {"include": [[".vr-case"]]}
WIDE = {"width": 1280, "height": 900}

pytestmark = pytest.mark.usefixtures("known_day")


def test_another_time__is_asked_for_and_given(transactional_db: None, browsing: Browsing) -> None:
    application = factories.ApplicationFactory(
        official=factories.ScheduleRuleFactory().official, start=START
    )
    slyusar = member("slyusar")
    AgencyModerator.objects.create(agency=application.agency, user=slyusar)
    decide("confirm", application, slyusar)

    page = browsing.open("phone")
    sign_in_browser(page, browsing.watch.origin, application.citizen)
    page.goto(reverse("diia_videoreception:case", args=[application.public_id]))
    page.get_by_role("link", name="Попросити інший час").click()
    expect(page.get_by_role("group", name="Який час Вам зручний?")).to_be_visible()
    page.get_by_role("button", name="Надіслати прохання").click()
    expect(page.get_by_text("Напишіть, чому просите інший час").first).to_be_visible()
    page.get_by_label("11:30").first.press("Space")
    why = page.get_by_label("Чому просите інший час")
    why.fill("О цій годині я в лікарні.")
    expect(why).to_have_value("О цій годині я в лікарні.")
    fits(page)
    axe(page)
    page.set_viewport_size(WIDE)
    fits(page)
    page.get_by_role("button", name="Надіслати прохання").press("Enter")
    expect(page.get_by_role("heading", name="Ви просите інший час")).to_be_visible()
    fits(page)
    axe(page)

    case = reverse("videoreception_applications:inspect", args=[application.public_id])
    staff = signed_in(browsing, "phone", "slyusar", case)
    expect(staff.get_by_role("heading", name="Заявник просить перенести прийом")).to_be_visible()
    judge(staff, "asks-to-move", **PAGE)
    staff.set_viewport_size(WIDE)
    judge(staff, "asks-to-move", **PAGE)
    staff.get_by_role("button", name="Перенести на").first.click()
    send = staff.get_by_role("button", name="Перенести і надіслати лист")
    expect(send).to_be_visible()
    send.click()
    expect(staff.get_by_text("Новий час підтверджено. Заявник отримає лист.")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="Ви просите інший час")).to_have_count(0)
    expect(page.get_by_text("Час прийому змінено").first).to_be_visible()
    fits(page)
    axe(page)
    assert MoveRequest.objects.get().answer == "accepted"
    assert Application.objects.get().start != START
