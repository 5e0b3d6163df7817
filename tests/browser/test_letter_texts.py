"""A head puts a letter into own words: a mistake, the preview, the saved text; by screen and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, LetterText
from tests import factories
from tests.harness.browser import Browsing
from tests.steps.admin_screens import OURS, judge, member, signed_in

pytestmark = pytest.mark.usefixtures("known_day")


def test_a_head__writes_a_letter(transactional_db: None, browsing: Browsing) -> None:
    official = factories.OfficialFactory()
    AgencyModerator.objects.create(agency=official.agency, user=member("head"), is_head=True)
    page = signed_in(browsing, "desktop", "head", "/admin/videoreception/letter_texts/")
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

    sms = page.get_by_label("SMS", exact=True)
    expect(page.get_by_text(re.compile(r"із 70 символів|із 160 символів"))).to_be_hidden()
    sms.fill("Заявку на прийом  відхилено.")
    sms.evaluate("field => field.setSelectionRange(17, 17)")
    page.locator("[data-vr-into=id_sms]").get_by_text("{час_прийому}").locator("..").press("Enter")
    expect(sms).to_have_value("Заявку на прийом {час_прийому} відхилено.")
    expect(sms).to_be_focused()
    expect(page.get_by_text("Вставлено: {час_прийому}")).to_be_attached()
    expect(page.get_by_text("З найдовшою датою: 48 із 70 символів.")).to_be_visible()
    page.get_by_label("Текст листа").press("Control+Home")
    page.get_by_role("button", name="Вставити {посада}").click()
    expect(page.get_by_label("Текст листа")).to_have_value(re.compile(r"^\{посада\}Нам шкода"))
    judge(page, "letter-sms", **OURS)
    page.get_by_role("button", name="Зберегти нову версію").click()
    expect(page.get_by_role("listitem").filter(has_text="чинна")).to_have_count(1)
    expect(page.get_by_role("link", name=re.compile("Показати й повернути"))).to_have_count(2)

    page.get_by_role("link", name="Порівняти версії").click()
    expect(page.get_by_text("Вилучено: Нам шкода, {кому}.")).to_be_visible()
    judge(page, "letter-versions", **OURS)
    page.get_by_role("button", name="Повернути версію 1").click()
    expect(page.get_by_text("Знову версія 1")).to_be_visible()
    assert LetterText.objects.count() == 3
