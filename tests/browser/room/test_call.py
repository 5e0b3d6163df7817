"""A reception in two browsers: the two meet, see and hear each other, write, go and come back."""

import re
import statistics
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.steps.in_room import Person

Both = tuple[Person, Person]
TEXT = "Добрий день! Їжак’s п’єса, ґанок."


@pytest.fixture
def both(arrive: Callable[..., Person]) -> Both:
    """A citizen and an official in the call, connected."""
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    citizen.enter()
    citizen.heading("Посадова особа скоро приєднається")
    official.press("Впустити")
    citizen.heading("Прийом: Коваленко Олена Петрівна")
    for person in (citizen, official):
        person.is_connected()
    return citizen, official


def test_call__both_see_frames_advance_and_hear_a_tone(both: Both) -> None:
    for person in both:
        person.sees_frames_advance()
        person.hears_a_tone()


@pytest.mark.alone
def test_text__each_letter_arrives_within_half_a_second(both: Both) -> None:
    citizen, official = both
    official.page.evaluate(
        """() => {
          window.seen = [];
          const live = document.querySelector("[data-part=live]");
          new MutationObserver(() => window.seen.push([live.textContent, Date.now()]))
            .observe(live, { childList: true, subtree: true, characterData: true });
        }"""
    )
    typed: list[int] = []
    for letter in TEXT:
        citizen.page.get_by_label("Ви пишете").press_sequentially(letter)
        typed.append(citizen.page.evaluate("Date.now()"))
    expect(official.page.locator(".is-live")).to_contain_text(TEXT)
    expect(official.page.locator(".is-live")).to_contain_text("Мельник Ірина Василівна пише")
    seen = official.page.evaluate("window.seen")
    delays = [
        next(at for text, at in seen if text.endswith(TEXT[:length])) - moment
        for length, moment in enumerate(typed, 1)
    ]
    # One letter may meet with a busy machine; most of them must not.
    assert statistics.median(delays) < 500, delays

    citizen.press("Завершити рядок")

    line = official.page.get_by_role("log").locator(".vr-rtt__line")
    expect(line).to_have_text(re.compile(rf"Мельник Ірина Василівна, 10:2\d{re.escape(TEXT)}"))
    expect(official.page.locator(".is-live")).to_have_count(0)
    own = citizen.page.get_by_role("log").locator(".vr-rtt__line")
    expect(own).to_contain_text("Ви, 10:2")
    expect(citizen.page.get_by_label("Ви пишете")).to_have_value("")


def test_text__whole_lines_show_no_letters_before(both: Both) -> None:
    citizen, official = both
    citizen.page.get_by_label("Надсилати цілими рядками").check()
    expect(citizen.page.locator("#room-text-hint")).to_contain_text("коли Ви його завершите")
    citizen.page.get_by_label("Ви пишете").press_sequentially("Цілий рядок")
    citizen.page.get_by_label("Ви пишете").press("Enter")

    expect(official.page.get_by_role("log")).to_contain_text("Цілий рядок")
    assert "пише" not in " ".join(official.announced())
    expect(official.page.locator(".is-live")).to_have_count(0)


def come_back(page: Page) -> None:
    page.reload()


@pytest.mark.parametrize("who", [0, 1], ids=["citizen", "official"])
def test_reload__the_call_goes_on_by_itself(both: Both, who: int) -> None:
    both[who].page.get_by_label("Ви пишете").fill("До перезавантаження")
    both[who].press("Завершити рядок")
    expect(both[1 - who].page.get_by_role("log")).to_contain_text("До перезавантаження")

    come_back(both[who].page)

    for person in both:
        person.is_connected()
        person.sees_frames_advance()
        person.hears_a_tone()
        expect(person.page.get_by_role("log")).to_contain_text("До перезавантаження")


def test_controls__what_is_switched_off_is_said_to_the_other_once(both: Both) -> None:
    citizen, official = both
    citizen.press("Мікрофон увімкнено")
    expect(citizen.button("Мікрофон вимкнено")).to_be_visible()
    official.is_told("Мельник Ірина Василівна: мікрофон вимкнено.")
    official.hears_nothing()

    citizen.press("Камера увімкнено")
    dark = official.page.locator(".vr-tile [data-part=dark]")
    expect(dark).to_have_text("Мельник Ірина Василівна: камеру вимкнено")
    expect(dark).to_be_visible()

    citizen.press("Мікрофон вимкнено")
    citizen.press("Камера вимкнено")
    expect(dark).to_be_hidden()
    official.sees_frames_advance()
    official.hears_a_tone()
    assert official.announced().count("Мельник Ірина Василівна: мікрофон вимкнено.") == 1


