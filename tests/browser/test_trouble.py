"""A moderator pauses the receptions of the day, and goes on."""

from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Application, ReceptionPause
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import START
from tests.steps.admin_screens import judge, member, signed_in

PAGE = {"include": [[".vr-case"]]}


def test_receptions__are_paused_and_resumed(
    transactional_db: None, known_day: None, browsing: Browsing
) -> None:
    official = factories.ScheduleRuleFactory().official
    case = factories.ApplicationFactory(official=official, start=START.replace(month=11, day=23))
    AgencyModerator.objects.create(agency=official.agency, user=member("slyusar"))
    page = signed_in(browsing, "phone", "slyusar", reverse("videoreception_trouble:index"))
    judge(page, "trouble", **PAGE)
    page.get_by_label("повітряна тривога").check()
    page.get_by_role("button", name="Показати, кого це стосується").click()
    expect(page.get_by_role("heading", name="Кого це стосується, заявок: 1")).to_be_visible()
    judge(page, "trouble-preview", **PAGE)
    page.get_by_role("button", name="Призупинити прийоми і надіслати листи").press("Enter")
    expect(page.get_by_text("Прийоми призупинено до кінця дня")).to_be_visible()
    page.reload()
    judge(page, "trouble-on", **PAGE)
    assert Application.objects.get(pk=case.pk).state == "declined"
    page.get_by_role("button", name="Відновити прийоми").click()
    expect(page.get_by_text("Прийоми призупинено до кінця дня")).to_have_count(0)
    assert ReceptionPause.objects.get().ended_at is not None
