"""What goes wrong with devices and lines: it comes back by itself, or one sentence names the button."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.world import START
from tests.harness.browser import axe
from tests.steps.in_room import Person, Reception

Arrive = Callable[..., Person]
Both = tuple[Person, Person]
# A browser whose channels never open: letters have to go by the server.
NO_CHANNEL = """
Object.defineProperty(RTCDataChannel.prototype, "readyState", { get: () => "connecting" });
"""


def meet(arrive: Arrive, **options: Any) -> Both:
    citizen, official = arrive("citizen", **options), arrive("official", **options)
    official.enter()
    citizen.enter()
    official.press("Впустити")
    for person in (citizen, official):
        person.is_connected()
    return citizen, official


@pytest.fixture
def both(arrive: Arrive) -> Both:
    return meet(arrive)


def newest(person: Person, kind: str, act: str) -> None:
    """Lets something happen to the newest track of a kind, as the system would."""
    person.page.evaluate(
        f"(kind) => {{ const track = window.opened.findLast((one) => one.kind === kind); {act} }}",
        kind,
    )


def troubles(person: Person) -> Locator:
    return person.page.locator("[data-part=troubles]").locator("visible=true")


def test_ended__another_device_takes_over(both: Both) -> None:
    citizen, official = both
    newest(citizen, "audio", "track.stop(); track.dispatchEvent(new Event('ended'));")
    official.hears_a_tone()
    newest(citizen, "video", "track.stop(); track.dispatchEvent(new Event('ended'));")
    official.sees_frames_advance()
    expect(citizen.page.locator("[data-part=troubles] > *")).to_have_count(0)


def test_taken__it_is_said_and_comes_back_by_itself(both: Both) -> None:
    citizen, _ = both
    muted = "Object.defineProperty(track, 'muted', {{ value: {}, configurable: true }});"
    newest(citizen, "audio", muted.format("true") + "track.dispatchEvent(new Event('mute'));")
    expect(troubles(citizen)).to_contain_text("Мікрофон забрав дзвінок або інша програма.")
    citizen.is_told("Мікрофон забрав дзвінок або інша програма.")

    newest(citizen, "audio", muted.format("false") + "track.dispatchEvent(new Event('unmute'));")

    expect(troubles(citizen)).to_have_count(0)


def test_silence__names_the_button_that_helps(both: Both) -> None:
    citizen, official = both
    # What a telephone does when a call takes the microphone: zeros, and no word of it.
    newest(
        citizen,
        "audio",
        """const read = AnalyserNode.prototype.getFloatTimeDomainData;
        const taken = window.opened.length;
        AnalyserNode.prototype.getFloatTimeDomainData = function (samples) {
          window.opened.length === taken ? samples.fill(0) : read.call(this, samples);
        };""",
    )
    expect(troubles(citizen)).to_contain_text("Мікрофон не дає звуку")

    citizen.press("Увімкнути мікрофон знову")

    expect(troubles(citizen)).to_have_count(0)
    official.hears_a_tone()


def test_no_devices__one_may_come_in_all_the_same(arrive: Arrive) -> None:
    citizen = arrive(
        "citizen",
        script="navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('', 'NotReadableError'); };",
    )
    official = arrive("official")
    official.enter()
    citizen.enter()
    expect(troubles(citizen)).to_contain_text("Камера. Пристрій використовує інша програма.")
    official.press("Впустити")

    citizen.is_connected()
    citizen.sees_frames_advance()
    dark = official.page.locator(".vr-tile [data-part=dark]")
    expect(dark).to_have_text("Мельник Ірина Василівна: камеру вимкнено")
    expect(dark).to_be_visible()


def test_text__goes_by_the_server_once_a_second_and_the_page_says_so(arrive: Arrive) -> None:
    citizen, official = meet(arrive, script=NO_CHANNEL)
    expect(citizen.page.locator("#room-text-hint")).to_contain_text("раз на секунду")

    citizen.page.get_by_label("Ви пишете").press_sequentially("Добрий день, Олено Петрівно")

    live = official.page.locator(".is-live")
    expect(live).to_contain_text("Добрий день, Олено Петрівно")
    citizen.press("Завершити рядок")
    expect(official.page.get_by_role("log")).to_contain_text("Добрий день, Олено Петрівно")
    expect(live).to_have_count(0)


def test_portal_unreachable__it_is_said_once_and_the_call_goes_on(both: Both) -> None:
    citizen, official = both
    citizen.browsing.expect("ERR_INTERNET_DISCONNECTED")
    citizen.page.context.set_offline(True)
    citizen.page.evaluate("dispatchEvent(new Event('online'))")
    citizen.is_told("Немає зв’язку з порталом.")
    official.sees_frames_advance()

    citizen.page.context.set_offline(False)

    citizen.is_told("Зв’язок із порталом відновлено.")
    assert sum("Немає зв’язку з порталом." in said for said in citizen.announced()) == 1


def test_end_near__both_are_warned_once(arrive: Arrive, reception: Reception) -> None:
    reception.world.at(START + timedelta(minutes=10))
    both = meet(arrive)
    reception.world.at(START + timedelta(minutes=26))
    for person in both:
        # The next answer of the portal tells its time.
        person.page.evaluate("dispatchEvent(new Event('online'))")
        person.is_told("До кінця прийому: 4 хвилини.")
        expect(person.page.locator("[data-part=ending]")).to_contain_text("не обірветься сама.")
        person.page.wait_for_timeout(2500)
        assert sum("До кінця прийому" in said for said in person.announced()) == 1


def test_weak_line__the_sound_goes_on_alone_and_the_picture_comes_back(both: Both) -> None:
    citizen, official = both
    citizen.page.evaluate(
        """() => {
          const real = RTCPeerConnection.prototype.getStats;
          let lost = 0;
          window.isWeak = true;
          RTCPeerConnection.prototype.getStats = async function () {
            const pair = { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.2 };
            lost += window.isWeak ? 50 : 0;
            const inbound = { type: "inbound-rtp", packetsLost: lost, packetsReceived: lost };
            return new Map([["pair", pair], ["inbound", inbound]]);
          };
        }"""
    )
    citizen.is_told("передаємо лише звук")
    notice = citizen.page.get_by_role("heading", name="Слабкий інтернет")
    expect(notice).to_be_visible()
    expect(citizen.page.get_by_text("З’єднання дуже слабке")).to_be_visible()
    official.hears_a_tone()
    official.stands_still()

    citizen.page.evaluate("window.isWeak = false")

    expect(notice).to_be_hidden()
    official.sees_frames_advance()
    assert sum("передаємо лише звук" in said for said in citizen.announced()) == 1


def test_no_calls__the_page_says_why_and_names_the_telephone(arrive: Arrive) -> None:
    citizen = arrive("citizen", script="delete window.RTCPeerConnection;")
    citizen.open()
    citizen.heading("Цей браузер не може вести відеорозмову")
    expect(citizen.page.get_by_text("Цей браузер застарів.")).to_be_visible()
    expect(citizen.page.get_by_text("0 800 000 001").locator("visible=true")).to_have_count(1)
    axe(citizen.page)


def test_permission__is_asked_for_when_the_person_presses(arrive: Arrive) -> None:
    citizen = arrive("citizen", permissions=[])
    citizen.open()
    expect(citizen.button("Увійти до кімнати")).to_be_visible()
    assert citizen.page.evaluate("window.opened.length") == 0

    citizen.press("Увімкнути камеру і мікрофон")

    expect(citizen.button("Камера увімкнено")).to_be_visible()
    citizen.has_open(2)


def test_lost__the_words_are_covered_by_nothing_on_a_phone(both: Both) -> None:
    citizen, official = both
    citizen.page.set_viewport_size({"width": 360, "height": 740})
    official.page.goto("about:blank")
    words = citizen.page.locator(".vr-tile [data-part=veil] p")
    expect(words.first).to_be_visible()
    words.first.scroll_into_view_if_needed()
    covered = words.evaluate_all(
        """(all) => all.filter((one) => {
          const { left, top, width, height } = one.getBoundingClientRect();
          const found = document.elementFromPoint(left + width - 4, top + height / 2);
          return !one.parentElement.contains(found);
        }).map((one) => one.textContent)"""
    )
    assert covered == []
    expect(citizen.page.locator("[data-part=speaks]").first).to_be_hidden()
