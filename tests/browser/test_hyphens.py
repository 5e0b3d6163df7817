"""Headings of large text on a phone: words break between syllables, with a hyphen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from diia_videoreception.models import Official
from tests.harness.browser import Browsing

CHOOSE = "/videoreception/choose/"
LARGE = """document.addEventListener("readystatechange", () => {
  document.documentElement.style.fontSize = "200%";
});"""

Open = Callable[[str], Page]


@pytest.fixture
def open_choosing(browsing: Browsing, receiving: Official) -> Open:
    def open_page(script: str) -> Page:
        page = browsing.open("phone")
        page.add_init_script(script)
        page.goto(CHOOSE)
        return page

    return open_page


def heading(page: Page) -> str:
    return page.locator("h1").first.text_content() or ""


def test_large_text_on_a_phone__breaks_between_syllables(open_choosing: Open) -> None:
    page = open_choosing(LARGE)

    assert heading(page) == "Ви\u00adбе\u00adріть по\u00adса\u00adдо\u00adву особу і час"
    split = page.evaluate(
        """async () => {
          const { withSoftHyphens } = await import(
            document.querySelector("script[src*='js/page']").src.replace("page.", "hyphens."));
          return ["відеоконференція", "під’єднатися", "Перевірте", "особу", "ВП-2026", "народження"]
            .map((word) => withSoftHyphens(word).replaceAll("\\u00ad", "-"));
        }"""
    )
    assert split == [
        "ві-део-кон-фе-рен-ція",
        "під’єд-на-ти-ся",
        "Пе-ре-вір-те",
        "особу",
        "ВП-2026",
        "на-роджен-ня",
    ]


def test_text_of_the_usual_size__stays_as_it_is(open_choosing: Open) -> None:
    assert "\u00ad" not in heading(open_choosing(""))
