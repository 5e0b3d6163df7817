"""The way from the service page to the number with the keys alone (A-20 to A-50; WCAG 2.1.1)."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from cms_pages.models import ServicePage
from diia_videoreception.models import Application, Occupancy
from tests.factories import CitizenFactory
from tests.harness.browser import Browsing
from tests.steps.browser import AGENCY
from tests.steps.people import sign_in_browser
from tests.steps.samples import png

TOPIC = "Прошу роз’яснити, чому припинили компенсацію за догляд."
MAX_TABS = 60
"""How often Tab is pressed before a control counts as out of reach."""

IS_SEEN = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const covers = document.elementFromPoint(box.x + box.width / 2, box.bottom - 1);
  const timer = covers?.closest("[data-vr-timer]");
  return box.bottom > 0 && box.top < innerHeight && (!timer || timer.contains(element));
}"""
IS_MARKED = """() => {
  const element = document.activeElement;
  return [element, element.nextElementSibling].some(
    (one) => one && getComputedStyle(one).outlineStyle !== "none",
  );
}"""


def focused(page: Page) -> str:
    """Role and name of what has the focus, for example `button "Продовжити"`; empty for nothing."""
    if page.evaluate("document.activeElement === document.body"):
        return ""
    snapshot = page.locator("*:focus").aria_snapshot()
    return snapshot.splitlines()[0].removeprefix("- ") if snapshot else ""


def tab_to(page: Page, wanted: str, *, key: str = "Tab") -> None:
    """Presses Tab (or Shift+Tab) until the control has the focus, seen and marked at every stop.

    Args:
        wanted: the beginning of role and name, as `focused` gives them.
    """
    passed = []
    page.wait_for_load_state()
    for _ in range(MAX_TABS):
        page.keyboard.press(key)
        stop = focused(page)
        passed.append(stop)
        if not stop:
            continue
        assert page.evaluate(IS_SEEN), f"{stop} has the focus but cannot be seen (WCAG 2.4.11)"
        assert page.evaluate(IS_MARKED), f"{stop} does not show its focus (WCAG 2.4.7)"
        # A name with a colon is given in quotes.
        if stop.lstrip("'").startswith(wanted):
            return
    raise AssertionError(f"{key} does not reach {wanted} but:\n" + "\n".join(passed))


def test_keyboard__leads_from_the_service_page_to_the_number(
    browsing: Browsing, service_page: ServicePage
) -> None:
    page = browsing.open("desktop")
    # From now on the browser hands over its dialog for files, instead of from the moment of a wait.
    page.on("filechooser", lambda chooser: None)
    citizen = CitizenFactory(phone="")
    sign_in_browser(page, browsing.watch.origin, citizen, consent=False)
    page.goto(service_page.url)

    agree_to_the_terms(page)
    choose_a_time(page)
    describe_the_question(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Перевірте заявку перед поданням")
    change_the_phone(page)
    tab_to(page, 'button "Подати заявку на прийом"')
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Заявку подано")
    application = Application.objects.get()
    expect(page.get_by_text(application.number)).to_be_visible()
    assert application.citizen == citizen
    assert application.start == datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    assert application.topic == f"{TOPIC} Дякую."
    assert application.phone == "+380671234568"
    assert application.documents.get().name == "Довідка.png"
    tab_to(page, 'link "Переглянути заявку"')


def agree_to_the_terms(page: Page) -> None:
    tab_to(page, 'button "Записатися на прийом"')
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    tab_to(page, 'link "Позначте, що погоджуєтеся')
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox")).to_be_checked()
    tab_to(page, 'button "Записатися на прийом"')
    page.keyboard.press("Space")


def choose_a_time(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Виберіть посадову особу і час")
    tab_to(page, 'combobox "Відомство"')
    page.keyboard.type("соціальної")
    expect(page.get_by_role("option")).to_have_text([AGENCY])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio")).to_be_visible()

    tab_to(page, 'radio "Коваленко')
    page.keyboard.press("Space")
    expect(page.locator("#week-label")).to_be_visible()
    tab_to(page, 'link "Пізніше')
    page.keyboard.press("Enter")
    expect(page.locator("#week-label")).to_contain_text("30 листопада")
    tab_to(page, 'radio "9:00"')
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#chosen")).to_contain_text("понеділок, 30 листопада 2026 року, 9:30")
    tab_to(page, 'button "Резервувати час"')
    page.keyboard.press("Enter")
    expect(page.get_by_role("timer")).to_be_visible()
    assert Occupancy.objects.get().kind == "hold"


def describe_the_question(page: Page) -> None:
    tab_to(page, 'textbox "Короткий зміст питання"')
    page.keyboard.type(TOPIC)
    tab_to(page, 'textbox "Контактний телефон"')
    page.keyboard.type("067 123 45 67")
    tab_to(page, 'checkbox "Зі мною буде помічник')
    page.keyboard.press("Space")
    expect(page.get_by_label("Хто буде з Вами")).to_be_visible()
    tab_to(page, 'textbox "Хто буде з Вами')
    page.keyboard.type("Мельник Олег, син")
    tab_to(page, "text: Додаткова інформація")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Додано 0 з 10", exact=True)).to_be_visible()
    tab_to(page, 'button "Вибрати файли"')
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "Довідка.png", "mimeType": "image/png", "buffer": png()})
    expect(page.get_by_text("Додано 1 з 10", exact=True)).to_be_visible()

    tab_to(page, 'textbox "Короткий зміст питання"', key="Shift+Tab")
    # Wherever the browser puts the caret, this leads to the end.
    for _ in TOPIC:
        page.keyboard.press("ArrowRight")
    page.keyboard.type(" Дякую.")
    tab_to(page, 'button "Продовжити"')
    page.keyboard.press("Enter")


def change_the_phone(page: Page) -> None:
    """Goes back from the check page to one answer and on again."""
    tab_to(page, 'link "Змінити контактний телефон"')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Опишіть питання")
    expect(page.get_by_label("Контактний телефон")).to_be_focused()
    # Coming back to a field selects what is in it.
    page.keyboard.press("Shift+Tab")
    tab_to(page, 'textbox "Контактний телефон"')
    page.keyboard.type("067 123 45 68")
    tab_to(page, 'button "Продовжити"')
    page.keyboard.press("Enter")
    expect(page.get_by_text("+380 67 123 45 68")).to_be_visible()
