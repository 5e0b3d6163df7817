"""An auditor looks for a case in the journal and has the chain verified, on a phone and at a desk."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from playwright.sync_api import expect

from diia_videoreception.models import JournalAct
from diia_videoreception.models.journal import AUDIT
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.services import journal
from diia_videoreception.services.journal.sealing import seal_journal
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW, START
from tests.steps.admin_screens import judge, member, signed_in

PAGE = {"include": [[".vr-case"]]}


@pytest.mark.usefixtures("known_day")
def test_an_auditor__finds_a_case_and_verifies_the_chain(
    transactional_db: None, browsing: Browsing
) -> None:
    number = format_number(2026, 119)
    official = factories.ScheduleRuleFactory().official
    application = factories.ApplicationFactory(official=official, start=START, number=number)
    auditor = member("levchenko")
    auditor.user_permissions.add(Permission.objects.get(codename=AUDIT))
    for act in (JournalAct.SUBMIT, JournalAct.CONFIRM, JournalAct.MOVE):
        journal.record(act, subject=application, staff_id=auditor.pk, now=NOW)
    journal.record(JournalAct.GIVE_RIGHT, subject=auditor, staff_id=auditor.pk, now=NOW)
    seal_journal()

    page = signed_in(browsing, "phone", "levchenko", reverse("videoreception_journal:index"))
    expect(page.locator(".vr-table tbody tr")).to_have_count(4)
    judge(page, "journal", **PAGE)
    page.get_by_label("Номер заявки").fill("ВП-1")
    page.get_by_label("Номер заявки").press("Enter")
    expect(page.get_by_text("Заявки з таким номером немає.")).to_be_visible()
    judge(page, "journal-wrong", **PAGE)
    page.get_by_label("Номер заявки").fill(number)
    page.get_by_role("button", name="Показати", exact=True).press("Enter")
    expect(page.locator(".vr-table tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Перевірити ланцюг за період").press("Enter")
    expect(page.get_by_text("Ланцюг цілий: записи з 1 до 4.")).to_be_visible()
    expect(page.get_by_label("Номер заявки")).to_have_value(number)
    judge(page, "journal-whole", **PAGE)
