"""The verdict of a run, and that every word of it can be said."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from device_check import analysis, wording
from device_check.models import CheckRun
from device_check.verdicts import overall
from device_check.vocabulary import (
    ANALYSED_PROBLEMS,
    BROWSER_PROBLEMS,
    IMAGE_PROBLEMS,
    NOT_ANALYSED_PROBLEMS,
    SOUND_PROBLEMS,
    Step,
)
from device_check.web.browsers import short_name

NEEDED = ("camera", "microphone", "speakers", "connection")


def steps(**verdicts: str) -> dict[str, dict[str, Any]]:
    shown = dict.fromkeys(NEEDED, "ok") | verdicts
    return {
        step: {"verdict": verdict, "problems": [], "measures": {}}
        for step, verdict in shown.items()
        if verdict
    }


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        ({}, "good"),
        ({"browser": "ok", "permission": "ok", "clock": "ok"}, "good"),
        ({"clock": "advice"}, "usable"),
        ({"clock": "problem"}, "usable"),
        ({"clock": "skipped", "permission": "skipped"}, "good"),
        ({"camera": "advice"}, "usable"),
        ({"camera": "problem"}, "bad"),
        ({"permission": "problem"}, "bad"),
        ({"browser": "problem"}, "bad"),
        ({"microphone": "problem", "camera": "not_checked"}, "bad"),
        *(({step: "skipped"}, "not_checked") for step in NEEDED),
        *(({step: "not_checked"}, "not_checked") for step in NEEDED),
        *(({step: ""}, "not_checked") for step in NEEDED),
        ({"camera": "advice", "speakers": "skipped"}, "not_checked"),
    ],
)
def test_overall_verdict__is_that_of_the_steps(shown: dict[str, str], verdict: str) -> None:
    assert overall(steps(**shown)) == verdict


def test_nothing_reported__is_not_checked() -> None:
    assert overall({}) == "not_checked"


def test_the_words_of_the_analysis__are_all_known() -> None:
    assert (*IMAGE_PROBLEMS, *SOUND_PROBLEMS) == tuple(analysis.Problem)


def test_every_code__can_be_said_in_ukrainian() -> None:
    with translation.override("uk"):
        for step in Step:
            codes = [*BROWSER_PROBLEMS[step], *ANALYSED_PROBLEMS.get(step, ())]
            codes += NOT_ANALYSED_PROBLEMS
            for code in codes:
                shown = wording.problem_in_words(step, code)
                assert not shown.isascii(), code
            for verdict in ("ok", "skipped", "not_checked"):
                assert not wording.step_in_words(step, verdict, []).isascii()


NOW = timezone.make_aware(timezone.datetime(2026, 12, 1, 10, 30))


def run(verdict: str, days: int = 0, **shown: Any) -> CheckRun:
    found = steps()
    for step, value in shown.items():
        found[step] = value
    moment = NOW - timedelta(days=days)
    return CheckRun(verdict=verdict, steps=found, started_at=moment, finished_at=moment)


@pytest.mark.parametrize(
    ("checked", "shown"),
    [
        (run("good", 1), "перевірено вчора: усе гаразд"),
        (
            run("bad", 0, microphone={"verdict": "problem", "problems": ["no_device"]}),
            "перевірено сьогодні: немає мікрофона",
        ),
        (
            run(
                "usable",
                7,
                camera={"verdict": "advice", "problems": ["too_dark", "backlight"]},
            ),
            "перевірено 24 листопада: темно, світло падає ззаду",
        ),
        (
            run("not_checked", 365, speakers={"verdict": "skipped", "problems": []}),
            "перевірено 1 грудня 2025: звук – не перевірено",
        ),
        (
            run("not_checked", 0, camera={"verdict": "not_checked", "problems": ["analysis_busy"]}),
            "перевірено сьогодні: камера – не перевірено",
        ),
    ],
)
def test_staff__read_one_line(checked: CheckRun, shown: str) -> None:
    with translation.override("uk"):
        assert wording.for_staff(checked, now=NOW) == shown


def test_what_is_missing__is_not_said_to_be_all_right() -> None:
    checked = run("not_checked")
    del checked.steps["microphone"]
    checked.steps["clock"] = {"verdict": "not_checked", "problems": []}
    with translation.override("uk"):
        shown = wording.for_staff(checked, now=NOW)
        assert shown == "перевірено сьогодні: мікрофон – не перевірено"
        checked.steps = {}
        assert wording.for_staff(checked, now=NOW) == "перевірено сьогодні: нічого"


def test_the_cabinet__lists_the_steps_in_the_order_of_the_page() -> None:
    with translation.override("uk"):
        lines = wording.steps_in_words(
            run("usable", connection={"verdict": "advice", "problems": ["slow"]})
        )
    assert lines == [
        ("Камера", "працює"),
        ("Мікрофон", "добре чути"),
        ("Звук", "чути"),
        ("З’єднання", "повільний інтернет"),
    ]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
            "Firefox 153, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
            "Safari 26, iOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
            "Samsung Internet 27, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
            "Edge 156, Windows",
        ),
        ("<script>alert(1)</script>", ""),
        ("", ""),
        ("A" * 100_000, ""),
        ("Chrome/" + "9" * 500, "Chrome 9999"),
    ],
)
def test_browsers__are_named_in_words(header: str, name: str) -> None:
    assert short_name(header) == name
