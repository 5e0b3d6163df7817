"""A head sets the term, a moderator sees what is late and extends what is not; by screen and by keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Application, Term, TermExtension
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW
from tests.steps.admin_screens import OURS, judge, member, signed_in

DAY = timedelta(days=1)
REASON = "Чекаємо на відповідь пенсійного фонду."

pytestmark = pytest.mark.usefixtures("known_day")


def test_a_term__is_set_and_extended(transactional_db: None, browsing: Browsing) -> None:
    official = factories.OfficialFactory()
    AgencyModerator.objects.create(agency=official.agency, user=member("head"), is_head=True)
    waiting = factories.ApplicationFactory(
        official=official, start=NOW + 40 * DAY, submitted_at=NOW
    )
    late = factories.ApplicationFactory(
        official=official, start=NOW + 20 * DAY, submitted_at=NOW - 9 * DAY, decide_by=NOW - 2 * DAY
    )

    page = signed_in(browsing, "desktop", "head", "/admin/videoreception/terms/")
    expect(page.get_by_text("не заповнено").first).to_be_visible()
    judge(page, "terms", **OURS)
    page.get_by_role("link", name="Рішення за заявкою").click()
    expect(page.get_by_role("button", name="Зберегти строк")).to_be_visible()
    page.get_by_label("Днів", exact=True).fill("5")
    page.get_by_label("До скількох днів разом").fill("10")
    page.get_by_role("button", name="Зберегти строк").press("Enter")
    expect(page.get_by_text("Зазначте, хто може продовжити строк").first).to_be_visible()
    judge(page, "term-error", **OURS)
    assert not Term.objects.exists()
    page.get_by_label("Хто може продовжити").select_option("moderator")
    page.get_by_role("button", name="Зберегти строк").press("Enter")
    expect(page.get_by_text("5 робочих днів")).to_be_visible()
    judge(page, "terms-set", include=[[".vr-case"]])

    page.goto("/admin/")
    expect(page.get_by_text("Прострочено: 1")).to_be_visible()
    judge(page, "home", include=[["#main"]])
    page.get_by_role("link", name="Усі, строк яких минув").click()
    expect(page.get_by_text("прострочено: 2 дні")).to_be_visible()
    expect(page.get_by_text(waiting.number)).to_have_count(0)
    judge(page, "late", include=[["#listing-results"]])

    page.goto(f"/admin/videoreception/applications/{late.public_id}/")
    expect(page.get_by_text("прострочено: 2 дні")).to_be_visible()
    judge(page, "case-late", include=[[".vr-case"]])
    page.goto(f"/admin/videoreception/applications/{waiting.public_id}/")
    page.get_by_role("link", name="Продовжити строк…").click()
    expect(page.get_by_role("button", name="Переглянути, що прочитає заявник")).to_be_visible()
    page.get_by_label("До скількох днів разом").fill("8")
    page.get_by_label("Чому потрібно більше часу").fill(REASON)
    judge(page, "extend", **OURS)
    page.get_by_role("button", name="Переглянути, що прочитає заявник").press("Enter")
    expect(page.get_by_text("Установі потрібно більше часу на рішення")).to_be_visible()
    judge(page, "extend-letter", **OURS)
    assert not TermExtension.objects.exists()
    page.get_by_role("button", name="Продовжити і надіслати лист").press("Enter")
    expect(page.get_by_text("Строк продовжено. Ми надішлемо заявникові лист.")).to_be_visible()
    assert TermExtension.objects.get().days == 8
    assert Application.objects.get(pk=waiting.pk).version == 2
