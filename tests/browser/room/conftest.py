"""A confirmed reception in the own room, and the people who come to it with fake devices."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from diia_videoreception.models import Official
from tests.browser.world import START, World
from tests.harness.browser import FAILED, SCREENSHOTS, Browsing, Device
from tests.harness.clock import real_clock
from tests.harness.kept import one_at_a_time
from tests.steps.in_room import BASE_FLAGS, STATIC, Person, Reception
from tests.steps.rooms import own_room


@pytest.fixture
def reception(receiving: Official, time_machine: Any, settings: Any, live_server: Any) -> Reception:
    """It is five minutes before a confirmed reception; its official can sign in."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": own_room(direct=True, turn_urls=[])
    }
    world = World(
        None, live_server.url, receiving, clock=time_machine, settings=settings, patch=None
    )  # type: ignore[arg-type]
    application = world.confirmed()
    receiving.user = get_user_model().objects.create_user("official")
    receiving.save(update_fields=["user"])
    world.at(START - timedelta(minutes=5))
    return Reception(world, application)


@pytest.fixture
def page(browsing: Browsing, transactional_db: None) -> Page:
    """A page without anything, from which the modules can be imported."""
    opened = browsing.open()
    opened.goto(f"{STATIC}/room.css")
    return opened


@pytest.fixture
def _alone_in_a_call() -> Iterator[None]:
    """Browsers that code pictures take all that a small machine has: two calls at once starve each other."""
    with one_at_a_time(Path(gettempdir(), "vr-tests-call")):
        yield


@pytest.fixture
def arrive(
    request: pytest.FixtureRequest,
    live_server: Any,
    chromium_browser: Any,
    reception: Reception,
    _alone_in_a_call: None,
) -> Iterator[Callable[..., Person]]:
    """`arrive("citizen")`, `arrive("official")`: a person at a Chromium of their own, signed in."""
    stack = ExitStack()
    everybody: list[Browsing] = []

    def come(
        role: str, *flags: str, device: Device = "desktop", script: str = "", **options: Any
    ) -> Person:
        browser = chromium_browser.browser_type.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
            env=real_clock(),
            args=[*BASE_FLAGS, *flags],
        )
        stack.callback(browser.close)
        browsing = Browsing(browser, live_server.url)
        everybody.append(browsing)
        options = {"permissions": ["camera", "microphone"]} | options
        person = Person(reception, role, browsing, browsing.open(device, **options))
        if script:
            person.page.context.add_init_script(script)
        return person

    yield come
    for number, browsing in enumerate(everybody):
        for page in browsing.pages:
            if request.node.stash.get(FAILED, False):
                SCREENSHOTS.mkdir(parents=True, exist_ok=True)
                page.screenshot(
                    path=SCREENSHOTS / f"{request.node.name}-{number}.png", full_page=True
                )
    with stack:
        for browsing in everybody:
            browsing.close()
