"""Pictures and sounds on their way to the analysis, and what comes back into the run."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter

from device_check import analysis
from device_check.services import analysing
from device_check.workers import client
from device_check.workers.protocol import NotAnalysedReason
from tests.device_check.web import samples
from tests.steps.device_check import Browser

pytestmark = pytest.mark.any_database


def test_a_covered_lens__is_found_and_stored(browser: Browser) -> None:
    browser.begin()

    answer = browser.send(image=[samples.black_jpeg()] * 5).json()

    assert answer["status"] == "analysed"
    assert answer["verdict"] == "bad"
    assert {"covered", "too_dark"} & set(answer["problems"]) == {"covered"}, "a lamp would not help"
    assert answer["measures"]["image"]
    step = browser.row.steps["camera"]
    assert step["verdict"] == "problem"
    assert "covered" in step["problems"]
    assert step["measures"] == answer["measures"]["image"]
    assert "microphone" not in browser.row.steps


def test_a_silent_microphone__is_found_and_stored(browser: Browser) -> None:
    browser.begin()

    answer = browser.send(audio=samples.wav()).json()

    assert answer["problems"] == ["silent"]
    assert browser.row.steps["microphone"]["problems"] == ["silent"]
    assert browser.row.steps["microphone"]["verdict"] == "problem"
    assert "camera" not in browser.row.steps


def test_a_tone__is_not_silence(browser: Browser) -> None:
    browser.begin()

    assert "silent" not in browser.send(audio=samples.wav(level=0.2)).json()["problems"]


def test_thresholds_of_the_portal__count(browser: Browser, configure: Callable[..., None]) -> None:
    configure(THRESHOLDS={"silent_peak": -1000, "silent_level": -1000})
    browser.begin()

    assert "silent" not in browser.send(audio=samples.wav()).json()["problems"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "nothing_given"),
        ({"image": b"GIF89a" + bytes(100)}, "not_jpeg"),
        ({"image": samples.black_jpeg()[:200]}, "truncated"),
        ({"image": samples.bomb()}, "too_many_pixels"),
        ({"image": [samples.black_jpeg()] * 6}, "too_many"),
        ({"audio": b"RIFF" + bytes(100)}, "not_wav"),
        ({"audio": [samples.wav(), samples.wav()]}, "too_many"),
    ],
)
def test_what_cannot_be_used__is_refused_and_changes_nothing(
    browser: Browser, files: dict[str, Any], code: str
) -> None:
    browser.begin()

    answer = browser.send(**files)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert browser.row.steps == {}


@pytest.mark.parametrize(
    "files", [{"image": bytes(600 * 1024 + 1)}, {"audio": bytes(300 * 1024 + 1)}]
)
def test_one_file_too_large__is_413(browser: Browser, files: dict[str, bytes]) -> None:
    browser.begin()

    assert browser.send(**files).status_code == 413


class Untouched:
    """A body that nobody may begin to read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body is read before its size is known to be right")

    readline = read


