"""Trust, rates and sizes of everything that the page's script calls."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from device_check.models import CheckRequestCounter, CheckRun
from tests.steps.device_check import Browser

pytestmark = pytest.mark.any_database

POSTS = ["runs", "analyse", "step", "finish", "payload"]


def address(name: str, run: str) -> str:
    arguments = {"analyse": [run], "step": [run, "speakers"], "finish": [run]}.get(name, [])
    return reverse(f"device_check:{name}", args=arguments)


@pytest.mark.parametrize("name", POSTS)
def test_without_the_token__nothing_happens(browser: Browser, name: str) -> None:
    browser.begin()
    for headers in ({}, {"X-CSRFToken": "x" * 32}):
        answer = browser.client.post(
            address(name, browser.run), "{}", content_type="application/json", headers=headers
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf")
    assert CheckRun.objects.count() == 1
    assert browser.row.finished_at is None


@pytest.mark.parametrize("name", POSTS)
def test_every_act__has_a_rate(browser: Browser, configure: Callable[..., None], name: str) -> None:
    browser.begin()
    CheckRequestCounter.objects.all().delete()
    scope = {"runs": "run", "analyse": "analyse", "payload": "payload"}.get(name, "step")
    configure(THROTTLE={scope: "2/min"})

    answers = [
        browser.client.post(
            address(name, browser.run),
            "{}",
            content_type="application/json",
            headers={"X-CSRFToken": browser.token},
        )
        for _ in range(3)
    ]

    assert 429 not in {answer.status_code for answer in answers[:2]}
    assert (answers[2].status_code, answers[2].json()["error"]["code"]) == (429, "throttled")
    assert 0 < int(answers[2].headers["Retry-After"]) <= 120


def test_the_rate__is_of_one_person(olena: Browser, configure: Callable[..., None]) -> None:
    petro = Browser("petro")
    configure(THROTTLE={"run": "1/min"})

    assert olena.begin().status_code == 201
    assert olena.begin().status_code == 429
    assert petro.begin().status_code == 201


def test_counters__name_nobody(olena: Browser) -> None:
    olena.begin()

    counters = list(CheckRequestCounter.objects.values())
    assert counters
    assert "olena" not in str(counters)


def test_a_report__is_small(browser: Browser) -> None:
    browser.begin()

    answer = browser.report("speakers", "problem", *["x" * 1000] * 20)

    assert answer.status_code == 413


def test_ping__is_small_and_never_kept(browser: Browser) -> None:
    answer = browser.client.get(reverse("device_check:ping"))

    assert len(answer.content) < 10
    assert "no-store" in answer.headers["Cache-Control"]


def test_payload__comes_in_the_size_asked_for_and_is_never_the_same(browser: Browser) -> None:
    url = reverse("device_check:payload")
    first = browser.client.get(url, {"bytes": 50_000})

    assert len(first.content) == 50_000
    assert "no-store" in first.headers["Cache-Control"]
    assert browser.client.get(url, {"bytes": 50_000}).content != first.content


@pytest.mark.parametrize(
    "wanted", ["", "0", "-1", "1048577", "9" * 30, "1e3", "²", "٣", "0x10", "0000000012000000"]
)
def test_payload__has_limits(browser: Browser, wanted: str) -> None:
    assert browser.client.get(reverse("device_check:payload"), {"bytes": wanted}).status_code == 413


def test_payload_up__is_counted_and_limited(browser: Browser) -> None:
    def send(size: int) -> Any:
        return browser.client.post(
            reverse("device_check:payload"),
            bytes(size),
            content_type="application/octet-stream",
            headers={"X-CSRFToken": browser.token},
        )

    assert send(262_144).json() == {"bytes": 262_144}
    assert send(512 * 1024).json() == {"bytes": 512 * 1024}
    assert send(512 * 1024 + 1).status_code == 413


@pytest.mark.parametrize("name", ["runs", "step", "finish", "payload"])
def test_a_form_where_none_is_taken__is_refused(browser: Browser, name: str) -> None:
    browser.begin()

    answer = browser.client.post(
        address(name, browser.run), {"verdict": "ok"}, headers={"X-CSRFToken": browser.token}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unreadable")
    assert browser.row.finished_at is None


@pytest.mark.parametrize("name", ["runs", "analyse", "step", "finish"])
def test_reading__changes_nothing(browser: Browser, name: str) -> None:
    browser.begin()

    answer = browser.client.get(address(name, browser.run))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json()["error"]["code"] == "method_not_allowed"
    assert CheckRun.objects.count() == 1
