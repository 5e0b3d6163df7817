"""A citizen in a browser, writing an application."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page

from diia_videoreception.models import Citizen, Draft, HoldUse, Occupancy
from diia_videoreception.services.booking import drafts
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import NOW
from tests.harness import browser
from tests.harness.browser import Device

AGENCY = "Міністерство соціальної політики"
APPLICATION = "/videoreception/application/"
CHECK = "/videoreception/application/check/"
TOPIC = "Прошу роз’яснити, чому припинили компенсацію за догляд."
DEVICES: tuple[Device, Device] = ("phone", "desktop")


def write(citizen: Citizen, **answers: Any) -> Draft:
    return drafts.save_answers(
        citizen=citizen,
        answers=DraftAnswers(**({"topic": TOPIC, "phone": "067 123 45 67"} | answers)),
        now=NOW,
    )


def end_hold(hold: Occupancy) -> None:
    past = {
        "created_at": NOW - timedelta(minutes=20),
        "expires_at": NOW - timedelta(minutes=5),
    }
    Occupancy.objects.filter(pk=hold.pk).update(**past)
    HoldUse.objects.filter(token=hold.token).update(**past)


def file_of(content: bytes, name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


# Of the root and not of the window: that of a phone grows with what sticks out.
STICKS_OUT = """(root) => root.scrollWidth <= root.clientWidth ? [] : [
  `${root.scrollWidth} px on ${root.clientWidth} px`,
  ...[...root.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1 && !one.children.length)
    .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 60)}`),
]"""


def fits(page: Page, how: str = "as it is") -> None:
    """Nothing makes the page scroll sideways.

    Args:
        how: what was done to the page, for whoever reads the failure.
    """
    page.wait_for_load_state()
    # A locator waits for its element, and looks again when another page takes its place.
    found = page.locator("html").evaluate(STICKS_OUT)
    assert not found, f"{page.url} {how} is too wide:\n" + "\n".join(found)


def each_width(page: Page) -> Iterator[str]:
    """Show the page on a phone and at a desk, and leave it as wide as it was; yields how it is shown."""
    own = page.viewport_size
    assert own is not None, "a window without a size"
    for device in DEVICES:
        page.set_viewport_size(browser.DEVICES[device]["viewport"])
        yield f"on a {device}"
    page.set_viewport_size(own)


def fits_each_width(page: Page) -> None:
    """Nothing makes the page scroll sideways, neither on a phone nor at a desk."""
    for how in each_width(page):
        fits(page, how)


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus."""
    page.wait_for_load_state()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")