def test_too_many_bytes__are_refused_unread(browser: Browser) -> None:
    browser.begin()
    answer = browser.client.generic(
        "POST",
        reverse("device_check:analyse", args=[browser.run]),
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": browser.token},
        **{"CONTENT_LENGTH": str(4 * 1024 * 1024), "wsgi.input": Untouched()},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("length", ["abc", "-1"])
def test_a_senseless_length__is_no_fault_of_the_server(browser: Browser, length: str) -> None:
    browser.begin()
    answer = browser.client.generic(
        "POST",
        reverse("device_check:analyse", args=[browser.run]),
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": browser.token},
        CONTENT_LENGTH=length,
    )

    assert answer.status_code == 400


def test_a_broken_body__is_told(browser: Browser) -> None:
    browser.begin()
    answer = browser.client.generic(
        "POST",
        reverse("device_check:analyse", args=[browser.run]),
        b"--x\r\nContent-Disposition: form-data; name=",
        content_type="multipart/form-data; boundary=" + "x" * 300,
        headers={"X-CSRFToken": browser.token},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unreadable")


def test_nothing__touches_the_disk(
    browser: Browser, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile", None)
    browser.begin()

    assert browser.send(audio=samples.wav()).status_code == 200


def test_the_portal__may_take_fewer_pictures(
    browser: Browser, configure: Callable[..., None]
) -> None:
    configure(MAX_IMAGES=1)
    browser.begin()

    answer = browser.send(image=[samples.black_jpeg()] * 2)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "too_many")


@pytest.mark.parametrize("error", [MemoryError, ValueError, IndexError, ZeroDivisionError])
def test_an_analysis_that_fails__never_blocks_the_check(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def failing(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(analysing, "analyse", failing)
    browser.begin()

    answer = browser.send(image=samples.black_jpeg(), audio=samples.wav())

    assert answer.status_code == 200
    assert answer.json()["status"] == answer.json()["verdict"] == "not_checked"
    assert browser.row.steps["camera"]["problems"] == ["analysis_failed"]
    assert browser.finish().json()["verdict"] == "not_checked"


def _reason_of_none() -> str:
    """Why this process has not analysed; empty when it has."""
    try:
        analysing._here([], b"")
    except analysing._NotAnalysed as error:
        return error.reason
    return ""


def test_fifty_at_once__no_more_than_the_places_run_and_nobody_waits(
    monkeypatch: pytest.MonkeyPatch, configure: Callable[..., None]
) -> None:
    configure(ANALYSES_AT_ONCE=3)
    everybody_tried = threading.Event()
    running: list[int] = []
    found: list[object] = []

    def slow(*args: Any, **kwargs: Any) -> analysis.Analysis:
        running.append(1)
        assert everybody_tried.wait(60)
        return analysis.Analysis(analysis.Verdict.GOOD, (), {})

    def one() -> None:
        found.append(_reason_of_none())
        if len(found) == 47:
            everybody_tried.set()

    monkeypatch.setattr(analysing, "analyse", slow)
    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(running) == 3
    assert found.count("analysis_busy") == 47
    assert _reason_of_none() == "", "the places are free again"


def test_a_busy_server__says_that_nothing_was_checked(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysing._places, "_taken", 2)
    browser.begin()

    answer = browser.send(audio=samples.wav())

    assert answer.status_code == 200
    assert answer.json()["status"] == "not_checked"
    assert answer.json()["problems"] == ["analysis_busy"]


def test_the_report_of_an_error__holds_no_picture(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(analysing, "analyse", fail)
    browser.begin()

    with pytest.raises(RuntimeError) as failure:
        browser.send(image=b"a person's picture")

    reporter = ExceptionReporter(RequestFactory().get("/"), failure.type, failure.value, failure.tb)
    ours = [
        frame
        for frame in reporter.get_traceback_frames()
        if frame["filename"].endswith(("services/analysing.py", "web/views.py"))
    ]
    assert {"images", "public_id"} <= {name for frame in ours for name, _ in frame["vars"]}
    assert "picture" not in str([frame["vars"] for frame in ours])


def test_sounds_as_pictures__are_no_pictures(browser: Browser) -> None:
    browser.begin()
    answer = browser.client.post(
        reverse("device_check:analyse", args=[browser.run]),
        {"image": SimpleUploadedFile("0.jpg", samples.wav(), "image/jpeg")},
        headers={"X-CSRFToken": browser.token},
    )

    assert answer.json()["error"]["code"] == "not_jpeg"


@pytest.fixture
def workers(
    monkeypatch: pytest.MonkeyPatch, configure: Callable[..., None]
) -> Callable[..., dict[str, Any]]:
    """`workers(result)`: a broker that answers with the result, or raises it; gives what was asked."""
    configure(
        WORKERS={"ENDPOINT": "ipc:///run/nowhere/check.sock", "DEADLINE_SECONDS": 3},
        THRESHOLDS={"dark_luma": 61},
    )

    def answering(result: Any) -> dict[str, Any]:
        asked: dict[str, Any] = {}

        def answer(images: Any, audio: Any, **options: Any) -> Any:
            asked.update(options, images=images, audio=audio)
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(client, "analyse", answer)
        return asked

    return answering


def test_with_workers__they_are_asked(
    browser: Browser, workers: Callable[..., dict[str, Any]]
) -> None:
    found = analysis.Analysis(
        analysis.Verdict.USABLE, (analysis.Problem.BACKLIGHT,), {"image": {"luma": 90.0}}
    )
    asked = workers(found)
    browser.begin()

    answer = browser.send(image=[b"one", b"two"]).json()

    assert (asked["images"], asked["audio"]) == ([b"one", b"two"], None)
    assert (asked["endpoint"], asked["deadline_seconds"]) == ("ipc:///run/nowhere/check.sock", 3)
    assert asked["thresholds"].dark_luma == 61
    assert (answer["verdict"], answer["problems"]) == ("usable", ["backlight"])
    assert browser.row.steps["camera"] == {
        "verdict": "advice", "problems": ["backlight"], "measures": {"luma": 90.0},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (NotAnalysedReason.BUSY, "analysis_busy"),
        (NotAnalysedReason.TIMEOUT, "analysis_failed"),
        (NotAnalysedReason.WORKER_DIED, "analysis_failed"),
        (NotAnalysedReason.UNAVAILABLE, "analysis_failed"),
    ],
)
def test_workers_that_do_not_answer__never_block_the_check(
    browser: Browser, workers: Callable[..., dict[str, Any]], refusal: NotAnalysedReason, code: str
) -> None:
    workers(client.NotAnalysed(refusal))
    browser.begin()

    answer = browser.send(audio=samples.wav())

    assert (answer.status_code, answer.json()["status"]) == (200, "not_checked")
    assert browser.row.steps["microphone"]["problems"] == [code]


def test_what_workers_cannot_use__is_refused(
    browser: Browser, workers: Callable[..., dict[str, Any]]
) -> None:
    workers(analysis.UnusableInput(analysis.InputError.LYING_HEADER))
    browser.begin()

    answer = browser.send(audio=b"RIFF")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "lying_header")
