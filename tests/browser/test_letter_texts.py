"""A head puts a letter into own words: a mistake, the preview, the saved text; by screen and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, LetterText
from tests import factories
from tests.harness.browser import Browsing
from tests.steps.admin_screens import OURS, judge, member, signed_in

pytestmark = pytest.mark.usefixtures("known_day")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_head__writes_a_letter(transactional_db: None, browsing: Browsing, device: str) -> None:
    official = factories.OfficialFactory()
    AgencyModerator.objects.create(agency=official.agency, user=member("head"), is_head=True)
    page = signed_in(browsing, device, "head", "/admin/videoreception/letter_texts/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Тексти листів")
    judge(page, "letters", **OURS)
    page.get_by_role("link", name=re.compile("Заявку відхилено.*українська", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=2, name="Змінні")).to_be_visible()
    expect(page.get_by_text("Питання не належить до повноважень установи.")).to_be_visible()
    judge(page, "letter", **OURS)

    text = page.get_by_label("Текст листа")
    sound = text.input_value()
    text.fill(f"Нам шкода, {{комуу}}.\n\n{sound}")
    page.get_by_role("button", name="Зберегти нову версію").click()
    expect(page.get_by_text("Рядок 1: Змінної {комуу} немає.")).to_be_visible()
    judge(page, "letter-error", **OURS)

    text.fill(f"Нам шкода, {{кому}}.\n\n{sound}")
    page.get_by_role("button", name="Показати, як побачить людина").press("Enter")
    expect(page.get_by_text("Нам шкода, Мельник Ірина.")).to_be_visible()
    assert not LetterText.objects.exists()
    page.get_by_role("button", name="Зберегти нову версію").click()
    expect(page.get_by_text("чинна", exact=True)).to_be_visible()
    judge(page, "letter-saved", include=[[".vr-case"]])
    assert LetterText.objects.get().text.startswith("Нам шкода, {кому}.")
