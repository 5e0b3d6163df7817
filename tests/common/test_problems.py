"""Errors for scripts: one shape, made in one place."""

import ast
import json
import re
from pathlib import Path

import pytest

import device_check
import diia_videoreception
from integrations.common.problems import error_response, retry_headers

FOLDERS = [Path(package.__file__).parent for package in (diia_videoreception, device_check)]
SUCCESS = {"201", "HTTPStatus.CREATED"}


def test_error_response__has_code_message_and_when_to_come_again() -> None:
    answer = error_response("busy", "Зачекайте", status=503, retry_after=7, reference="AB12")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "7"
    assert json.loads(answer.content) == {
        "error": {"code": "busy", "message": "Зачекайте", "reference": "AB12"}
    }
    assert "Retry-After" not in error_response("refused", "Ні", status=409).headers


def responses(source: str) -> list[str]:
    """The status of each JSON answer that has one."""
    return [
        ast.unparse(keyword.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "JsonResponse"
        for keyword in node.keywords
        if keyword.arg == "status"
    ]


def test_errors__are_found() -> None:
    assert responses("JsonResponse({}, status=405)\nJsonResponse({})") == ["405"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_errors__have_the_one_shape(folder: Path) -> None:
    problems = [
        f"{path.relative_to(folder)}: {status}"
        for path in folder.rglob("*.py")
        for status in responses(path.read_text())
        if status not in SUCCESS
    ]

    assert not problems


def test_refusals__say_when_to_come_again_by_one_function() -> None:
    assert retry_headers(None) == {}
    assert retry_headers(0.2) == {"Retry-After": "1"}
    by_hand = [
        path.relative_to(folder).as_posix()
        for folder in FOLDERS
        for path in folder.rglob("*.py")
        if re.search(r"[\"']Retry-After[\"']", path.read_text())
    ]

    assert not by_hand
