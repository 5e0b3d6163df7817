"""Choosing and holding a time in a real browser (A-23 to A-36)."""

import json
import re
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.templatetags.static import static
from django.urls import reverse
from playwright.sync_api import Page, expect

from diia_videoreception.models import Occupancy, Official
from diia_videoreception.services.booking import holds
from tests.factories import (
    NOW,
    AgencyFactory,
    ApplicationFactory,
    CitizenFactory,
    OfficialFactory,
    ScheduleRuleFactory,
    UnitFactory,
    signed_in,
)
from tests.harness.browser import Browsing, axe
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.harness.kept import ROOT
from tests.steps.browser import fits, tab_to
from tests.steps.people import sign_in_browser

CHOOSE = "/videoreception/choose/"
CHOOSE_HER = re.compile("Вибрати час ?: Коваленко")
APPLICATION = re.compile("/videoreception/application/")


@pytest.fixture
def official(transactional_db: None, time_machine: Any) -> Official:
    """Receives on Tuesday and Thursday; 1 December 10:00 is taken."""
    time_machine.move_to(NOW, tick=True)
    agency = AgencyFactory(name="Міністерство соціальної політики")
    for name in ("Національна соціальна сервісна служба", "Державна служба зайнятості"):
        OfficialFactory(unit__agency=AgencyFactory(name=name))
    unit = UnitFactory(agency=agency, name="Відділ соціальної підтримки родин")
    official = OfficialFactory(unit=unit, last_name="Коваленко")
    OfficialFactory(unit=unit, last_name="Савчук", first_name="Андрій", patronymic="Ігорович")
    ScheduleRuleFactory(
        official=official, recurrence="FREQ=WEEKLY;BYDAY=TU,TH", starts=time(9), ends=time(12)
    )
    ApplicationFactory(official=official, start=datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    return official


def times_of(page: Page, day: str) -> Any:
    return page.get_by_role("group", name=day)


def test_the_keyboard_alone__holds_a_time(
    official: Official, browsing: Browsing, live_server: Any
) -> None:
    page = browsing.open("desktop")
    citizen = sign_in_browser(page, live_server.url)
    page.goto(CHOOSE)
    axe(page)

    tab_to(page, "#agency")
    page.keyboard.type("соціальної пол")
    expect(page.get_by_role("option")).to_have_text(["Міністерство соціальної політики"])
    axe(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Відомство")).to_have_value("Міністерство соціальної політики")
    expect(page.get_by_label("Савчук")).to_be_visible()
    expect(page.get_by_label("Відомство")).to_be_focused()

    tab_to(page, "[name=official]")
    page.keyboard.press("Space")
    expect(page.locator("[data-vr-nearest]")).to_have_text(
        "Найближчий вільний час: четвер, 26 листопада, 10:30 Вибрати час"
    )
    expect(page.locator("#announcement")).to_contain_text("Коваленко")
    expect(page.locator("[name=official]:checked")).to_be_focused()

    tab_to(page, "[data-vr-key=later]")
    page.keyboard.press("Enter")
    expect(page.locator("#week-label")).to_contain_text("30 листопада — 4 грудня 2026 року")
    # The focus stays near.
    page.wait_for_function("document.activeElement.closest('#week')")

    tab_to(page, "[name=time]")
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_contain_text("вівторок, 1 грудня 2026 року, 9:00")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#chosen")).to_contain_text("вівторок, 1 грудня 2026 року, 10:30")
    axe(page)

    tab_to(page, "#booking .vr-button")
    page.keyboard.press("Enter")
    expect(page).to_have_url(APPLICATION)
    expect(page.get_by_role("timer")).to_be_visible()
    hold = Occupancy.objects.get(kind="hold")
    assert hold.citizen == citizen
    assert hold.start == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)

    page.goto(f"{CHOOSE}?official={official.pk}")
    expect(page.get_by_text("Цей час зарезервовано за Вами")).to_be_visible()
    axe(page)


def test_a_phone__shows_one_thing_at_a_time_and_the_way_back_works(
    official: Official, browsing: Browsing, live_server: Any
) -> None:
    page = browsing.open("phone")
    citizen = sign_in_browser(page, live_server.url)
    page.goto(CHOOSE)
    tab_to(page, "#agency")
    page.keyboard.type("соціальної пол")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    heading = page.locator("#stage h2")
    expect(heading).to_have_text("Хто Вас прийме?")
    expect(page.get_by_label("Відомство")).to_be_hidden()
    axe(page)
    tab_to(page, ".vr-radio-card__link")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Коли Вам зручно?")
    expect(page.locator("#officials")).to_be_hidden()
    page.get_by_role("link", name="Пізніше").click()
    expect(page.locator("#week-label")).to_contain_text("30 листопада")
    assert page.evaluate("document.documentElement.scrollHeight") < 2500
    tab_to(page, "[name=time]")
    page.keyboard.press("Space")
    expect(page.locator("[name=time]:checked")).to_be_focused()
    tab_to(page, "[name=look]")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Усе правильно?")
    expect(page.locator("#chosen")).to_contain_text("вівторок, 1 грудня 2026 року, 9:00")
    axe(page)

    page.go_back()
    expect(heading).to_have_text("Коли Вам зручно?")
    page.go_back()
    expect(heading).to_have_text("Хто Вас прийме?")
    page.go_back()
    expect(heading).to_have_text("До якої установи Ви звертаєтеся?")
    for _ in range(3):
        page.go_forward()
    expect(heading).to_have_text("Усе правильно?")
    page.reload()
    page.get_by_role("button", name="Резервувати час").click()
    expect(page).to_have_url(APPLICATION)
    assert Occupancy.objects.get(kind="hold").citizen == citizen


def test_the_list__can_be_narrowed_to_who_is_free(
    official: Official, browsing: Browsing, live_server: Any
) -> None:
    page = browsing.open("desktop")
    page.goto(f"{CHOOSE}?agency={official.agency.pk}")
    expect(page.get_by_label("Савчук")).to_be_visible()
    page.get_by_label("лише ті, у кого є вільний час").check()
    expect(page.get_by_label("Савчук")).to_have_count(0)
    expect(page.get_by_label("Коваленко")).to_be_visible()
    expect(page.locator("#officials-list")).to_contain_text("Не показано: 1\u00a0особу")


def test_a_device_elsewhere__is_told_whose_clock_it_sees(
    official: Official, browsing: Browsing
) -> None:
    page = browsing.open("desktop", timezone_id="America/New_York")
    page.goto(f"{CHOOSE}?official={official.pk}")
    expect(page.get_by_text("Ваш пристрій показує час іншого часового поясу.")).to_be_visible()
    page.goto(CHOOSE)
    expect(page.get_by_text("Ваш пристрій показує час іншого часового поясу.")).to_be_hidden()


def test_a_reception__is_told_by_the_clock_of_a_device_elsewhere_too(
    official: Official, browsing: Browsing
) -> None:
    application = ApplicationFactory(official=official, start=START)
    case = reverse("diia_videoreception:case", args=[application.public_id])
    page = browsing.open("phone", timezone_id="America/New_York")
    sign_in_browser(page, browsing.watch.origin, application.citizen)
    page.goto(case)
    expect(page.get_by_text("1 грудня 2026 року, 10:30")).to_be_visible()
    own = page.get_by_text("за годинником цього пристрою: вівторок, 1 грудня")
    expect(own).to_contain_text("3:30")
    page.goto(reverse("diia_videoreception:cabinet"))
    expect(own).to_contain_text("3:30")
    fits(page)

    at_home = browsing.open("phone")
    sign_in_browser(at_home, browsing.watch.origin, application.citizen)
    at_home.goto(case)
    expect(at_home.get_by_text("1 грудня 2026 року, 10:30")).to_be_visible()
    expect(at_home.get_by_text("за годинником цього пристрою")).to_be_hidden()


def test_without_javascript__one_gets_as_far_as_the_proof(
    official: Official, without_javascript: Page, live_server: Any
) -> None:
    page = without_javascript
    sign_in_browser(page, live_server.url)
    page.goto(CHOOSE)
    page.get_by_label("Відомство").select_option("Міністерство соціальної політики")
    page.get_by_role("button", name="Показати").click()
    page.get_by_label("Спершу знайдіть підрозділ").fill("коваленко")
    page.get_by_role("button", name="Знайти").click()
    expect(page.get_by_text("Знайдено 1\u00a0особу.")).to_be_visible()
    page.get_by_role("link", name=CHOOSE_HER).click()
    page.get_by_role("link", name="Пізніше").click()
    expect(page.locator("#week-label")).to_contain_text("30 листопада")
    times_of(page, "Вівторок Ранок").get_by_label("10:30").check()
    page.get_by_role("button", name="Далі").click()
    page.get_by_role("button", name="Резервувати час").click()
    expect(page.get_by_role("alert")).to_contain_text("Підтвердьте")
    expect(page.locator("noscript p")).to_contain_text("увімкніть у браузері JavaScript")
    assert not Occupancy.objects.filter(kind="hold").exists()
    expect(page.locator("#chosen")).to_contain_text("10:30")


def test_a_time_taken_meanwhile__is_told_and_another_can_be_had(
    official: Official, browsing: Browsing, live_server: Any
) -> None:
    page = browsing.open("phone")
    citizen = sign_in_browser(page, live_server.url)
    page.goto(f"{CHOOSE}?official={official.pk}&week=2026-11-30")
    times_of(page, "Вівторок Ранок").get_by_label("10:30").check()
    page.get_by_role("button", name="Далі").click()
    expect(page.locator("#chosen")).to_contain_text("10:30")
    holds.reserve(
        actor=signed_in(CitizenFactory()),
        official_id=official.pk,
        start=datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        captcha=solved_captcha(),
        now=datetime.now(UTC),
    )
    page.get_by_role("button", name="Резервувати час").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Цей час щойно зайняли.")
    expect(summary).to_be_focused()
    expect(times_of(page, "Вівторок Ранок").get_by_label("10:30 — зайнято")).to_be_disabled()
    axe(page)
    times_of(page, "Вівторок Ранок").get_by_label("11:00").check()
    page.get_by_role("button", name="Далі").click()
    page.get_by_role("button", name="Резервувати час").dblclick()
    expect(page).to_have_url(APPLICATION)
    expect(page.get_by_role("timer")).to_be_visible()
    assert Occupancy.objects.filter(kind="hold", citizen=citizen).count() == 1

    page.go_back()
    expect(page.get_by_text("Цей час зарезервовано за Вами")).to_be_visible()
    page.get_by_role("button", name="Скасувати резерв").click()
    expect(page.get_by_role("button", name="Далі")).to_be_visible()
    expect(page.get_by_text("зарезервовано за Вами")).to_have_count(0)
    assert not Occupancy.objects.filter(kind="hold", citizen=citizen).exists()


def test_a_guest__looks_around_and_finds_the_choice_again(
    official: Official, phone: Page, live_server: Any
) -> None:
    phone.goto(f"{CHOOSE}?agency={official.agency.pk}")
    phone.get_by_label("Спершу знайдіть підрозділ").fill("немає такого")
    expect(phone.locator("#officials-list")).to_contain_text(
        "За запитом «немає такого» нікого не знайдено."
    )
    expect(phone.locator("#announcement")).to_contain_text("нікого не знайдено")
    axe(phone)
    phone.get_by_role("link", name="Показати всіх").click()
    phone.get_by_role("link", name=CHOOSE_HER).click()
    phone.get_by_role("link", name="Вибрати 10:30").click()
    expect(phone.locator("#chosen")).to_contain_text("четвер, 26 листопада 2026 року, 10:30")
    phone.get_by_role("button", name="Резервувати час").click()
    expect(phone.get_by_role("heading", name="Як Ви хочете увійти?")).to_be_visible()
    axe(phone)
    sign_in_browser(phone, live_server.url)
    phone.reload()
    expect(phone.locator("#chosen")).to_contain_text("четвер, 26 листопада 2026 року, 10:30")


def test_another_time_zone__is_pointed_out(official: Official, browsing: Browsing) -> None:
    page = browsing.open("desktop")
    page.goto(f"{CHOOSE}?official={official.pk}")
    note = page.get_by_text("На Вашому пристрої інший часовий пояс.")
    expect(note).to_be_hidden()
    agency = official.agency
    agency.time_zone = "Europe/Lisbon"
    agency.save()
    page.reload()
    expect(note).to_be_visible()
    expect(page.get_by_text("часовий пояс Europe/Lisbon", exact=True)).to_be_visible()


def test_the_page__fits_a_narrow_screen_and_large_text(
    official: Official, browsing: Browsing
) -> None:
    page = browsing.open("phone", viewport={"width": 320, "height": 640})
    for address in (CHOOSE, f"{CHOOSE}?official={official.pk}&week=2026-11-30"):
        page.goto(address)
        fits(page)


def test_the_browser__folds_as_the_server_does(
    official: Official, browsing: Browsing, live_server: Any
) -> None:
    page = browsing.open("desktop")
    page.goto(CHOOSE)
    vectors = json.loads((ROOT / "tests/data/folding.json").read_text("utf-8"))
    folded = page.evaluate(
        """async ([module, texts]) => {
          const { fold } = await import(module);
          return texts.map(fold);
        }""",
        [static("diia_videoreception/js/folding.js"), [typed for typed, _ in vectors]],
    )
    assert folded == [expected for _, expected in vectors]


@pytest.mark.parametrize("typed", ["політики міністерство", "МІНІСТЕРСТВО  соц", "соц, пол"])
def test_an_agency__is_found_by_words_in_any_order(
    official: Official, browsing: Browsing, live_server: Any, typed: str
) -> None:
    page = browsing.open("desktop")
    page.goto(CHOOSE)
    page.get_by_label("Відомство").fill(typed)
    expect(page.get_by_role("option")).to_have_text(["Міністерство соціальної політики"])


def test_who_finds_no_agency__gets_the_list_and_a_phone(
    official: Official, browsing: Browsing, live_server: Any, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"SUPPORT_PHONE": "0 800 000 000"}
    page = browsing.open("desktop")
    page.goto(CHOOSE)
    page.get_by_label("Відомство").fill("Пенсійний фонд")
    expect(page.get_by_role("link", name="0 800 000 000")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Показати весь перелік").click()
    expect(page.get_by_role("option")).to_have_count(3)