def test_shortcuts__work_unless_one_writes_or_has_switched_them_off(both: Both) -> None:
    citizen, _ = both
    page = citizen.page
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("m")
    expect(citizen.button("Мікрофон вимкнено")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_label("Ви пишете")).to_be_focused()
    page.keyboard.type("mv")
    expect(page.get_by_label("Ви пишете")).to_have_value("mv")
    expect(citizen.button("Мікрофон вимкнено")).to_be_visible()

    citizen.press("Пристрої")
    page.get_by_label("Клавіші під час розмови").uncheck()
    citizen.press("Закрити")
    expect(page.locator("[data-part=devices]")).to_be_hidden()
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("m")
    page.keyboard.press("v")
    expect(citizen.button("Мікрофон вимкнено")).to_be_visible()
    expect(citizen.button("Камера увімкнено")).to_be_visible()


def test_leaving__one_may_return_until_the_official_ends_it(both: Both) -> None:
    citizen, official = both
    citizen.press("Вийти з кімнати")
    citizen.heading("Ви вийшли з кімнати")
    official.is_told("З розмови виходить Мельник Ірина Василівна.")
    expect(official.page.get_by_text("Заявник ще не прийшов.")).to_be_visible()

    citizen.press("Повернутися до кімнати")
    for person in both:
        person.is_connected()

    official.press("Завершити прийом")
    official.press("Завершити для всіх")
    for person in both:
        person.heading("Прийом завершено")
        person.has_open(0)
    expect(citizen.page.get_by_text("Якщо посадова особа її напише")).to_be_visible()


def test_second_window__the_newer_takes_over_and_the_older_says_so(both: Both) -> None:
    citizen, official = both
    older = citizen.page
    citizen.page = older.context.new_page()
    citizen.enter()

    citizen.is_connected()
    expect(older.get_by_role("heading", level=1)).to_have_text("Кімнату відкрито в іншому вікні")
    official.is_connected()
    official.sees_frames_advance()


def test_waiting__the_official_writes_and_need_not_let_in(arrive: Callable[..., Person]) -> None:
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    official.page.evaluate("document.hasFocus = () => false")
    official.page.get_by_label("Повідомлення для тих, хто чекає").fill("Буду за п’ять хвилин.")
    official.press("Показати повідомлення")
    citizen.enter()
    official.is_told("Чекає на дозвіл увійти: Мельник Ірина Василівна")
    expect(official.page).to_have_title(re.compile(r"^\(1\) До Вас прийшли — "))
    expect(citizen.page.get_by_text("Буду за п’ять хвилин.")).to_be_visible()
    expect(citizen.page.locator(".vr-tile")).to_have_count(0)

    official.press("Не впускати")

    citizen.heading("Вас не впустили")
    citizen.has_open(0)
    expect(official.page.locator(".vr-tile")).to_have_count(0)


def test_signing__is_shown_large_and_said_once(both: Both) -> None:
    citizen, official = both
    citizen.press("Показую жестами ні")

    official.is_told("Мельник Ірина Василівна показує жестами.")
    tile = official.page.locator(".vr-tile")
    expect(tile).to_contain_text(", показує жестами")
    expect(tile).to_have_class(re.compile("is-signing"))
    citizen.hints_at("motion")

    citizen.press("Показую жестами так")

    expect(tile).not_to_have_class(re.compile("is-signing"))
    citizen.hints_at("")


def test_text__of_others_is_text_and_nothing_else(both: Both) -> None:
    citizen, official = both
    markup = "<img src=x onerror=alert(1)><b>Жирно</b>"
    official.page.get_by_label("Ви пишете").press_sequentially(markup)
    expect(citizen.page.locator(".is-live")).to_contain_text(markup)
    official.press("Завершити рядок")
    expect(citizen.page.get_by_role("log")).to_contain_text(markup)
    assert citizen.page.locator("#text img, #text b").count() == 0


OFFER = """async () => {
  const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  pc.createDataChannel("room", { negotiated: true, id: 1 });
  ["audio", "video"].forEach((kind) => pc.addTransceiver(kind));
  return { type: "offer", sdp: (await pc.createOffer()).sdp };
}"""


def test_signals__of_an_earlier_call_disturb_nobody(both: Both) -> None:
    citizen, official = both
    offer = citizen.page.evaluate(OFFER)
    played: list[int] = []

    def play_again(route: Route) -> None:
        # As if the page knew nothing: then the answer says everything, however little is new.
        headers = {**route.request.headers, "if-none-match": ""}
        answer = route.fetch(headers=headers)
        news = answer.json()
        for one in news["participants"]:
            if one["role"] == "citizen" and not played:
                old = {"from": one["id"], "session": one["session"] - 1, "sequence": 1}
                news["signals"].append(old | {"kind": "description", "payload": offer})
                played.append(1)
        route.fulfill(response=answer, json=news)

    official.page.route("**/poll/", play_again)
    with official.page.expect_response(lambda _: bool(played)):
        official.page.evaluate("dispatchEvent(new Event('online'))")
    official.page.unroute_all(behavior="wait")
    # What it could do it would do soon.
    official.page.wait_for_timeout(4000)

    for person in both:
        person.is_connected()
        person.sees_frames_advance()
        assert not any("перервано" in said for said in person.announced())
