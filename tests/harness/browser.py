"""A real browser that fails the test when a page misbehaves behind the scenes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from time import monotonic
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.harness import in_flight
from tests.harness.clock import distance, real_clock

Device = Literal["phone", "desktop"]

DEVICES: dict[Device, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "is_mobile": True,
        "has_touch": True,
        "device_scale_factor": 2,
    },
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}

PATIENCE_MS = 30_000
"""How long a page may take; a busy machine is no reason to fail."""

A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]

# Runs in every page before its own scripts.
REPORT_POLICY_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`Content Security Policy: ${event.violatedDirective} forbids ${event.blockedURI}`);
});
"""

# The clock of the run in a page; Chromium itself stands still under faketime.
OTHER_DAY = """
(() => {
  const Real = Date;
  const distance = %d * 1000;
  globalThis.Date = class Date extends Real {
    constructor(...values) {
      super(...(values.length ? values : [Real.now() + distance]));
    }
    static now() {
      return Real.now() + distance;
    }
  };
})();
"""


ACTS = ("check", "click", "dblclick", "fill", "press", "select_option", "set_input_files")


def _once_loaded(act: Any) -> Any:
    @wraps(act)
    def act_once_loaded(self: Page | Locator, *arguments: Any, **options: Any) -> Any:
        page = self if isinstance(self, Page) else self.page
        page.wait_for_load_state()
        return act(self, *arguments, **options)

    return act_once_loaded


# Playwright acts as soon as it sees a control; nobody is so quick that the scripts have not run.
for _kind in (Page, Locator):
    for _name in ACTS:
        if hasattr(_kind, _name):
            setattr(_kind, _name, _once_loaded(getattr(_kind, _name)))


def eventually(holds: Callable[[], bool], otherwise: str) -> None:
    """Look again and again whether it holds, where Playwright has nothing to wait for.

    Args:
        otherwise: What is to be said when it does not within the patience for pages.
    """
    until = monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert monotonic() < until, otherwise


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without windows, twice as fast; one at a time in a process."""
    # Playwright's loop runs in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env=real_clock(),
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """Notes what a person would not see: script errors, foreign hosts, broken resources."""

    origin: str
    allowed: tuple[str, ...] = ()
    """Parts of messages that the test expects, for example "ERR_INTERNET_DISCONNECTED"."""
    problems: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(f"uncaught error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _note(self, problem: str) -> None:
        if problem not in self.problems and not any(part in problem for part in self.allowed):
            self.problems.append(problem)

    def _console(self, message: ConsoleMessage) -> None:
        # Answers are judged by _response, which knows what was asked for.
        if message.type == "error" and "Failed to load resource: the server" not in message.text:
            self._note(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and (
            address.netloc != urlsplit(self.origin).netloc
        ):
            self._note(f"foreign host: {request.url}")

    def _response(self, response: Response) -> None:
        # A 4xx page or API answer may be what the test is about; a missing script never is.
        tolerated = response.request.resource_type in {"document", "fetch", "xhr"}
        if response.status >= (500 if tolerated else 400):
            self._note(f"{response.status} for {response.url}")


class Browsing:
    """Opens pages for one test and, at its end, fails it for what the watch has noted."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser = browser
        self.watch = Watch(origin)
        self.contexts: list[BrowserContext] = []

    def open(
        self,
        device: Device = "desktop",
        *,
        javascript: bool = True,
        locale: str = "uk-UA",
        **options: Any,
    ) -> Page:
        """A page of a person of its own (cookies are not shared); addresses may be relative."""
        context = self._browser.new_context(
            base_url=self.watch.origin,
            java_script_enabled=javascript,
            locale=locale,
            **{"timezone_id": "Europe/Kyiv"} | DEVICES[device] | options,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        if javascript:
            context.add_init_script(REPORT_POLICY_VIOLATIONS)
            if distance():
                context.add_init_script(OTHER_DAY % distance())
        context.on("page", self.watch.follow)
        return context.new_page()

    def expect(self, *parts: str) -> None:
        """From now on these parts of messages are no problems."""
        self.watch.allowed += parts

    @property
    def pages(self) -> list[Page]:
        return [page for context in self.contexts for page in context.pages]

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert in_flight.are_answered(), "the server is still answering"
        assert not self.watch.problems, "The browser noted:\n" + "\n".join(self.watch.problems)


def axe(page: Page, **context: Any) -> None:
    """Fails with a readable list when the page violates WCAG 2.2 A or AA as far as axe can tell.

    Args:
        page: the page in the state to be judged.
        context: axe's `include` and `exclude`, lists of selectors.
    """
    page.wait_for_load_state()
    # Without JavaScript axe would wait for ever for its own promise.
    assert not page.evaluate("matchMedia('(scripting: none)').matches"), "axe needs JavaScript"
    options = {
        "runOnly": {"type": "tag", "values": A_AND_AA},
        # Of level A, and yet left out of the tags: WCAG 2.5.3.
        "rules": {"label-content-name-mismatch": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    results = Axe().run(page, context=context or None, options=options).response
    assert results["passes"], f"axe found nothing to judge on {page.url}"
    assert not results["violations"], f"{page.url}\n" + "\n".join(
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(
            f"    {node['html']}\n      {node['failureSummary']}" for node in violation["nodes"]
        )
        for violation in results["violations"]
    )


FAILED = pytest.StashKey[bool]()
SCREENSHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
