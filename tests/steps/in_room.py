"""People in front of the page of a room, and what their browsers really get."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from diia_videoreception.models import Application
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import inviting
from diia_videoreception.web.room.visitors import GUEST_COOKIE
from tests.browser.world import World
from tests.harness.browser import Browsing, axe, eventually
from tests.steps.browser import fits
from tests.steps.people import sign_in_browser

BASE_FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
# What the picture of somebody shows, and what their sound carries, measured in the page.
FRAMES = """(video) => {
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  return video.videoWidth ? totalVideoFrames : 0;
}"""
# A picture that is replaced begins its count anew, as does a stream: what came before stays counted.
PICTURES_COME = f"""(counts) => {{
  const all = [...document.querySelectorAll('.vr-tile video')];
  const enough = all.map((video) => {{
    const now = ({FRAMES})(video);
    const {{ last, came }} = counts.get(video) ?? {{ last: now, came: 0 }};
    if (now) {{
      counts.set(video, {{ last: now, came: came + (now < last ? now : now - last) }});
    }}
    return came > 5;
  }});
  return enough.length > 0 && enough.every(Boolean);
}}"""
# How loud somebody is within a third of a second.
LOUDNESS = """async (video) => {
  const audio = new AudioContext();
  await audio.resume();
  const [track] = video.srcObject.getAudioTracks();
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = new AnalyserNode(audio, { fftSize: 2048 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  for (let look = 0; look < 10; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    analyser.getFloatTimeDomainData(samples);
    loudest = Math.max(loudest, ...samples.map(Math.abs));
  }
  await audio.close();
  return loudest;
}"""

# Runs before the page's scripts: notes what the live region says, the devices that are opened, how often
# the screen is asked to stay lit, and how pictures are sent.
NOTES = """
window.said = [];
window.opened = [];
window.lit = 0;
window.shapes = new Map();
const { wakeLock } = navigator;
if (wakeLock) {
  const light = wakeLock.request.bind(wakeLock);
  wakeLock.request = (kind) => {
    window.lit += 1;
    return light(kind);
  };
}
const { setParameters } = window.RTCRtpSender?.prototype ?? {};
if (setParameters) {
  RTCRtpSender.prototype.setParameters = function (shape) {
    window.shapes.set(this, structuredClone(shape));
    return setParameters.call(this, shape);
  };
}
document.addEventListener("DOMContentLoaded", () => {
  const region = document.querySelector("[data-part=status]");
  const note = () => window.said.push(region.textContent);
  region && new MutationObserver(note).observe(region, { childList: true });
});
const { mediaDevices } = navigator;
const open = mediaDevices?.getUserMedia.bind(mediaDevices);
if (open) {
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.opened.push(...stream.getTracks());
    return stream;
  };
}
"""


STATIC = "/static/diia_videoreception/room"


def run(page: Page, module: str, script: str, value: Any = None) -> Any:
    """What the script makes of the module `it` of the room and the value."""
    start = f"const it = await import('{STATIC}/{module}.js');"
    return page.evaluate(f"async (value) => {{ {start} {script} }}", value)


@dataclass
class Reception:
    """One confirmed reception and the world around it."""

    world: World
    application: Application


class Person:
    """Presses what the page offers and tells what the browser gets."""

    def __init__(self, reception: Reception, role: str, browsing: Browsing, page: Page) -> None:
        self.reception, self.role = reception, role
        self.browsing, self.page = browsing, page
        page.context.add_init_script(NOTES)
        self._sign_in()

    def _sign_in(self) -> None:
        world = self.reception.world
        if self.role == "citizen":
            sign_in_browser(self.page, world.origin, world.citizen)
        if self.role in {"citizen", "guest"}:
            return
        client = Client()
        agency = world.official.agency
        moderator = agency.moderators.first() if self.role == "moderator" else None
        client.force_login(moderator.user if moderator else world.official.user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": world.origin}]
        )

    def open(self) -> None:
        name = "room" if self.role == "citizen" else "room_official"
        public_id = self.reception.application.public_id
        self.page.goto(reverse(f"diia_videoreception:{name}", args=[public_id]))

    def enter(self) -> None:
        self.open()
        self.press("Увійти до кімнати")

    def come_by_link(self, role: str, name: str) -> None:
        """Enter as a guest whose browser has accepted a link."""
        reception, now = self.reception, timezone.now()
        official = Visitor(user=reception.world.official.user)
        invitation, secret = inviting.invite(
            visitor=official, public_id=reception.application.public_id, role=role, name="", now=now
        )
        token = inviting.accept(
            invitation=invitation.public_id,
            secret=secret,
            key=secret,
            role=role,
            name=name,
            now=now,
        ).token
        path = reverse("diia_videoreception:room_guest", args=[invitation.public_id])
        url = f"{reception.world.origin}{path}"
        self.page.context.add_cookies([{"name": GUEST_COOKIE, "value": token, "url": url}])
        self.page.goto(path)
        self.press("Увійти до кімнати")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def press(self, name: str) -> None:
        self.button(name).click()

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    @property
    def other(self) -> Locator:
        """The pictures of the other people."""
        return self.page.locator(".vr-tile video")

    def sees_frames_advance(self) -> None:
        """Pictures of everybody else come: more than five, also where a line is made anew meanwhile."""
        counts = self.page.evaluate_handle("() => new WeakMap()")
        self.page.wait_for_function(PICTURES_COME, arg=counts)

    def stands_still(self) -> None:
        """No more pictures of the other come."""
        self.page.wait_for_function(
            f"""async () => {{
              const frames = () => ({FRAMES})(document.querySelector('.vr-tile video'));
              const before = frames();
              await new Promise((resolve) => setTimeout(resolve, 1000));
              return frames() - before <= 1;
            }}"""
        )

    def hears(self) -> list[float]:
        """How loud each other is at this moment, from 0 to 1."""
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.vr-tile video')]"
            ".every(({ srcObject }) => srcObject?.getAudioTracks().length)"
        )
        return [self.page.evaluate(LOUDNESS, handle) for handle in self.other.element_handles()]

    def hears_a_tone(self) -> None:
        """Everybody else is heard, sooner or later."""
        eventually(lambda: min(self.hears()) > 0.01, "nothing but silence arrives")

    def hears_nothing(self) -> None:
        """Nobody is heard any more; what was on its way is played to its end."""
        eventually(lambda: max(self.hears()) < 0.001, "something is heard")

    def is_connected(self, others: int = 1) -> None:
        """Everybody else is seen, and nobody's line is lost."""
        expect(self.page.locator(".vr-tile")).to_have_count(others)
        self.page.wait_for_function(
            "(others) => [...document.querySelectorAll('.vr-tile')].filter((tile) =>"
            " tile.querySelector('video').videoWidth > 0"
            " && tile.querySelector('[data-part=veil]').hidden).length === others",
            arg=others,
        )

    def announced(self) -> list[str]:
        """Everything that the live region has said since the page was opened."""
        said: list[str] = self.page.evaluate("window.said")
        return said

    def is_told(self, words: str) -> None:
        self.page.wait_for_function(
            "(words) => window.said.some((one) => one.includes(words))", arg=words
        )

    def has_open(self, devices: int) -> None:
        """So many tracks of camera and microphone are open, sooner or later."""
        self.page.wait_for_function(
            "(devices) => devices === window.opened.filter(({ readyState }) =>"
            " readyState === 'live').length",
            arg=devices,
        )

    def stays_lit(self) -> None:
        """The screen has been asked to stay lit."""
        self.page.wait_for_function("() => window.lit > 0")

    def sends_every_picture(self, others: int) -> None:
        """To each other the own picture goes out whole and unbounded, fluent before it is sharp."""
        self.page.wait_for_function(
            """(others) => [...window.shapes.values()].filter(
              ({ degradationPreference: first, encodings: [encoding] }) =>
                first === "maintain-framerate" && encoding?.active && !encoding.maxBitrate
                && !encoding.maxFramerate && encoding.scaleResolutionDownBy === 1,
            ).length >= others""",
            arg=others,
        )

    def hints_at(self, content: str) -> None:
        """The browser is told what the own picture shows; empty for nothing in particular."""
        self.page.wait_for_function(
            "(content) => content === window.opened.findLast(({ kind }) =>"
            " kind === 'video').contentHint",
            arg=content,
        )


def judge(person: Person) -> None:
    """The page as it stands, at both widths, narrow, and with text twice as large."""
    page = person.page
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for width, height in ((1280, 900), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    fits(page, "at 320")
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    fits(page, "with text twice as large, at 360")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 1280, "height": 900})
