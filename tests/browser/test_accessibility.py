"""Every screen of the citizen in every state: axe at 360 and 1280, 320 wide, text twice as large or spaced."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.templatetags.static import static
from django.test import Client
from django.urls import resolve, reverse
from django.urls.resolvers import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, Response, expect

from diia_videoreception.models import Official
from tests.browser.screens import SCREENS, Screen
from tests.browser.world import World
from tests.harness.browser import Browsing, axe
from tests.steps.browser import fits
from tests.steps.people import sign_in

ROUTES = "diia_videoreception.web.citizen.urls"
NO_SCREENS = {
    "sign_in_return": "takes the token of the portal and leads on",
    "sign_out": "leads to the page for signing in",
    "session": "tells a script how long the session lasts",
    "calendar_address": "leads back to the reminders",
    "sign_out_elsewhere": "leads back to the own data",
    "front": "leads to the page of the service",
    "release": "leads back to the choice",
    "reserve": "leads back to the choice, or on to the application",
    "captcha": "gives the challenge to the widget",
    "application_documents": "leads back to the form",
    "application_document_remove": "leads back to the form",
    "submit": "leads to the number, or back to the check",
    "document": "gives a file",
    "document_container": "gives a file",
    "text_to_sign": "gives a file",
    "consent_signed": "gives a file",
    "case_calendar": "gives a file",
    "case_password": "leads back to the application, with the password",
    "case_signature": "gives a file",
    "case_answer_signature": "gives a file",
    "case_device_check": "leads to the device check",
    "case_messages": "gives a file",
    "case_again": "leads to the choice of a time",
    "case_rate": "leads back to the application",
    "case_object": "leads back to the application",
    "case_accept": "leads back to the application",
    "case_refuse": "leads back to the application",
    "case_reply": "leads back to the application",
    "case_reply_documents": "leads back to the application",
    "case_reply_document_remove": "leads back to the application",
    "case_correct_documents": "leads back to the form",
    "case_correct_document_remove": "leads back to the form",
    "case_move_withdraw": "leads back to the application",
}
"""Routes that show nothing themselves when they are opened."""
CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):[0-5]\d(?![\d:])")
UTC_CLOCK = re.compile(r"2026(?: року)?, 0?8:[03]0(?!\d)")
"""NOW and START of the world by the clock of UTC."""
# What the browser of a device in New York would do.
ELSEWHERE = """() => {
  const written = Date.prototype.toLocaleString;
  Date.prototype.toLocaleString = function (locale, options) {
    return written.call(this, locale, { timeZone: "America/New_York", ...options });
  };
}"""
# What a reader may set for every text (WCAG 1.4.12).
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }
  `);
  document.adoptedStyleSheets = [sheet];
  return getComputedStyle(document.querySelector("h1")).letterSpacing;
}"""
PERSONAL = re.compile("компенсацію|Мельник|Коваленко|@|380")
UUID = "3f2b8c1e-6c0e-4a52-9d0c-0c5f1f0e7a11"


@pytest.fixture
def world(
    browsing: Browsing, receiving: Official, time_machine: Any, settings: Any, monkeypatch: Any
) -> World:
    page = browsing.open("desktop")
    origin = browsing.watch.origin
    return World(page, origin, receiving, clock=time_machine, settings=settings, patch=monkeypatch)


def tells_whose_clock(page: Page) -> None:
    """On a device in another zone the page tells whose clock it shows, if it shows one."""
    page.evaluate(ELSEWHERE)
    page.evaluate(
        "async (module) => { (await import(module)).tellZone(); }",
        static("diia_videoreception/js/zone.js"),
    )
    main = page.locator("main").inner_text()
    note = page.locator("[data-vr-zone]").first
    if CLOCK.search(main):
        expect(note).to_be_visible()
        assert "київський" in note.inner_text()
    else:
        expect(note).to_be_hidden()
    assert not UTC_CLOCK.search(main), "no screen shows the clock of the server"


def is_page(answer: Response) -> bool:
    return answer.request.resource_type == "document" and answer.status not in {204, 302, 303}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_in_a_state__is_accessible(
    world: World, browsing: Browsing, screen: Screen
) -> None:
    browsing.expect(*screen.expected)
    page = world.page
    answered: list[str] = []
    page.on("response", lambda answer: answered.append(answer.url) if is_page(answer) else None)
    screen.prepare(world)
    # A script may have given the page another address in the meantime.
    assert resolve(urlsplit(answered[-1]).path).url_name == screen.route
    expect(page.locator("main").get_by_text(screen.shows).first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page).to_have_title(re.compile(r"^\S.+ — Запис на відеоприйом$"))
    assert not PERSONAL.search(page.title()), "a title says nothing personal"
    axe(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    fits(page, "with text twice as large, at 1280")
    page.evaluate("document.documentElement.style.fontSize = ''")

    page.set_viewport_size({"width": 360, "height": 740})
    axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    fits(page, "at 320")
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    fits(page, "with text twice as large, at 360")
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert page.evaluate(SPACED) != "normal"
    fits(page, "with text spaced as WCAG 1.4.12 says, at 360")
    page.evaluate("document.adoptedStyleSheets = []")
    tells_whose_clock(page)


def routes(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns)
        else:
            found.add(str(pattern.name))
    return found


def test_every_route__has_a_case() -> None:
    every = routes(get_resolver(ROUTES).url_patterns)
    shown = {screen.route for screen in SCREENS}
    assert len(every) > 20
    assert shown | set(NO_SCREENS) == every, "give each route a case in tests/browser/screens"
    assert not shown & set(NO_SCREENS)


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("name", NO_SCREENS)
def test_what_has_no_case__shows_no_page(client: Client, name: str) -> None:
    sign_in(client)
    names = ("public_id", "key", "proposal_id", "request_id", "question_id", "document_id")
    ids = dict.fromkeys(names, UUID)
    wanted = {"alias": "portal", **ids}
    pattern = get_resolver(ROUTES).reverse_dict.getlist(name)[0][0][0][1]
    address = reverse(
        f"diia_videoreception:{name}", kwargs={part: wanted[part] for part in pattern}
    )
    answer = client.get(address)
    shown = answer.headers["Content-Type"].startswith("text/html") and answer.status_code == 200
    assert not shown, f"{name} shows a page: give it a case"
