"""Requests made to break the API: each gets its refusal, and no error of the server."""

import base64
import copy
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from diia_videoreception.models import Occupancy, Official
from diia_videoreception.services.booking import drafts
from integrations.captcha.altcha import AltchaCaptcha
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.steps.api import API

DEEP = "[" * 100_000


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_an_error_nobody_foresaw__is_json_with_a_number(
    client: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    mailoutbox: list[Any],
    settings: Any,
) -> None:
    def fail(**values: object) -> None:
        raise RuntimeError("ОЗНАКА")

    settings.ADMINS, settings.DEBUG = [("Адміністратор", "admin@example.com")], False
    client.raise_request_exception = False
    monkeypatch.setattr(drafts, "save_answers", fail)

    answer = client.put(f"{API}/draft", {"topic": "ОЗНАКА"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert f"Unexpected error {answer.json()['reference']}" in caplog.text
    assert "ОЗНАКА" not in answer.text
    assert len(mailoutbox) == 1, "Django still tells the administrators"


def test_json_nested_too_deeply__is_malformed(client: APIClient) -> None:
    answer = client.put(f"{API}/draft", DEEP, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "once"}])
def test_a_body_beyond_all_need__is_not_read(client: APIClient, headers: dict[str, str]) -> None:
    body = '{"topic": "' + "x" * (3 * 1024 * 1024) + '"}'

    answer = client.put(f"{API}/draft", body, content_type="application/json", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_upload_beyond_all_need__is_not_read(client: APIClient) -> None:
    file = SimpleUploadedFile("довідка.png", b"\x89PNG" + b"x" * (7 * 1024 * 1024))

    answer = client.post(f"{API}/draft/documents", {"file": file}, format="multipart")

    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("start", ["9999-12-31T21:55:00Z", "0001-01-01T02:05:00+02:05"])
def test_a_time_at_the_end_of_the_calendar__is_outside_the_schedule(
    client: APIClient, official: Official, start: str
) -> None:
    body: dict[str, Any] = {"official": official.pk, "start": start, "captcha": solved_captcha()}

    answer = client.post(f"{API}/holds", body, format="json")

    assert answer.status_code in {400, 409}
    assert answer.json()["code"] in {"invalid", "outside_schedule"}


_SHAPES = (5000.0, 1e999, -1, 0, 2**70, True, None, "", "ї", "00", [], {}, [1], {"a": 1})


def test_a_solved_proof_changed_in_any_part__breaks_nothing() -> None:
    """The signature is over canonical JSON, to which 5000.0 is 5000."""
    solved = json.loads(base64.b64decode(solved_captcha()))
    places = [("challenge",), ("challenge", "parameters"), ("solution",)]
    places += [("challenge", "signature"), *(("solution", name) for name in solved["solution"])]
    extra = {"memoryCost": 1, "parallelism": 1, "keySignature": "", "data": {}}
    parameters = solved["challenge"]["parameters"]
    places += [("challenge", "parameters", name) for name in parameters | extra]
    for *path, name in places:
        old = parameters.get(name)
        for value in (*_SHAPES, *([float(old)] if isinstance(old, int) else ())):
            proof = copy.deepcopy(solved)
            inner = proof
            for step in path:
                inner = inner[step]
            inner[name] = value
            AltchaCaptcha().verify(encoded(json.dumps(proof)))


@pytest.mark.parametrize(
    "payload",
    [
        encoded("[" * 6000),
        encoded('{"challenge": ' + "[" * 5000),
        encoded('{"challenge": {}, "solution": {}}'),
        encoded('{"challenge": {"parameters": null}, "solution": null}'),
        encoded('{"challenge": [], "solution": 1e999}'),
        "не base64",
    ],
)
def test_a_false_proof_of_any_shape__is_refused(
    client: APIClient, official: Official, payload: str
) -> None:
    body = {"official": official.pk, "start": START.isoformat(), "captcha": payload}

    answer = client.post(f"{API}/holds", body, format="json")

    assert answer.json()["code"] == "captcha_failed"
    assert not Occupancy.objects.exists()
