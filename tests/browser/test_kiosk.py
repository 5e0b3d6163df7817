"""A self-service place from pairing to the wipe: the browser at the place, the head's and the phone's."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, expect

from diia_videoreception import models
from diia_videoreception.services.kiosk import phone, visitors
from diia_videoreception.web.kiosk import frame
from tests.harness.browser import Browsing, axe, eventually
from tests.harness.clock import NOW
from tests.steps.browser import TOPIC, fits
from tests.steps.kiosk import COOKIE, KioskWorld, new_kiosk_world
from tests.steps.people import sign_in_browser

MAX_BYTES = 100 * 1024
KIOSK = "/videoreception/kiosk/"
LEFT_BEHIND = """async () => ({
  stored: [localStorage.length, sessionStorage.length],
  databases: (await indexedDB.databases()).length,
})"""


@pytest.fixture
def world(known_day: None, transactional_db: None) -> KioskWorld:
    return new_kiosk_world()


def whole(page: Page) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
    axe(page)


def code_from_the_head(world: KioskWorld, browsing: Browsing) -> str:
    where = f"/videoreception/centre/{world.centre.public_id}/workplaces/{world.place.public_id}/"
    page = browsing.open("desktop")
    page.goto(where)
    page.fill("input[name=username]", "head")
    page.fill("input[name=password]", "p")
    page.click("button[type=submit]")
    page.get_by_role("button", name="Під’єднати браузер").click()
    code = page.locator(".vr-number .vr-code")
    expect(code).to_be_visible()
    whole(page)
    return code.inner_text()


def sign_in_by_phone(screen: Page, browsing: Browsing, origin: str) -> Page:
    screen.get_by_role("button", name="Показати код").click()
    expect(screen.get_by_role("img", name="QR-код для входу")).to_be_visible()
    whole(screen)
    shown = models.PhoneSignIn.objects.get(state="shown")
    device = browsing.open("phone")
    sign_in_browser(device, origin)
    device.goto(f"{KIOSK}phone/join/#{phone.secret_of(shown)}")
    expect(device.locator("#code")).not_to_have_value("")
    axe(device)
    device.locator("main form button").click()
    expect(device.get_by_role("heading", level=1)).to_have_text("Це Ви в центрі?")
    fits(device)
    axe(device)
    device.get_by_role("button", name=str(shown.number), exact=True).click()
    expect(device.get_by_role("heading", level=1)).to_contain_text("Дивіться на екран")
    axe(device)
    return device


def nothing_is_left() -> bool:
    """Whether no draft is there, once housekeeping has looked for what saved itself during the end."""
    visitors.end_overdue(now=timezone.now())
    return not models.Draft.objects.exists()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is slower than a visitor may be."""
    monkeypatch.setattr(phone, "SHOWN_FOR", timedelta(minutes=10))
    monkeypatch.setattr(frame, "IDLE_SECONDS", 900)
    take = phone.take

    def slowly(*args: Any, **values: Any) -> Any:
        """Answers later than the screen looks what the phone has done."""
        taken = take(*args, **values)
        Event().wait(3)
        return taken

    monkeypatch.setattr(phone, "take", slowly)


def test_a_place__serves_from_pairing_to_the_wipe(
    world: KioskWorld, patience: None, browsing: Browsing, live_server: Any
) -> None:
    screen = browsing.open("desktop")
    sizes: list[int] = []

    def add(request: Request) -> None:
        found = request.sizes()
        sizes.append(found["responseBodySize"] + found["responseHeadersSize"])

    screen.on("requestfinished", add)
    screen.goto(KIOSK)
    screen.get_by_label("Код місця").fill(code_from_the_head(world, browsing))
    whole(screen)
    screen.get_by_role("button", name="Під’єднати").click()
    expect(screen.get_by_role("button", name="Почати")).to_be_visible()
    whole(screen)
    screen.evaluate("navigator.serviceWorker.ready.then(() => true)")

    screen.get_by_role("button", name="Почати").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Що зробимо?")
    whole(screen)
    screen.get_by_role("button", name="Покликати адміністратора").click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("Ми покликали адміністратора")
    whole(screen)
    screen.get_by_role("button", name="Скасувати виклик").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Що зробимо?")
    assert 0 < sum(sizes) < MAX_BYTES, sizes

    screen.goto("/videoreception/application/?write")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Увійдіть своїм телефоном")
    sign_in_by_phone(screen, browsing, live_server.url)
    expect(screen.get_by_role("heading", level=1)).to_have_text("Це Ви?")
    whole(screen)
    screen.get_by_role("button", name="Так, продовжити").click()
    topic = screen.locator("#topic")
    expect(topic).to_be_visible()
    topic.fill(TOPIC)
    whole(screen)
    kept = screen.locator("input:not([type=hidden]), textarea, select")
    expect(kept.first).to_be_attached()
    assert set(kept.evaluate_all("all => all.map((one) => one.autocomplete)")) == {"off"}

    screen.get_by_role("button", name="Завершити і стерти дані").first.click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("стерто")
    whole(screen)
    assert {one["name"] for one in screen.context.cookies()} == {COOKIE}
    left = screen.evaluate(LEFT_BEHIND)
    assert left == {"stored": [0, 0], "databases": 0}
    assert screen.evaluate("caches.keys()") == []
    assert models.CitizenSession.objects.exclude(visitor=None).get().ended_at is not None
    eventually(nothing_is_left, "a draft of the visit stays")
    screen.go_back()
    expect(screen.get_by_role("button", name="Почати")).to_be_visible()
    assert {one["name"] for one in screen.context.cookies()} == {COOKIE}
    screen.evaluate("navigator.serviceWorker.ready.then(() => true)")

    # The line is lost: the page that the browser kept, and nothing else.
    browsing.expect("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    screen.context.set_offline(True)
    screen.goto(f"{KIOSK}home/")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Це місце тимчасово не працює")
    screen.context.set_offline(False)


def test_a_visitor_who_walks_away__is_asked_and_then_wiped(
    world: KioskWorld, browsing: Browsing, live_server: Any
) -> None:
    screen = browsing.open("desktop")
    screen.clock.install(time=NOW)
    shown = world.visited().cookies
    for name, one in shown.items():
        screen.context.add_cookies([{"name": name, "value": one.value, "url": live_server.url}])
    screen.goto(f"{KIOSK}home/")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Що зробимо?")
    dialog = screen.get_by_role("dialog", name="Ви ще тут?")
    screen.clock.fast_forward("01:05")
    expect(dialog).to_be_visible()
    axe(screen)
    screen.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    screen.clock.fast_forward("01:05")
    expect(dialog).to_be_visible()
    screen.clock.fast_forward("00:40")
    expect(screen.get_by_role("button", name="Почати")).to_be_visible()
    assert world.visitor.end_reason == "idle"
    assert {one["name"] for one in screen.context.cookies()} == {COOKIE}
