"""A moderator looks at the calendar of the agency: week, day and month; by mouse and by keyboard."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import Absence, AgencyModerator, Occupancy
from diia_videoreception.services.booking.absences import save_absence
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW, START
from tests.steps.admin_screens import judge, member, signed_in
from tests.steps.proposals import propose

CALENDAR = {"include": [[".vr-agenda"]]}

pytestmark = pytest.mark.usefixtures("known_day")


def test_calendar__leads_from_a_month_to_a_day_and_a_case(
    transactional_db: None, browsing: Browsing
) -> None:
    official = factories.ScheduleRuleFactory().official
    colleague = factories.OfficialFactory(unit=official.unit, last_name="Бондар")
    factories.ScheduleRuleFactory(official=colleague)
    moderator = member("slyusar")
    AgencyModerator.objects.create(agency=official.agency, user=moderator)
    case = factories.ApplicationFactory(official=official, start=START, needs=["sign_language"])
    propose(case, moderator, START + timedelta(days=1))
    confirmed = {"state": "confirmed", "decided_at": NOW}
    factories.ApplicationFactory(official=colleague, start=START, **confirmed)
    away = Absence(
        official=colleague,
        start=START + timedelta(days=1),
        end=START + timedelta(days=3),
        reason="Відрядження",
    )
    save_absence(away, now=NOW)
    Occupancy.objects.create(
        kind="hold",
        official=official,
        citizen=factories.CitizenFactory(),
        start=START + timedelta(hours=1),
        end=START + timedelta(hours=1, minutes=30),
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )

    address = reverse("videoreception_agenda:month")
    page = signed_in(browsing, "phone", "slyusar", f"{address}?day=2026-12-01")
    expect(page.get_by_role("heading", name="Грудень 2026 року")).to_be_visible()
    judge(page, "agenda-month", **CALENDAR)
    page.get_by_role("link", name="1 грудня", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Вівторок, 1 грудня")).to_be_visible()
    judge(page, "agenda-day", **CALENDAR)
    page.get_by_role("link", name="Тиждень", exact=True).click()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="вівторок, 01.12")).to_have_count(1)
    expect(table.get_by_text("Чекаємо відповіді до")).to_be_visible()
    judge(page, "agenda-week", **CALENDAR)
    page.get_by_label("Посадова особа").select_option(colleague.full_name)
    page.get_by_role("button", name="Показати", exact=True).click()
    expect(table.get_by_role("rowheader")).to_have_count(1)
    table.get_by_role("link", name="Мельник").press("Enter")
    expect(page.get_by_role("link", name="Скасувати прийом")).to_be_visible()
