"""The signing widget in its frame: whom the page listens to, what it gives, how it fails (C04)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import sandbox
from diia_videoreception.models import CitizenSession
from sandbox.authority import maker
from sandbox.authority.people import signer
from tests.factories import NOW, CitizenFactory
from tests.harness.browser import Browsing, axe
from tests.steps.authority import Network, ring

SCRIPT = Path(sandbox.__file__).parent / "static" / "sandbox" / "signing.js"
WIDGET = """<!doctype html><html lang="uk"><title>Widget</title>
<form action="/widget/sign/" data-sandbox-signing>
<ul><li><strong>Олена</strong><button name="signer" value="olena" data-algorithm="dstu">Ключ</button>
</ul></form><p data-sandbox-chosen data-text="Зчитано"></p>
<script type="module" src="/widget/signing.js"></script>"""


class Widget:
    """The demonstration page in the place of the state's; it notes what it was given."""

    def __init__(self, page: Any, origin: str) -> None:
        self.given: list[bytes] = []
        self.asked: list[str] = []
        self.status = 200
        page.route(f"{origin}/widget/?*", self._page)
        page.route(f"{origin}/widget/signing.js", lambda route: route.fulfill(path=SCRIPT))
        page.route(f"{origin}/widget/sign/", self._sign)

    def _page(self, route: Any) -> None:
        self.asked.append(route.request.url)
        route.fulfill(body=WIDGET, content_type="text/html; charset=utf-8")

    def _sign(self, route: Any) -> None:
        content = re.search(rb'filename="text.txt".*?\r\n\r\n(.*?)\r\n--', _body(route), re.DOTALL)
        assert content
        self.given.append(content[1])
        chosen = signer("olena")
        assert chosen
        message = maker.Message(content=content[1], signing_time=NOW)
        route.fulfill(status=self.status, body=maker.sign(ring().person(chosen), message))


def _body(route: Any) -> bytes:
    return bytes(route.request.post_data_buffer)


@pytest.fixture
def begin(
    browsing: Browsing, settings: Any, time_machine: Any
) -> Callable[..., tuple[Any, Widget]]:
    time_machine.move_to(NOW, tick=True)
    origin = browsing.watch.origin
    options = {
        "trust": ring().trust,
        "transport": Network(),
        "widget_url": f"{origin}/widget/",
        "allow_http_loopback": True,
    }
    backend = "integrations.identity.kep.KepSignature"
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "IDENTITY": {"kep": {"BACKEND": backend, "OPTIONS": options}}
    }

    def begin(**how: Any) -> tuple[Any, Widget]:
        page = browsing.open("phone", **how)
        widget = Widget(page, origin)
        page.goto("/videoreception/sign-in/")
        page.get_by_role("button", name="Електронний підпис (КЕП)").click()
        return page, widget

    return begin


def read_key(page: Any) -> None:
    page.get_by_text("Виберіть і зчитайте свій ключ у вікні нижче.").wait_for()
    page.frame_locator("iframe").get_by_role("button", name="Ключ").click()
    page.get_by_text("Ключ зчитано. Тепер підпишіть текст.").wait_for()


def test_a_citizen__signs_in_by_the_widget(begin: Any) -> None:
    citizen = CitizenFactory(identifier="3142501187")
    page, widget = begin()
    read_key(page)
    axe(page, exclude=[["iframe"]])
    sign = page.get_by_role("button", name="Підписати", exact=True)
    expect(sign).to_be_focused()
    text = page.evaluate("atob(document.querySelector('[data-vr-signing]').dataset.content)")
    sign.click()
    page.wait_for_url(re.compile("/cabinet/"))

    assert CitizenSession.objects.get().citizen == citizen
    assert [data.decode("utf-8") for data in widget.given] == [
        text.encode("latin-1").decode("utf-8")
    ]
    (asked,) = widget.asked
    assert "formType=1" in asked
    assert "address=http" in asked
    assert "language=ua" in asked


def test_the_window__comes_first_and_the_text_stands_behind_its_name(begin: Any) -> None:
    page, _widget = begin()
    window = page.locator("iframe")
    window.wait_for()
    nonce = page.get_by_text("Nonce:")
    expect(nonce).to_be_hidden()
    expect(page.get_by_label("Файл із підписом")).to_be_hidden()
    summary = page.get_by_text("Повний текст, який Ви підписуєте")
    assert window.bounding_box()["y"] < summary.bounding_box()["y"]
    assert window.bounding_box()["y"] < page.viewport_size["height"], "on the first screen"
    summary.focus()
    page.keyboard.press("Enter")
    expect(nonce).to_be_visible()
    page.get_by_text("Підписати у своїй програмі").click()
    expect(page.get_by_label("Файл із підписом")).to_be_visible()


def test_only_the_frame__is_listened_to(begin: Any) -> None:
    page, widget = begin()
    waiting = page.get_by_text("Виберіть і зчитайте свій ключ у вікні нижче.")
    waiting.wait_for()
    forged = {"sender": "EndUserSignWidget", "reciever": "EndUserSignWidgetConnector"}
    page.evaluate(
        """async (forged) => {
            for (let id = 0; id < 10; id += 1) {
                window.postMessage({ ...forged, id, result: [] }, "*");
            }
            await new Promise((done) => setTimeout(done));
        }""",
        forged,
    )
    assert waiting.is_visible()
    # The frame itself, were it of another origin than the portal has configured.
    section = page.locator("[data-vr-signing]")
    section.evaluate("element => { element.dataset.origin = 'https://id.gov.ua' }")
    page.frame_locator("iframe").get_by_role("button", name="Ключ").click()
    page.frame_locator("iframe").get_by_text("Зчитано").wait_for()
    assert waiting.is_visible()
    assert not page.get_by_role("button", name="Підписати", exact=True).is_visible()
    assert widget.given == []


def test_a_widget_that_cannot_sign__says_why_and_may_be_tried_again(begin: Any) -> None:
    CitizenFactory(identifier="3142501187")
    page, widget = begin()
    read_key(page)
    widget.status = 418
    page.get_by_role("button", name="Підписати", exact=True).click()
    page.get_by_role("alert").get_by_text("Не вдалося підписати текст.").wait_for()
    expect(page.get_by_text("418")).to_be_visible()
    widget.status = 200
    page.get_by_role("button", name="Спробувати ще раз").click()
    read_key(page)
    page.get_by_role("button", name="Підписати", exact=True).click()
    page.wait_for_url(re.compile("/cabinet/"))


def test_a_widget_that_does_not_open__leaves_the_other_way(begin: Any, browsing: Browsing) -> None:
    page = browsing.open("phone")
    page.clock.install(time=NOW)
    page.route("**/widget/?*", lambda route: route.fulfill(body="<p>maintenance</p>"))
    page.goto("/videoreception/sign-in/")
    page.get_by_role("button", name="Електронний підпис (КЕП)").click()
    page.get_by_text("Відкриваємо вікно підписання…").wait_for()
    page.clock.fast_forward(31_000)
    page.get_by_role("alert").get_by_text("Вікно підписання не відкрилося.").wait_for()
    expect(page.get_by_label("Файл із підписом")).to_be_visible()
    expect(page.locator("iframe")).to_be_hidden()


def test_without_scripts__there_is_no_dead_widget(begin: Any) -> None:
    page, _widget = begin(javascript=False)
    expect(page.get_by_label("Файл із підписом")).to_be_visible()
    expect(page.get_by_role("heading", name="Підписати тут")).to_be_hidden()
