"""Staff at the screens of the admin, in a browser; nothing of them sticks out or keeps anybody out."""

import os
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from playwright.sync_api import Page

from tests.harness.browser import Browsing, axe
from tests.steps.browser import each_width, fits

OURS = {"include": [["#main"]]}
"""Where our screens are in Wagtail's frame."""


def member(name: str) -> Any:
    user = get_user_model().objects.create_user(name, f"{name}@portal.example", name)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def signed_in(browsing: Browsing, device: Any, name: str, address: str, **options: Any) -> Page:
    page = browsing.open(device, **options)
    page.goto(address)
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", name)
    page.click("button[type=submit]")
    return page


CUT = (
    "[...document.querySelectorAll('main :is(td, th, select, .button)')]"
    ".filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
    ".map((e) => e.outerHTML)"
)
"""Wagtail's frame cuts off what is too wide, instead of letting it be scrolled to."""


def judge(page: Page, name: str, **context: Any) -> None:
    """On a phone and at a desk nothing scrolls sideways, and axe finds nothing."""
    for how in each_width(page):
        # Where the width has just changed, Wagtail's menu still slides aside.
        for _ in range(50):
            cut = page.evaluate(CUT)
            if not cut:
                break
            page.wait_for_timeout(100)
        assert not cut, f"{page.url} {how}: {cut}"
        fits(page, how)
    axe(page, **context)
    shoot(page, name)


def shoot(page: Page, name: str) -> None:
    """Keep a picture for people to look at, where `SHOTS` names a folder."""
    if folder := os.environ.get("SHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
