"""A moderator declares an absence over a booked time, and says what becomes of it before anything is saved."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import Absence, AgencyModerator, Proposal
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import START
from tests.steps.admin_screens import judge, member, signed_in

PAGE = {"include": [[".vr-case"]]}

pytestmark = pytest.mark.usefixtures("known_day")


def test_an_absence__is_saved_with_a_choice_for_each(
    transactional_db: None, browsing: Browsing
) -> None:
    official = factories.ScheduleRuleFactory().official
    for start in (START, START + timedelta(minutes=30)):
        factories.ApplicationFactory(official=official, start=start)
    AgencyModerator.objects.create(agency=official.agency, user=member("slyusar"))
    address = reverse("videoreception_absences:add")
    page = signed_in(browsing, "phone", "slyusar", f"{address}?official={official.pk}")
    page.fill("input[name=start]", "2026-12-01 08:00")
    page.fill("input[name=end]", "2026-12-02 18:00")
    page.keyboard.press("Escape")
    page.locator("form[action*=absences] button[type=submit]").first.click()
    expect(page.get_by_text("Зміна зачепить 2 заявки")).to_be_visible()
    judge(page, "what-changes", **PAGE)
    page.get_by_role("button", name="Зберегти і надіслати листи").click()
    expect(page.get_by_text("Виберіть, що робити з кожною заявкою.")).to_be_visible()
    judge(page, "what-changes-error", **PAGE)
    page.get_by_label("Однаково для всіх").select_option("propose")
    page.get_by_role("button", name="Вибрати для всіх").press("Enter")
    expect(page.get_by_label("Запропонувати інший час").nth(1)).to_be_checked()
    page.get_by_role("button", name="Показати листи").press("Enter")
    expect(page.get_by_role("heading", name="Листи, які буде надіслано")).to_be_visible()
    expect(page.get_by_text("Запропонувати найближчий інший час (2)")).to_be_visible()
    judge(page, "what-changes-letters", **PAGE)
    page.get_by_role("button", name="Зберегти і надіслати листи").press("Enter")
    expect(page.get_by_role("heading", name="Відсутності").first).to_be_visible()
    assert Absence.objects.count() == 1
    assert Proposal.objects.count() == 2
