"""Every state of the page of a room: axe, narrow, text twice as large, what is said and in which order."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from tests.browser.world import START
from tests.harness.browser import axe
from tests.steps.in_room import Person, Reception, judge

MAX_BYTES = 120_000
"""What the page with the own engine may weigh on its way, compressed as any web server does."""
Arrive = Callable[..., Person]


def test_before__counts_down_until_the_room_opens(arrive: Arrive, reception: Reception) -> None:
    reception.world.at(START - timedelta(minutes=17))
    citizen = arrive("citizen")
    citizen.open()
    page = citizen.page
    expect(page.get_by_text("Кімната відкриється о 10:15. Залишилося: 2 хвилини.")).to_be_visible()
    expect(citizen.button("Увійти до кімнати")).to_be_hidden()
    expect(page.get_by_text("Коваленко Олена Петрівна, начальниця відділу")).to_be_visible()
    expect(
        page.get_by_text(
            "Звук і відео не записуємо. Повідомлення й файли: зникнуть після прийому", exact=True
        ).locator("visible=true")
    ).to_have_count(1)
    expect(page.locator("[data-part=own] video").first).to_be_visible()
    meter = page.get_by_role("meter")
    expect(meter).to_have_attribute("aria-valuetext", re.compile("тихо|добре|гучно"))
    judge(citizen)


def test_before__the_agency_keeps_messages(arrive: Arrive, reception: Reception) -> None:
    agency = reception.world.official.agency
    agency.keep_room_messages = True
    agency.save()
    citizen = arrive("citizen")
    citizen.open()
    expect(
        citizen.page.get_by_text(
            "Звук і відео не записуємо. Повідомлення й файли: зберігаються у справі", exact=True
        ).locator("visible=true")
    ).to_have_count(1)


def test_states__from_waiting_to_the_end(arrive: Arrive) -> None:
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    judge(official)
    citizen.enter()
    citizen.heading("Посадова особа скоро приєднається")
    citizen.stays_lit()
    expect(citizen.page.get_by_text("0 800 000 001").locator("visible=true")).to_have_count(1)
    judge(citizen)
    official.is_told("Чекає на дозвіл увійти")
    judge(official)
    official.press("Впустити")
    for person in (citizen, official):
        person.is_connected()
    official.page.get_by_label("Ви пишете").fill("Добрий день!")
    official.press("Завершити рядок")
    expect(citizen.page.get_by_role("log")).to_contain_text("Добрий день!")
    expect(citizen.page.get_by_text("З’єднання добре")).to_be_visible()
    citizen.press("Пристрої")
    judge(citizen)
    official.press("Завершити прийом")
    expect(official.button("Завершити для всіх")).to_be_visible()
    axe(official.page)
    official.press("Завершити для всіх")
    for person in (citizen, official):
        person.heading("Прийом завершено")
        judge(person)
    said = " ".join(citizen.announced())
    assert re.match(r"Вас впустили\. До розмови приєднується Коваленко Олена Петрівна\.", said), (
        "in the order in which it happened"
    )
    for words in ("Вас впустили.", "До розмови приєднується"):
        assert said.count(words) == 1, "each event once"


def _refuse(person: Person, act: str, status: int, code: str, message: str) -> None:
    """The portal answers an act like this from now on."""
    person.browsing.expect(f"{status} for")
    answer = {"error": {"code": code, "message": message}}
    person.page.route(f"**/{act}/", lambda route: route.fulfill(status=status, json=answer))


def test_refused__says_so_where_the_person_is_and_the_camera_stays_off(arrive: Arrive) -> None:
    citizen = arrive("citizen")
    citizen.enter()
    citizen.heading("Посадова особа скоро приєднається")
    citizen.press("Вийти з кімнати")
    citizen.heading("Ви вийшли з кімнати")
    _refuse(citizen, "enter", 409, "room_full", "У кімнаті немає вільного місця.")

    citizen.press("Повернутися до кімнати")

    alert = citizen.page.get_by_role("alert")
    expect(alert).to_have_text("У кімнаті немає вільного місця.")
    citizen.page.wait_for_function(
        "window.opened.every(({ readyState }) => readyState === 'ended')"
    )
    judge(citizen)
    citizen.page.unroute("**/enter/")
    citizen.press("Повернутися до кімнати")
    citizen.heading("Посадова особа скоро приєднається")
    expect(alert).to_have_count(0)


def test_moved__a_switch_back_that_fails_is_told_there(
    arrive: Arrive, reception: Reception, settings: Any
) -> None:
    conferences = settings.DIIA_VIDEORECEPTION["CONFERENCE"] | {
        "program": {"BACKEND": "integrations.conference.external.ExternalProgram"}
    }
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": conferences}
    agency = reception.world.official.agency
    agency.spare_conference = "program"
    agency.save(update_fields=["spare_conference"])
    official = arrive("official")
    official.enter()
    official.press("Перейти на інший відеозв’язок")
    official.heading("Прийом триває у програмі установи")
    _refuse(official, "switch", 503, "conference_down", "Відеосервер не відповідає.")

    official.press("Перейти на інший відеозв’язок")

    notice = official.page.get_by_text("Відеосервер не відповідає.").locator("visible=true")
    expect(notice.first).to_be_visible()
    judge(official)
    official.page.unroute("**/switch/")
    official.button("Перейти на інший відеозв’язок").first.click()
    official.heading("Прийом: Мельник Ірина Василівна")


def test_tree__names_what_there_is(arrive: Arrive) -> None:
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    citizen.enter()
    official.press("Впустити")
    citizen.is_connected()
    tree = citizen.page.locator("main").aria_snapshot()
    wanted = [
        'heading "Прийом: Коваленко Олена Петрівна" [level=1]',
        'group "Керування розмовою"',
        'button "Мікрофон увімкнено"',
        'button "Камера увімкнено"',
        'button "Вийти з кімнати"',
        'complementary "Текст і документи"',
        'heading "Текст під час розмови" [level=2]',
        'log "Текст під час розмови"',
        'textbox "Ви пишете"',
        'button "Завершити рядок"',
        'checkbox "Надсилати цілими рядками, а не літерами"',
        'heading "Документи" [level=2]',
    ]
    places = [tree.find(part) for part in wanted]
    assert -1 not in places, f"{wanted[places.index(-1)]} is missing in\n{tree}"
    assert places == sorted(places)


def test_weight__is_at_most_120_kilobytes(arrive: Arrive) -> None:
    citizen = arrive("citizen")
    sizes: dict[str, int] = {}
    citizen.page.on(
        "response",
        lambda answer: (
            sizes.update({answer.url: len(gzip.compress(answer.body()))}) if answer.ok else None
        ),
    )
    citizen.open()
    citizen.page.wait_for_load_state("networkidle")

    assert any(url.endswith("room/peer.js") for url in sizes)
    assert sum(sizes.values()) <= MAX_BYTES, sizes
