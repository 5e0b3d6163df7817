"""The head of an agency reads a report: charts with their tables, on a desktop and on a phone."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Export, Rating
from diia_videoreception.models.exports import EXPORT
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW
from tests.steps.admin_screens import judge, member, signed_in

REPORT = {"include": [[".vr-report"]]}

pytestmark = pytest.mark.usefixtures("known_day")


def test_report__tells_the_figures_of_a_period_and_of_another(
    transactional_db: None, browsing: Browsing
) -> None:
    official = factories.ScheduleRuleFactory().official
    colleague = factories.OfficialFactory(unit=official.unit, last_name="Бондар")
    head = member("slyusar")
    head.user_permissions.add(Permission.objects.get(codename=EXPORT))
    AgencyModerator.objects.create(agency=official.agency, user=head, is_head=True)
    for number, state in enumerate(("completed", "citizen_absent", "completed", "declined")):
        start = NOW - timedelta(days=5 * number + 1)
        case = factories.ApplicationFactory(
            official=(official, colleague)[number % 2],
            state=state,
            reason="Це питання до суду" if state == "declined" else "",
            start=start,
            submitted_at=start - timedelta(days=4 + number),
            decided_at=start - timedelta(days=3),
        )
        if state == "completed":
            Rating.objects.create(application=case, stars=5 - number, created_at=NOW)

    page = signed_in(browsing, "phone", "slyusar", reverse("videoreception_reports:index"))
    expect(page.get_by_role("img", name="Навантаження; ті самі числа")).to_be_visible()
    judge(page, "reports", **REPORT)
    page.get_by_label("Від", exact=True).fill("2016-11-01")
    page.get_by_role("button", name="Показати", exact=True).click()
    expect(page.get_by_text("щонайбільше 366 днів")).to_be_visible()
    judge(page, "reports-refused", **REPORT)
    page.get_by_role("link", name="Цей рік").press("Enter")
    expect(page.get_by_role("table", name="Прийоми за часом і каналами")).to_contain_text("3")
    judge(page, "reports-year", **REPORT)

    page.get_by_role("link", name="Зберегти файлом").press("Enter")
    expect(page.get_by_role("heading", name="Зберегти файлом")).to_be_visible()
    page.get_by_label("Для чого потрібен файл").fill("звіт")
    page.get_by_role("button", name="Зберегти файл").press("Enter")
    expect(page.get_by_text("Напишіть одним реченням")).to_be_visible()
    judge(page, "reports-file", include=[[".vr-case"]])
    page.get_by_label("Для чого потрібен файл").fill("Для щомісячної наради керівництва")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Зберегти файл").press("Enter")
    assert saved.value.suggested_filename.endswith(".xlsx")
    assert Export.objects.get().made_by == head
    page.get_by_role("link", name="Назад до звіту").press("Enter")
    expect(page.get_by_role("table", name="Збережені файли")).to_contain_text("щомісячної наради")
    judge(page, "reports-files", **REPORT)
