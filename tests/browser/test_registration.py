"""The agency's own number of a case, and the sheets that are printed, in a browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, AnswerTask, Reception
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW
from tests.steps.admin_screens import judge, member, signed_in

pytestmark = pytest.mark.usefixtures("known_day")


def test_a_number__is_written_and_stands_on_the_sheets(
    transactional_db: None, browsing: Browsing
) -> None:
    official = factories.OfficialFactory()
    user = member("moderator")
    AgencyModerator.objects.create(agency=official.agency, user=user)
    held = factories.ApplicationFactory(
        official=official, start=NOW - timedelta(hours=2), state="completed", decided_at=NOW
    )
    Reception.objects.create(application=held, conference="default", login="vp-1", confirmed_at=NOW)
    AnswerTask.objects.create(
        application=held, opened_at=NOW, due=NOW + timedelta(days=3), responsible=user
    )

    where = f"/admin/videoreception/applications/{held.public_id}/"
    page = signed_in(browsing, "desktop", "moderator", where)
    page.get_by_label("Реєстраційний номер установи").fill("К-17/2026")
    page.get_by_role("button", name="Зберегти номер").press("Enter")
    expect(page.get_by_text("Реєстраційний номер збережено.")).to_be_visible()
    judge(page, "registration", include=[[".vr-case"]])
    page.get_by_role("link", name="Картка особистого прийому").press("Enter")
    expect(page.get_by_role("heading", name="Картка особистого прийому")).to_be_visible()
    expect(page.get_by_text("К-17/2026")).to_be_visible()
    judge(page, "sheet-card")
    page.goto(f"{where}print/")
    expect(page.get_by_role("heading", name=f"Заявка № {held.number}")).to_be_visible()
    judge(page, "sheet-application")
