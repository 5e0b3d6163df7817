"""C15 in Firefox: other words of permission, no pseudo devices, its own audio graph."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from device_check.models import CheckRun
from tests.device_check.browser.person import stored
from tests.harness.firefox import firefox

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]


def word(step: str) -> str:
    return f"document.querySelector('[data-step={step}] .vr-tag').textContent.trim()"


def test_firefox__asks_for_permission_and_moves_the_meter(
    live_server: Any, configure: Callable[..., None], tmp_path: Path
) -> None:
    with firefox(tmp_path) as tab:
        tab.open(f"{live_server.url}/device-check/?context=application")
        tab.press("Почати перевірку")
        tab.wait_for(f"{word('permission')} === 'Надано'")
        tab.press("Зробити 5 знімків")
        tab.wait_for("document.querySelectorAll('.dc-stills canvas').length === 5")
        tab.press("Надіслати 5 знімків на перевірку")
        tab.press("Записати 3 секунди")
        tab.wait_for(
            "['добре', 'гучно'].includes("
            "document.querySelector('[role=meter]').getAttribute('aria-valuetext'))"
        )
        tab.press("Надіслати запис на перевірку")
        tab.press("Увімкнути звук")
        tab.run("document.querySelector('[name=hear][value=yes]').click()")
        tab.press("Зберегти результат")
        tab.wait_for("document.body.innerText.includes('Результат збережено.')")

    run = CheckRun.objects.get()
    results = stored(run)
    assert run.browser.startswith("Firefox")
    assert results["permission"] == results["speakers"] == ("ok", [])
    assert run.steps["microphone"]["measures"]["peak"] > -30
    assert "no_face" in results["camera"][1]
