"""How soon two browsers on this machine meet in the own room, by the median of ten receptions.

In seconds, as it is promised: from when both are in until each sees the other, and until pictures go on.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import Figure
from tests.harness.http import servers
from tests.steps.in_room import BASE_FLAGS, FRAMES
from tests.steps.people import sign_in
from tests.steps.rooms import make_meeting, own_room

COMMITS = True
ROUNDS = 10
MAX_SECONDS_CONNECTED, MAX_SECONDS_FRAMES = 2, 3
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
# When the page was in the call, saw the other, and had five more pictures: by the machine's clock.
NOTE = f"""() => {{
  const when = (is) => new Promise((resolve) => {{
    const look = () => (is() ? resolve(Date.now()) : setTimeout(look, 10));
    look();
  }});
  const video = () => document.querySelector(".vr-tile video");
  const isSeen = () => video()?.videoWidth && document.querySelector(".vr-tile [data-part=veil]").hidden;
  window.met = (async () => {{
    const entered = await when(() => !document.querySelector("[data-phases=call]").hidden);
    const seen = await when(isSeen);
    const before = ({FRAMES})(video());
    const moving = await when(() => ({FRAMES})(video()) > before + 5);
    return [entered, seen, moving];
  }})();
}}"""
Seat = tuple[str, str]
"""The address of a room, and the session of who comes to it."""


def figures() -> list[Figure]:
    """Let citizen and official meet ten times, each time in a new reception and with new pages."""
    if not Path(CHROMIUM).exists():
        print("call: measured with Chromium only; CHROMIUM says where it is")
        return []
    conference = {"CONFERENCE": own_room(direct=True, turn_urls=[])}
    changed = {"DIIA_VIDEORECEPTION": settings.DIIA_VIDEORECEPTION | conference}
    receptions = [_reception() for _ in range(ROUNDS)]
    with servers(1, changed=changed) as started, _browsers() as (citizens, officials):
        taken = [
            _meet(_page(citizens, started.url, citizen), _page(officials, started.url, official))
            for citizen, official in receptions
        ]
    connected, moving = (median(seconds) for seconds in zip(*taken, strict=True))
    return [
        Figure("call: connected after both are in, s", connected, MAX_SECONDS_CONNECTED),
        Figure("call: pictures go on after both are in, s", moving, MAX_SECONDS_FRAMES),
    ]


def _reception() -> tuple[Seat, Seat]:
    """A reception in five minutes, as its citizen and its official come to it."""
    meeting = make_meeting(start=timezone.now() + timedelta(minutes=5))
    citizen, official = Client(), Client()
    sign_in(citizen, meeting.application.citizen, level="high")
    official.force_login(meeting.application.official.user)

    def seat(name: str, client: Client) -> Seat:
        path = reverse(f"diia_videoreception:{name}", args=[meeting.public_id])
        return path, client.cookies[settings.SESSION_COOKIE_NAME].value

    return seat("room", citizen), seat("room_official", official)


@contextmanager
def _browsers() -> Iterator[tuple[Browser, Browser]]:
    with sync_playwright() as playwright:
        first, second = (
            playwright.chromium.launch(executable_path=CHROMIUM, args=BASE_FLAGS) for _ in range(2)
        )
        yield first, second
        first.close()
        second.close()


def _page(browser: Browser, url: str, seat: Seat) -> Page:
    path, session = seat
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}
    context = browser.new_context(locale="uk-UA", permissions=["camera", "microphone"])
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(url + path)
    page.evaluate(NOTE)
    return page


def _meet(citizen: Page, official: Page) -> tuple[float, float]:
    """Seconds from when both were in until each saw the other, and until the pictures of both went on."""
    for page in (official, citizen):
        page.get_by_role("button", name="Увійти до кімнати").click()
    official.get_by_role("button", name="Впустити").click()
    moments = [page.evaluate("window.met") for page in (citizen, official)]
    entered, seen, moving = (max(several) for several in zip(*moments, strict=True))
    for page in (citizen, official):
        page.context.close()
    return (seen - entered) / 1000, (moving - entered) / 1000
