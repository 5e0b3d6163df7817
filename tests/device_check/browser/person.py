"""A person in front of the page of the device check."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from device_check.models import CheckRun
from tests.harness.browser import Browsing


class Person:
    """Presses what the page offers and reads what it says."""

    def __init__(self, browsing: Browsing, page: Page) -> None:
        self.browsing = browsing
        self.page = page

    def open(self, query: str = "") -> None:
        self.page.goto(f"/device-check/?context=application{query}")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, *names: str) -> None:
        for name in names:
            self.button(name).click()

    def card(self, step: str) -> Locator:
        return self.page.locator(f"[data-step={step}]")

    def skip(self, step: str) -> None:
        self.card(step).get_by_role("button", name="Пропустити").click()

    def begin(self) -> None:
        self.press("Почати перевірку")

    def send_pictures(self) -> None:
        self.press("Зробити 5 знімків", "Надіслати 5 знімків на перевірку")

    def send_sound(self) -> None:
        self.press("Записати 3 секунди", "Надіслати запис на перевірку")

    def hear(self, answer: str = "Так") -> None:
        self.press("Увімкнути звук")
        self.page.get_by_role("radio", name=answer).check()

    def shows(self, step: str, verdict: str, *advice: str) -> None:
        """The word of the card, and what stands below it."""
        tag = self.card(step).locator(".vr-tag")
        expect(tag).to_have_text(verdict)
        for words in advice:
            expect(self.card(step).locator("[data-dc=advice]")).to_contain_text(words)

    def result(self, title: str) -> Locator:
        result = self.page.locator("[data-dc=result]")
        expect(result.get_by_role("heading")).to_have_text(title)
        return result

    def save(self) -> CheckRun:
        """Saves the result; answers what is stored then."""
        self.press("Зберегти результат")
        expect(self.page.get_by_text("Результат збережено.")).to_be_visible()
        expect(
            self.page.locator("video, select, [name=hear]").locator("visible=true")
        ).to_have_count(0)
        return CheckRun.objects.get()

    def announced(self) -> list[str]:
        """Everything that the live region has said so far; needs HEARD in the page."""
        texts: list[str] = self.page.evaluate("window.said.map((one) => one.text)")
        return texts


HEARD = """
window.said = [];
document.addEventListener("DOMContentLoaded", () => {
  const region = document.querySelector("[data-dc=status]");
  const note = () => window.said.push({ text: region.textContent, at: performance.now() });
  region && new MutationObserver(note).observe(region, { childList: true });
});
"""
"""Runs before the page's scripts: notes what the live region says, and when."""


def stored(run: CheckRun) -> dict[str, Any]:
    """Verdict and problems by step."""
    return {step: (result["verdict"], result["problems"]) for step, result in run.steps.items()}
