"""A question from both sides in a real browser: the moderator asks, the citizen answers by the letter, the case is decided."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from diia_videoreception.models import Application, Clarification, Letter
from diia_videoreception.services.letters.rendering import render_letter
from tests.harness.browser import Browsing, Device, axe
from tests.harness.clock import NOW
from tests.steps.admin_screens import OURS
from tests.steps.browser import file_of, fits, fits_each_width, tab_to
from tests.steps.people import sign_in_browser
from tests.steps.samples import png

QUESTION = "Хто ухвалив рішення? Додайте першу сторінку."
REPLY = "Рішення ухвалило управління району."


@pytest.fixture
def open_case(application: Application, moderator: Callable[..., Page]) -> Callable[[Device], Page]:
    """The page of the case in the admin, for the moderator."""

    def sign_in(device: Device) -> Page:
        page = moderator(device)
        page.get_by_role("link", name=application.number).click()
        expect(page.get_by_role("link", name="Запитати уточнення")).to_be_visible()
        return page

    return sign_in


def ask(page: Page) -> None:
    page.get_by_role("link", name="Запитати уточнення").click()
    expect(page.get_by_text("Поки чекаємо, час залишається за людиною.")).to_be_visible()
    fits(page)
    axe(page, **OURS)
    page.get_by_label("Що потрібно уточнити").fill(QUESTION)
    page.get_by_role("button", name="Переглянути").click()
    expect(page.get_by_text("Чекаємо відповіді до")).to_be_visible()
    fits(page)
    axe(page, **OURS)
    page.get_by_role("button", name="Запитати і надіслати лист").click()
    expect(page.get_by_text("Запитання надіслано. Заявник отримає лист.")).to_be_visible()
    # Wagtail's own message fades in, and is Wagtail's to judge.
    page.reload()
    expect(page.get_by_text("Запитання надіслано. Заявник отримає лист.")).to_have_count(0)
    expect(page.get_by_role("heading", name="Чекаємо уточнення")).to_be_visible()
    expect(page.get_by_role("link", name="Підтвердити…")).to_have_count(0)
    fits(page)
    axe(page, **OURS)


def by_letter() -> str:
    """The address to which the letter leads."""
    letter = Letter.objects.get(kind="clarification", copy_of=None)
    text = render_letter(letter, for_sending=True, now=NOW).text
    found = re.search(r"/videoreception/\S+#question", text)
    assert found is not None
    return found[0]


def test_a_question__is_asked_answered_with_a_document_and_decided(
    application: Application,
    open_case: Callable[[Device], Page],
    browsing: Browsing,
) -> None:
    staff = open_case("phone")
    ask(staff)

    page = browsing.open("phone")
    sign_in_browser(page, browsing.watch.origin, application.citizen)
    page.goto(by_letter())
    expect(page.get_by_role("heading", name="Установа просить уточнити")).to_be_visible()
    page.get_by_label("Ваша відповідь").fill(REPLY)
    page.locator("#files").set_input_files(
        [file_of(b"PK\x03\x04 Word", "Заява.docx"), file_of(png(), "Рішення.png")]
    )
    rows = page.get_by_role("list", name="Додані файли").get_by_role("listitem")
    expect(rows.filter(has_text="Заява.docx")).to_contain_text("не є png, jpg або pdf")
    expect(rows.filter(has_text="Рішення.png")).to_contain_text("готово")
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    expect(page.get_by_label("Ваша відповідь")).to_have_value(REPLY)
    fits_each_width(page)
    axe(page)
    page.get_by_role("button", name="Надіслати відповідь").click()
    expect(page.get_by_text("Надіслано. Установа розглядає заявку далі.")).to_be_visible()
    expect(page.get_by_role("heading", name="Запитання установи")).to_be_visible()
    fits_each_width(page)
    axe(page)

    # Back and a reload send nothing: the page shows what stands.
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="Запитання установи")).to_be_visible()
    expect(page.get_by_role("button", name="Надіслати відповідь")).to_have_count(0)

    staff.reload()
    expect(staff.get_by_text(REPLY)).to_be_visible()
    expect(staff.get_by_role("link", name="Рішення.png")).to_have_count(2)
    fits(staff)
    axe(staff, **OURS)
    staff.get_by_role("link", name="Підтвердити…").click()
    staff.get_by_role("button", name="Підтвердити і надіслати лист").click()
    expect(staff.get_by_text("Час підтверджено. Заявник отримає лист.")).to_be_visible()
    asked = Clarification.objects.get()
    assert (asked.outcome, asked.answer, asked.documents.count()) == ("answered", REPLY, 1)


def test_with_the_keyboard_alone__one_answers_and_takes_a_file_back(
    application: Application, open_case: Callable[[Device], Page], browsing: Browsing
) -> None:
    ask(open_case("desktop"))
    page = browsing.open("desktop")
    sign_in_browser(page, browsing.watch.origin, application.citizen)
    page.goto(by_letter())
    expect(page.get_by_role("heading", name="Установа просить уточнити")).to_be_visible()
    page.locator("#files").set_input_files(file_of(png(), "Рішення.png"))
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()

    tab_to(page, "[data-vr-remove='Рішення.png']")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Додано 0 з 10", exact=True)).to_be_visible()
    expect(page.locator("#files")).to_be_focused()

    page.get_by_label("Ваша відповідь").focus()
    page.keyboard.type(REPLY)
    tab_to(page, "form:has([name=reply]) > .vr-row > button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Надіслано. Установа розглядає заявку далі.")).to_be_visible()
    asked = Clarification.objects.get()
    assert (asked.outcome, asked.documents.count()) == ("answered", 0)


def test_without_a_script__files_and_words_are_sent_too(
    application: Application,
    open_case: Callable[[Device], Page],
    without_javascript: Page,
    browsing: Browsing,
) -> None:
    ask(open_case("desktop"))
    page = without_javascript
    sign_in_browser(page, browsing.watch.origin, application.citizen)
    page.goto(by_letter())
    page.get_by_label("Ваша відповідь").fill(REPLY)
    page.locator("#files").set_input_files(file_of(png(), "Рішення.png"))
    page.get_by_role("button", name="Додати вибрані файли").click()
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()
    expect(page.get_by_label("Ваша відповідь")).to_have_value(REPLY)

    page.get_by_role("button", name="Надіслати відповідь").click()

    expect(page.get_by_text("Надіслано. Установа розглядає заявку далі.")).to_be_visible()
    assert Clarification.objects.get().documents.count() == 1


def test_a_moderator__does_not_wait(
    application: Application, open_case: Callable[[Device], Page]
) -> None:
    page = open_case("phone")
    ask(page)

    page.get_by_role("link", name="Не чекати, прийняти рішення зараз").click()
    expect(page.get_by_role("button", name="Відкликати запитання і надіслати лист")).to_be_visible()
    fits(page)
    axe(page, **OURS)
    page.get_by_role("button", name="Відкликати запитання і надіслати лист").click()
    expect(page.get_by_text("Запитання відкликано. Заявник отримає лист.")).to_be_visible()
    expect(page.get_by_role("link", name="Підтвердити…")).to_be_visible()
    where = reverse("videoreception_applications:index") + "?asked=open"
    page.goto(where)
    expect(page.get_by_role("link", name=application.number)).to_have_count(0)
