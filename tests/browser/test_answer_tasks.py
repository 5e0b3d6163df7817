"""A question that needs consideration: opened on the page of the case, passed on with the letter seen."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, AnswerTask, Reception
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW
from tests.steps.admin_screens import OURS, judge, member, signed_in
from tests.steps.terms import REASON, set_term

BODY = "Пенсійний фонд України"

pytestmark = pytest.mark.usefixtures("known_day")


def test_an_answer_to_come__is_opened_and_passed_on(
    transactional_db: None, browsing: Browsing
) -> None:
    official = factories.OfficialFactory()
    AgencyModerator.objects.create(agency=official.agency, user=member("moderator"))
    set_term(official.agency, kind="answer", counts_from="reception", days=20, max_days=30)
    held = factories.ApplicationFactory(
        official=official, start=NOW - timedelta(hours=2), state="confirmed", decided_at=NOW
    )
    Reception.objects.create(application=held, conference="default", login="vp-1", confirmed_at=NOW)

    where = f"/admin/videoreception/applications/{held.public_id}/"
    page = signed_in(browsing, "phone", "moderator", where)
    page.get_by_role("button", name="Відбувся, питання потребує розгляду").press("Enter")
    expect(page.get_by_text("очікується відповідь")).to_be_visible()
    judge(page, "task", include=[[".vr-case"]])
    page.get_by_role("link", name="Призначити відповідальну особу").click()
    expect(page.get_by_role("button", name="Зберегти")).to_be_visible()
    judge(page, "task-assign", **OURS)
    page.get_by_role("button", name="Зберегти").press("Enter")
    expect(page.get_by_text("Записано.")).to_be_visible()
    page.get_by_role("link", name="Передати іншому органу").click()
    page.get_by_label("Який орган відповість").fill(BODY)
    page.get_by_label("Чому").fill(REASON)
    page.get_by_role("button", name="Переглянути, що прочитає заявник").press("Enter")
    expect(page.get_by_text("На Ваше питання відповість інший орган")).to_be_visible()
    judge(page, "task-letter", **OURS)
    assert AnswerTask.objects.get().is_open
    page.get_by_role("button", name="Передати і надіслати лист").press("Enter")
    expect(page.get_by_text("Питання передано. Ми надішлемо заявникові лист.")).to_be_visible()
    judge(page, "task-passed-on", include=[[".vr-case"]])
    assert AnswerTask.objects.get().passed_to == BODY
