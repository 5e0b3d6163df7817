"""The head ends a consideration in a browser: the ground, the letter, the act."""

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Closing
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import START
from tests.steps.admin_screens import OURS, judge, member, signed_in
from tests.steps.closing import LAW, WHY

pytestmark = pytest.mark.usefixtures("known_day")


def test_a_repeated_application__is_closed_with_the_letter_seen(
    transactional_db: None, browsing: Browsing
) -> None:
    official = factories.OfficialFactory()
    AgencyModerator.objects.create(agency=official.agency, user=member("head"), is_head=True)
    asked = factories.ApplicationFactory(official=official, start=START)

    where = f"/admin/videoreception/applications/{asked.public_id}/"
    page = signed_in(browsing, "phone", "head", where)
    page.get_by_role("link", name="Припинити розгляд").press("Enter")
    expect(page.get_by_label("Номер попередньої справи")).to_be_visible()
    judge(page, "closing", **OURS)
    page.get_by_label("повторна заявка").check()
    page.get_by_label("Чому").fill(WHY)
    page.get_by_label("Правова підстава").fill(LAW)
    page.get_by_role("button", name="Переглянути, що прочитає заявник").press("Enter")
    expect(page.get_by_text("Зазначте номер справи, яку повторює ця заявка.")).to_be_visible()
    page.get_by_label("Номер попередньої справи").fill("08-12/777")
    page.get_by_role("button", name="Переглянути, що прочитає заявник").press("Enter")
    expect(page.get_by_text("Установа припинила розгляд Вашої заявки")).to_be_visible()
    judge(page, "closing-letter", **OURS)
    page.get_by_role("button", name="Припинити розгляд і надіслати лист").press("Enter")
    expect(page.get_by_text("повторна заявка: 08-12/777")).to_be_visible()
    judge(page, "closed", include=[[".vr-case"]])
    assert Closing.objects.get().earlier_number == "08-12/777"
