"""What a browser may say of a step, and what no page of ours says."""

from typing import Any

import pytest

from tests.steps.device_check import Browser

pytestmark = pytest.mark.any_database

FORGED: list[tuple[str, Any, Any, Any]] = [
    ("speakers", "good", [], {}),
    ("speakers", None, [], {}),
    ("speakers", ["ok"], [], {}),
    ("speakers", "ok", ["not_heard"], {}),
    ("speakers", "problem", [], {}),
    ("speakers", "problem", ["too_dark"], {}),
    ("speakers", "problem", ["not_heard", "not_heard"], {}),
    ("speakers", "problem", "not_heard", {}),
    ("speakers", "problem", [{"not_heard": 1}], {}),
    ("speakers", "problem", ["<script>"], {}),
    ("camera", "ok", [], {}),
    ("camera", "advice", ["busy"], {}),
    ("camera", "problem", ["covered"], {}),
    ("microphone", "ok", [], {}),
    ("microphone", "problem", ["silent"], {}),
    ("connection", "ok", [], {}),
    ("connection", "ok", [], {"rtt_ms": 10}),
    ("connection", "ok", [], {"rtt_ms": -1, "kbit_per_s": 5000}),
    ("connection", "ok", [], {"rtt_ms": 10, "kbit_per_s": 10**12}),
    ("connection", "ok", [], {"rtt_ms": "10", "kbit_per_s": 5000}),
    ("connection", "ok", [], {"rtt_ms": True, "kbit_per_s": 5000}),
    ("connection", "ok", [], {"rtt_ms": float("nan"), "kbit_per_s": 5000}),
    ("connection", "ok", [], {"rtt_ms": float("inf"), "kbit_per_s": 5000}),
    ("connection", "ok", [], {"rtt_ms": 10, "kbit_per_s": 5000, "note": 1}),
    ("connection", "ok", [], {"rtt_ms": {"a": 1}, "kbit_per_s": 5000}),
    ("connection", "ok", [], [1]),
    ("clock", "ok", [], {"rtt_ms": 10}),
]


@pytest.mark.parametrize(("step", "verdict", "problems", "measures"), FORGED)
def test_a_forged_step__is_refused(
    browser: Browser, step: str, verdict: Any, problems: Any, measures: Any
) -> None:
    browser.begin()

    answer = browser.post(
        "step", browser.run, step, verdict=verdict, problems=problems, measures=measures
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["code"].startswith("wrong_")
    assert "Такий результат не приймаємо." in answer.json()["error"]["message"]
    assert browser.row.steps == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"5", b"[" * 8000, b"\xff\xfe"])
def test_what_is_no_object__is_refused(browser: Browser, body: bytes) -> None:
    browser.begin()
    answer = browser.client.post(
        f"/device-check/runs/{browser.run}/steps/speakers/",
        body,
        content_type="application/json",
        headers={"X-CSRFToken": browser.token},
    )

    assert answer.status_code == 400
    assert browser.row.steps == {}


def test_an_unknown_step__is_not_found(browser: Browser) -> None:
    browser.begin()

    assert browser.report("mouse", "ok").status_code == 404


@pytest.mark.parametrize(
    ("measures", "verdict", "problems"),
    [
        ({"rtt_ms": 199, "loss_percent": 2.9, "kbit_per_s": 1000}, "ok", []),
        ({"rtt_ms": 200, "kbit_per_s": 1000}, "advice", ["high_delay"]),
        ({"rtt_ms": 10, "kbit_per_s": 999}, "advice", ["slow"]),
        ({"rtt_ms": 10, "loss_percent": 3, "kbit_per_s": 1000}, "advice", ["lossy"]),
        ({"rtt_ms": 10, "loss_percent": 20, "kbit_per_s": 1000}, "problem", ["lossy"]),
        ({"rtt_ms": 1000, "kbit_per_s": 59}, "problem", ["slow", "high_delay"]),
    ],
)
def test_a_connection_called_good__is_judged_by_its_numbers(
    browser: Browser, measures: dict[str, float], verdict: str, problems: list[str]
) -> None:
    browser.begin()

    answer = browser.report("connection", "ok", **measures)

    assert answer.json() == {"verdict": verdict, "problems": problems}
    assert browser.row.steps["connection"]["problems"] == problems


def test_a_wrong_clock__is_advice_whatever_the_browser_says(browser: Browser) -> None:
    browser.begin()

    assert browser.report("clock", "ok", skew_seconds=-3600).json()["problems"] == ["skewed"]


def test_a_step_done_again__replaces_the_first(browser: Browser) -> None:
    browser.begin()
    browser.report("speakers", "problem", "not_heard")
    browser.report("speakers", "ok")

    assert browser.row.steps["speakers"]["verdict"] == "ok"


def test_a_hint_of_the_browser__does_not_hide_what_the_analysis_found(browser: Browser) -> None:
    browser.begin()
    row = browser.row
    row.steps = {"camera": {"verdict": "problem", "problems": ["covered"], "measures": {"a": 1}}}
    row.save()

    answer = browser.report("camera", "advice", "virtual_device")

    assert answer.json() == {"verdict": "problem", "problems": ["covered", "virtual_device"]}
    assert browser.row.steps["camera"]["measures"] == {"a": 1}
