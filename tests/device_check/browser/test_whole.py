"""C15 from the beginning to the stored result: by keyboard alone, on a phone, through a relay."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from device_check.models import CheckRun
from device_check.vocabulary import Step
from tests.device_check.browser import fakes
from tests.device_check.browser.fakes import FAKE_DEVICES, FAKE_PROMPT
from tests.device_check.browser.person import Person, stored
from tests.device_check.browser.relay import SECRET, Relay, coturn, free_port, poor_network
from tests.harness.browser import axe
from tests.steps.browser import fits

Somebody = Callable[..., Person]
Configure = Callable[..., None]
pytestmark = pytest.mark.usefixtures("transactional_db")

MAX_BYTES = 60 * 1024
TARGETS = """
[...document.querySelectorAll("button, select, summary, .vr-choice, a.vr-button, a.vr-back")]
  .filter((one) => one.getClientRects().length)
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect().height])
  .filter(([, height]) => height < 44)
"""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with coturn(tmp_path_factory.mktemp("relay")) as running:
        yield running


def is_fine(person: Person) -> None:
    """Nothing sticks out sideways or is too small to be pressed, and axe has no complaint."""
    page = person.page
    fits(page)
    assert page.evaluate(TARGETS) == []
    axe(page)


class Keyboard:
    """Goes forward with Tab until a control has the focus, and presses it."""

    def __init__(self, person: Person) -> None:
        self.page = person.page

    def go_to(self, name: str) -> None:
        self.page.wait_for_load_state()
        for _ in range(30):
            self.page.keyboard.press("Tab")
            focused = "document.activeElement.closest('label')?.textContent || document.activeElement.textContent"
            if self.page.evaluate(focused).strip() == name:
                return
        raise AssertionError(f"Tab does not lead to «{name}»")

    def press(self, name: str, key: str = "Enter") -> None:
        expect(self.page.get_by_text(name, exact=True).first).to_be_visible()
        self.go_to(name)
        self.page.keyboard.press(key)


def test_keyboard__leads_through_a_check_where_all_is_good(
    somebody: Somebody, configure: Configure, relay: Relay, tmp_path: Path
) -> None:
    configure(TURN={"URLS": [relay.url("udp"), relay.url("tcp")], "SECRET": SECRET})
    video = fakes.film(tmp_path / "face.mjpeg", fakes.portrait())
    audio = fakes.write(tmp_path / "speech.wav", fakes.speech())
    person = somebody(FAKE_PROMPT, FAKE_DEVICES, video=video, audio=audio, device="phone")
    page, keyboard = person.page, Keyboard(person)
    loaded: list[int] = []
    page.on(
        "response",
        lambda response: loaded.append(len(response.body())) if of_page(response.url) else None,
    )
    person.open("&next=/done/")
    is_fine(person)
    keyboard.press("Почати перевірку")
    expect(person.button("Зробити 5 знімків")).to_be_in_viewport()
    keyboard.press("Зробити 5 знімків")
    expect(page.locator(".dc-stills canvas")).to_have_count(5)
    is_fine(person)
    keyboard.press("Надіслати 5 знімків на перевірку")
    person.shows("camera", "Працює")
    expect(page.get_by_text("Обличчя в кадрі, чітко")).to_be_visible()
    expect(person.button("Записати 3 секунди")).to_be_in_viewport()
    keyboard.press("Записати 3 секунди")
    expect(page.get_by_role("meter")).to_have_attribute("aria-valuetext", "добре")
    expect(person.button("Надіслати запис на перевірку")).to_be_visible()
    is_fine(person)
    keyboard.press("Надіслати запис на перевірку")
    person.shows("microphone", "Добре чути")
    keyboard.press("Увімкнути звук")
    keyboard.press("Так", "Space")
    person.shows("connection", "Добре")
    result = person.result("Усе готово до прийому")
    expect(result.get_by_role("heading")).to_be_focused()
    expect(result).to_contain_text("зображення і звук ми не зберігаємо")
    rows = page.get_by_role("row").filter(has_text="працює")
    expect(rows).to_contain_text(["UDP", "TCP"])
    expect(page.get_by_role("row", name="Швидкість")).to_contain_text("Мбіт/с, добре")
    is_fine(person)
    announced = page.evaluate("window.said")
    assert [one["text"] for one in announced if "Працює." in one["text"]]
    assert all(b["at"] - a["at"] >= 1900 for a, b in pairwise(announced))
    assert sum(loaded) <= MAX_BYTES, loaded

    keyboard.press("Зберегти результат")
    page.wait_for_url(re.compile(r"//[^/]+/done/$"))
    run = CheckRun.objects.get()

    assert run.verdict == CheckRun.Verdict.GOOD
    assert {verdict for verdict, _ in stored(run).values()} == {"ok"}
    assert set(run.steps) == set(Step)
    numbers = run.steps["connection"]["measures"]
    assert 0 < numbers["udp_rtt_ms"] < 200
    assert numbers["tcp_kbit_per_s"] > 1000
    assert abs(run.steps["clock"]["measures"]["skew_seconds"]) <= 2
    assert run.browser.startswith("Chrome")


def of_page(url: str) -> bool:
    """The page, its own styles and its scripts; what a portal has on every page does not count."""
    return "/static/device_check/" in url or "/device-check/?" in url


def test_a_relay_that_refuses_and_a_poor_network__are_told(
    somebody: Somebody, configure: Configure, relay: Relay
) -> None:
    configure(TURN={"URLS": [relay.url("udp")], "SECRET": "another one"})
    person = somebody(FAKE_PROMPT, FAKE_DEVICES)
    person.open()
    person.begin()
    for step in ("camera", "microphone", "speakers"):
        person.skip(step)
    person.shows("connection", "Треба виправити", "Сервер зв’язку відмовив.")
    CheckRun.objects.all().delete()

    with poor_network(relay.port, loss=0.1, delay=0.06) as port:
        dead = relay.url("tcp", port=free_port())
        configure(TURN={"URLS": [relay.url("udp", port=port), dead], "SECRET": SECRET})
        person.press("Перевірити ще раз")
        expect(person.page.get_by_role("heading", name="1. Дозвіл браузера")).to_be_focused()
        for step in ("camera", "microphone", "speakers"):
            person.skip(step)
        person.shows("connection", "Треба виправити", "Дані губляться дорогою.")
    rows = person.page.get_by_role("row")
    expect(rows.filter(has_text="UDP")).to_contain_text("працює")
    expect(rows.filter(has_text="TCP")).to_contain_text("не працює")
    person.result("Дещо треба виправити до прийому")
    run = person.save()

    assert run.verdict == CheckRun.Verdict.BAD
    assert "lossy" in stored(run)["connection"][1]
    assert run.steps["connection"]["measures"]["udp_loss_percent"] > 8
    assert run.steps["connection"]["measures"]["rtt_ms"] > 200
