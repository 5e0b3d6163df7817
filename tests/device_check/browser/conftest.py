"""Browsers with fake cameras and microphones, and relays for their calls."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.cache import cache

from tests.device_check.browser.fakes import BASE_FLAGS
from tests.device_check.browser.person import HEARD, Person
from tests.harness.browser import FAILED, SCREENSHOTS, Browsing, Device
from tests.harness.clock import real_clock


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    """`configure(VALID_DAYS=3)` sets keys of DEVICE_CHECK; the portal is nothing but the check."""
    settings.ROOT_URLCONF = "tests.device_check.browser.urls"
    cache.clear()

    def to(**values: Any) -> None:
        settings.DEVICE_CHECK = {**getattr(portal_settings, "DEVICE_CHECK", {}), **values}

    to(
        SUBJECT="",
        MAY_USE_CONTEXT="tests.steps.device_check.anybody",
        HELP={"PHONE": "0 800 000 000", "TEXT": "Приходьте до ЦНАП.", "URL": "/tsnap/"},
    )
    return to


@pytest.fixture
def somebody(
    request: pytest.FixtureRequest,
    live_server: Any,
    chromium_browser: Any,
    configure: Callable[..., None],
) -> Iterator[Callable[..., Person]]:
    """`somebody(FAKE_PROMPT, FAKE_DEVICES, video=…, audio=…)`: a person at a Chromium of their own."""
    stack = ExitStack()
    open_ones: list[Browsing] = []

    def arrive(
        *flags: str,
        video: Any = None,
        audio: Any = None,
        device: Device = "desktop",
        script: str = "",
        **options: Any,
    ) -> Person:
        if video:
            flags += (f"--use-file-for-fake-video-capture={video}",)
        if audio:
            flags += (f"--use-file-for-fake-audio-capture={audio}",)
        browser = chromium_browser.browser_type.launch(
            # The shell without windows neither asks for permission nor opens a chosen camera.
            executable_path=os.environ.get("CHROMIUM_WITH_PROMPTS", "/usr/bin/chromium"),
            env=real_clock(),
            args=[*BASE_FLAGS, *flags],
        )
        stack.callback(browser.close)
        browsing = Browsing(browser, live_server.url)
        open_ones.append(browsing)
        page = browsing.open(device, **options)
        page.add_init_script(HEARD + script)
        return Person(browsing, page)

    yield arrive
    failed = request.node.stash.get(FAILED, False)
    for number, browsing in enumerate(open_ones):
        for page in browsing.pages:
            if failed:
                SCREENSHOTS.mkdir(parents=True, exist_ok=True)
                name = f"{request.node.name}-{number}.png"
                page.screenshot(path=SCREENSHOTS / name, full_page=True)
    with stack:
        for browsing in open_ones:
            browsing.close()
