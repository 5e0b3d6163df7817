"""A head writes a reason for refusal, a moderator declines with it; both see what the citizen will read."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Application
from tests import factories
from tests.harness.browser import Browsing, axe
from tests.harness.clock import START
from tests.steps.admin_screens import OURS, judge, member, shoot, signed_in
from tests.steps.browser import fits_each_width

REASON = "Питання належить до іншої установи."

pytestmark = pytest.mark.usefixtures("known_day")


def test_a_reason__is_written_picked_and_read(transactional_db: None, browsing: Browsing) -> None:
    application = factories.ApplicationFactory(start=START)
    agency = application.official.agency
    AgencyModerator.objects.create(agency=agency, user=member("head"), is_head=True)
    page = signed_in(browsing, "desktop", "head", reverse("videoreception_refusal_reasons:add"))
    expect(page.get_by_role("button", name="Створити")).to_be_visible()
    page.locator("[name=agency]").select_option(agency.name)
    page.locator("[name=text]").fill(REASON)
    page.locator("[name=legal_ground]").fill("Стаття 7 Закону.")
    page.locator("[name=whom_to_ask]").fill("Управління громади, 0 800 000 015")
    fits_each_width(page)
    shoot(page, "reason")
    page.get_by_role("button", name="Створити").press("Enter")
    expect(page.get_by_role("link", name=REASON)).to_be_visible()
    # Without the message, which fades in.
    page.goto(reverse("videoreception_refusal_reasons:index"))
    expect(page.get_by_role("link", name=REASON)).to_be_visible()
    fits_each_width(page)
    axe(page, **OURS)
    shoot(page, "reasons")

    page.goto(reverse("videoreception_applications:decline", args=[application.public_id]))
    page.get_by_label(REASON).check()
    page.locator("[name=words]").fill("Виплату призначає громада.")
    judge(page, "decline", include=[[".vr-case"]])
    page.get_by_role("button", name="Переглянути, що прочитає заявник").click()
    preview = page.locator("blockquote.vr-preview")
    expect(preview).to_contain_text("Управління громади, 0 800 000 015")
    expect(preview).to_contain_text("Стаття 7 Закону.")
    judge(page, "decline-letter", include=[[".vr-case"]])
    page.get_by_role("button", name="Відхилити заявку").click()
    expect(page.get_by_text("Заявку відхилено. Заявник отримає лист.")).to_be_visible()
    assert Application.objects.get().whom_to_ask == "Управління громади, 0 800 000 015"
