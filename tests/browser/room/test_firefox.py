"""Chromium and Firefox meet: other codecs come first, other words are used for the same state."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.harness.firefox import firefox
from tests.steps.in_room import LOUDNESS, Person, Reception

# It counts no frames of a live picture but those that it paints.
FRAMES = "(document.querySelector('.vr-tile video')?.mozPaintedFrames ?? 0)"
LOUDEST = f"({LOUDNESS})(document.querySelector('.vr-tile video'))"


def test_an_official_in_firefox__is_seen_heard_and_read(
    arrive: Callable[..., Person], reception: Reception, tmp_path: Path
) -> None:
    citizen, world = arrive("citizen"), reception.world
    client = Client()
    client.force_login(world.official.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    path = reverse("diia_videoreception:room_official", args=[reception.application.public_id])
    citizen.enter()
    with firefox(tmp_path) as official:
        official.take_cookie(settings.SESSION_COOKIE_NAME, session, "localhost")
        official.open(f"{world.origin}{path}")
        official.press("Увійти до кімнати")
        official.press("Впустити")

        citizen.is_connected()
        citizen.sees_frames_advance()
        citizen.hears_a_tone()
        official.wait_for(f"{FRAMES} > 0")
        before = official.run(FRAMES)
        official.wait_for(f"{FRAMES} > {before} + 5")
        official.wait_for(f"{LOUDEST}.then((loudest) => loudest > 0.01)")

        citizen.page.get_by_label("Ви пишете").press_sequentially("Привіт із Chromium")
        official.wait_for("document.querySelector('.is-live')?.textContent.includes('Chromium')")
        official.run(
            "(() => { const line = document.querySelector('#room-text');"
            " line.value = 'Вітаю з Firefox';"
            " line.dispatchEvent(new Event('input', { bubbles: true })); })()"
        )
        expect(citizen.page.locator(".is-live")).to_contain_text("Вітаю з Firefox")
