"""A check from its beginning to its verdict, as the page's script drives it (A-09)."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from device_check import verdicts
from device_check.models import CheckRun
from device_check.services import analysing
from device_check.vocabulary import Verdict
from tests.steps.device_check import Browser

pytestmark = pytest.mark.any_database

GOOD_CONNECTION = {"rtt_ms": 40, "loss_percent": 0, "kbit_per_s": 5000}


@pytest.fixture
def all_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Camera and microphone as the analysis finds them when all is well."""
    monkeypatch.setattr(
        analysing, "_analysed", lambda *args: verdicts.StepResult(Verdict.GOOD, (), {"a": 1})
    )


def report_rest(browser: Browser) -> None:
    assert browser.report("permission", "ok").status_code == 200
    assert browser.report("speakers", "ok").status_code == 200
    assert browser.report("connection", "ok", **GOOD_CONNECTION).status_code == 200
    assert browser.report("clock", "ok", skew_seconds=0.2).status_code == 200


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_everything_well__is_good_and_stays_with_the_person(olena: Browser, all_well: None) -> None:
    begun = olena.begin("olena-7")
    assert begun.status_code == 201
    assert begun.json()["limits"]["images"] == 5
    olena.send(image=b"1", audio=b"2")
    report_rest(olena)

    answer = olena.finish(next="/cabinet/")

    assert answer.json()["verdict"] == "good"
    assert answer.json()["next"] == "/cabinet/"
    assert answer.json()["summary"]["camera"] == {"verdict": "ok", "problems": []}
    assert next(iter(answer.json()["summary"])) == "permission", "in the order of the page"
    row = olena.row
    assert (row.subject, row.context, row.verdict) == ("olena", "olena-7", "good")
    assert row.valid_until is not None
    assert row.finished_at is not None
    assert row.valid_until - row.finished_at == timedelta(days=14)
    assert row.valid_until.isoformat() == answer.json()["valid_until"]
    assert row.steps["connection"]["measures"] == GOOD_CONNECTION


def test_no_microphone__is_bad(browser: Browser, all_well: None) -> None:
    browser.begin()
    browser.send(image=b"1")
    browser.report("microphone", "problem", "no_device")
    report_rest(browser)

    answer = browser.finish().json()

    assert answer["verdict"] == "bad"
    assert answer["summary"]["microphone"] == {"verdict": "problem", "problems": ["no_device"]}


def test_a_skipped_step__is_never_called_good(browser: Browser, all_well: None) -> None:
    browser.begin()
    browser.send(image=b"1", audio=b"2")
    report_rest(browser)
    browser.report("speakers", "skipped")

    assert browser.finish().json()["verdict"] == "not_checked"


def test_finished_without_a_step__is_not_checked(browser: Browser) -> None:
    browser.begin()

    assert browser.finish().json()["verdict"] == "not_checked"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", 5]
)
def test_the_way_on__never_leaves_the_portal(browser: Browser, elsewhere: Any) -> None:
    browser.begin()

    assert browser.finish(next=elsewhere).json()["next"] == ""


def test_a_finished_run__takes_nothing_more(browser: Browser) -> None:
    browser.begin()
    browser.finish()
    before = browser.row.finished_at

    assert code(browser.report("speakers", "ok")) == (409, "run_finished")
    assert code(browser.send(image=b"1")) == (409, "run_finished")
    assert browser.finish().json()["verdict"] == "not_checked", "the answer may have been missed"
    assert (browser.row.steps, browser.row.finished_at) == ({}, before)


def test_an_old_run__takes_nothing_more(browser: Browser) -> None:
    browser.begin()
    CheckRun.objects.update(started_at=timezone.now() - timedelta(minutes=30))

    assert code(browser.report("speakers", "ok")) == (409, "run_expired")
    assert code(browser.send(image=b"1")) == (409, "run_expired")
    assert code(browser.finish()) == (409, "run_expired")
    assert browser.row.steps == {}


def test_another_browser__does_not_find_the_run(
    olena: Browser, configure: Callable[..., None]
) -> None:
    olena.begin()
    for other in (Browser("olena"), Browser("petro"), Browser()):
        other.begin()
        other.run = olena.run
        assert code(other.report("speakers", "ok")) == (404, "not_found")
        assert code(other.send(image=b"1")) == (404, "not_found")
        assert code(other.finish()) == (404, "not_found")
    assert olena.row.steps == {}
    assert olena.row.finished_at is None


def test_the_next_person_at_the_same_browser__does_not_find_the_run(olena: Browser) -> None:
    olena.begin()
    olena.client.defaults["HTTP_X_PERSON"] = "petro"

    assert code(olena.finish()) == (404, "not_found")


@pytest.mark.parametrize("context", ["petro-1", "olena", "olena-" + "o" * 95, "olena-\0"])
def test_a_foreign_context__is_not_found(olena: Browser, context: str) -> None:
    assert code(olena.begin(context)) == (404, "not_found")
    assert not CheckRun.objects.exists()


def test_a_guest__checks_for_no_context(browser: Browser) -> None:
    assert code(browser.begin("olena-1")) == (404, "not_found")
    assert browser.begin().status_code == 201
    assert browser.row.subject == ""


def test_the_browser__is_kept_in_a_few_words(db: None, configure: Callable[..., None]) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36"
    browser = Browser(HTTP_USER_AGENT=agent)
    browser.begin()

    assert browser.row.browser == "Chrome 156, Windows"


def test_relays__get_credentials_that_end(
    browser: Browser, configure: Callable[..., None], time_machine: Any
) -> None:
    time_machine.move_to("2026-12-01T08:00:00+00:00", tick=False)
    configure(
        TURN={
            "URLS": ["turn:turn.gov.ua:3478", "turns:turn.gov.ua:443?transport=tcp"],
            "SECRET": "shared-with-coturn",
            "TTL_MINUTES": 10,
        }
    )

    udp, tls = browser.begin().json()["turn"]

    ends, _, user = udp["username"].partition(":")
    assert int(ends) == int((timezone.now() + timedelta(minutes=10)).timestamp())
    assert user == browser.run.replace("-", "")
    digest = hmac.new(b"shared-with-coturn", udp["username"].encode(), hashlib.sha1).digest()
    assert udp["credential"] == base64.b64encode(digest).decode()
    assert (udp["transport"], udp["urls"]) == ("udp", ["turn:turn.gov.ua:3478"])
    assert tls["transport"] == "tls"


def test_without_relays__there_are_no_credentials(browser: Browser) -> None:
    assert browser.begin().json()["turn"] == []
