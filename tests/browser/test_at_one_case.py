"""Two moderators at one case in real browsers: the second sees who works on it, and takes over."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Application
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import START
from tests.steps.admin_screens import judge, member, signed_in

PAGE = {"include": [[".vr-case"]]}

pytestmark = pytest.mark.usefixtures("known_day")


def test_the_second__sees_the_first_takes_over_and_accepts(
    transactional_db: None, browsing: Browsing
) -> None:
    application = factories.ApplicationFactory(
        official=factories.ScheduleRuleFactory().official, start=START
    )
    for name in ("ivanenko", "slyusar"):
        AgencyModerator.objects.create(agency=application.agency, user=member(name))
    case = reverse("videoreception_applications:inspect", args=[application.public_id])
    first = browsing.open("desktop")
    with first.expect_response("**/presence/"):
        first.goto(case)
        first.fill("input[name=username]", "ivanenko")
        first.fill("input[name=password]", "ivanenko")
        first.click("button[type=submit]")
        expect(first.get_by_role("link", name="Підтвердити…")).to_be_visible()
    expect(first.get_by_text("Цю заявку опрацьовує")).to_be_hidden()

    second = signed_in(browsing, "phone", "slyusar", case)
    expect(second.get_by_text("Цю заявку опрацьовує ivanenko")).to_be_visible()
    judge(second, "at-one-case", **PAGE)
    second.set_viewport_size({"width": 1280, "height": 900})
    judge(second, "at-one-case", **PAGE)
    second.get_by_role("button", name="Опрацювати замість колеги").press("Enter")
    expect(second.get_by_text("За заявку відповідаєте Ви.").first).to_be_visible()
    expect(second.get_by_text("Цю заявку опрацьовує")).to_be_hidden()

    first.reload()
    expect(first.get_by_text("Цю заявку опрацьовує slyusar")).to_be_visible()

    second.get_by_role("link", name="Прийняти до розгляду").click()
    expect(second.get_by_text("Ще нічого не надіслано.")).to_be_visible()
    judge(second, "accepting", **PAGE)
    second.set_viewport_size({"width": 360, "height": 800})
    judge(second, "accepting", **PAGE)
    second.get_by_role("button", name="Прийняти і надіслати лист").click()
    expect(second.get_by_text("Прийнято до розгляду.").first).to_be_visible()
    expect(second.get_by_role("link", name="Прийняти до розгляду")).to_have_count(0)
    assert Application.objects.get().state == "in_review"
