"""A reception on the page of a conference of its own, in a frame or in another tab."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.steps.bigbluebutton import SECRET, BigBlueButton
from tests.steps.in_room import Person, Reception, judge
from tests.steps.rooms import own_room

# The conference's own page: it opens the devices, as far as the page around it lets it.
PAGE = """<!doctype html><title>Conference</title><p id="who">%s: %s</p><p id="devices"></p><script>
navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
  (stream) => { document.getElementById("devices").textContent = `${stream.getTracks().length} devices`; },
  (error) => { document.getElementById("devices").textContent = error.name; });
</script>"""


@dataclass
class Server:
    """A BigBlueButton at this machine."""

    port: int
    conference: BigBlueButton

    def options(self, **more: Any) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}/bigbluebutton/"
        options = {"url": url, "secret": SECRET, **more}
        backend = "integrations.conference.bigbluebutton.BigBlueButtonRoom"
        return {"BACKEND": backend, "OPTIONS": options}


@pytest.fixture
def server(reception: Reception, settings: Any) -> Iterator[Server]:
    """The agency's receptions are held in BigBlueButton, in a frame; its reserve is the own room."""
    running = BigBlueButton()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_join = "/api/join?" in self.path
            who = running.join(self.path) if is_join else None
            shown = PAGE % (who["fullName"], who["role"]) if who else "nobody"
            body = shown.encode() if is_join else running.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8" if is_join else "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        made = Server(httpd.server_port, running)
        choose(settings, made.options(embed=True))
        agency = reception.application.official.agency
        agency.spare_conference = "own"
        agency.save(update_fields=["spare_conference"])
        yield made
        httpd.shutdown()
        thread.join()


def choose(settings: Any, conference: dict[str, Any]) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": {"default": conference, "own": own_room(direct=True, turn_urls=[])["default"]}
    }


def is_in(page: Page, words: str) -> None:
    """The conference's page is there in the frame, and has the devices."""
    frame = page.frame_locator("iframe.vr-frame")
    expect(frame.locator("#who")).to_have_text(words)
    expect(frame.locator("#devices")).to_have_text("2 devices")


def test_reception_in_a_frame__keeps_what_is_the_portals_and_goes_on_in_the_own_room(
    server: Server, arrive: Callable[..., Person]
) -> None:
    citizen, official = arrive("citizen"), arrive("official")
    for person in (citizen, official):
        # The conference is another host to the page.
        person.browsing.expect(f"//127.0.0.1:{server.port}/")
    official.enter()
    is_in(official.page, "Посадова особа: MODERATOR")
    official.has_open(0)
    frame = official.page.locator("iframe.vr-frame")
    assert "top-navigation" not in str(frame.get_attribute("sandbox"))
    assert frame.get_attribute("referrerpolicy") == "no-referrer"
    citizen.enter()
    citizen.heading("Посадова особа скоро приєднається")
    citizen.has_open(2)
    expect(citizen.page.locator("iframe")).to_have_count(0)
    official.press("Впустити")
    is_in(citizen.page, "Заявник: VIEWER")
    citizen.has_open(0)
    judge(citizen)
    judge(official)

    # Text has no way but by the portal, and the page says so.
    citizen.page.get_by_label("Ви пишете").press_sequentially("Ґанок")
    expect(official.page.locator(".is-live [data-part=words]")).to_have_text("Ґанок")
    citizen.page.get_by_label("Ви пишете").press("Enter")
    expect(official.page.get_by_role("log")).to_contain_text("Ґанок")
    # The keys of devices that the conference has do nothing here.
    citizen.page.get_by_role("heading", level=1).focus()
    citizen.page.keyboard.press("v")

    citizen.page.reload()
    is_in(citizen.page, "Заявник: VIEWER")
    citizen.has_open(0)
    # Whoever prefers another tab is not in it twice.
    with official.page.context.expect_page() as opened:
        official.page.get_by_role("link", name="Відкрити відеозв’язок у новій вкладці").click()
    expect(opened.value.locator("#devices")).to_have_text("2 devices")
    expect(official.page.locator("iframe")).to_have_count(0)
    opened.value.close()
    official.press("Перейти на інший відеозв’язок")
    for person in (citizen, official):
        person.is_connected()
        person.sees_frames_advance()
        expect(person.page.locator("iframe")).to_have_count(0)


def test_reception_in_another_tab__is_one_press_away(
    server: Server, arrive: Callable[..., Person], settings: Any
) -> None:
    choose(settings, server.options())
    official = arrive("official")
    official.browsing.expect(f"//127.0.0.1:{server.port}/")
    official.enter()
    link = official.page.get_by_role("link", name="Відкрити відеозв’язок у новій вкладці")
    expect(link).to_be_visible()
    expect(official.page.locator("iframe")).to_have_count(0)
    with official.page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("#who")).to_have_text("Посадова особа: MODERATOR")
    expect(opened.value.locator("#devices")).to_have_text("2 devices")
    opened.value.close()
    official.press("Вийти з кімнати")
    expect(link).to_be_hidden()
