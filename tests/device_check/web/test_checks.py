"""The system checks: each wrong setting is named, a right portal is not bothered."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from device_check import checks
from device_check.conf import app_settings


def found(*, deployment: bool = False) -> dict[str, str]:
    """Our messages by id; of several with one id the texts together."""
    messages: dict[str, str] = {}
    for message in [
        *checks.check_settings(),
        *checks.check_files(),
        *(checks.check_deployment() if deployment else ()),
    ]:
        key = str(message.id).partition(".")[2]
        messages[key] = f"{messages.get(key, '')}{message.msg}\n"
    return messages


def test_django__runs_them(settings: Any) -> None:
    settings.DEVICE_CHECK = {"STYLESHEET": "nowhere.css", "VALID_DAY": 1}
    ids = {message.id for message in run_checks(include_deployment_checks=True)}

    assert {
        "diia_device_check.E001",
        "diia_device_check.E007",
        "diia_device_check.W012",
    } <= ids


def test_a_right_portal__has_no_errors() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("values", "key", "words"),
    [
        ({"VALID_DAY": 3}, "E001", "unknown key 'VALID_DAY'"),
        ({"VALID_DAYS": "3"}, "E001", "['VALID_DAYS'] must be a positive whole number"),
        ({"VALID_DAYS": True}, "E001", "['VALID_DAYS'] must be a positive whole number"),
        ({"STYLESHEET": 1}, "E001", "['STYLESHEET'] must be a string"),
        ({"EMBED_ORIGINS": "https://a.ua"}, "E001", "['EMBED_ORIGINS'] must be a list"),
        ({"THRESHOLDS": {"dark_luma": "60"}}, "E001", "['THRESHOLDS'] must be a dict of numbers"),
        ({"THROTTLE": {"run": 5}}, "E001", "['THROTTLE'] must be a dict of strings"),
        ({"TURN": {"URL": "turn:a"}}, "E001", "['TURN'] has an unknown key 'URL'"),
        ({"TURN": {"TTL_MINUTES": 0}}, "E001", "['TURN']['TTL_MINUTES'] must be a positive"),
        ({"HELP": ["0 800"]}, "E001", "['HELP'] must be a dict"),
        ({"SUBJECT": "nowhere.subject"}, "E002", "['SUBJECT'] cannot be imported"),
        ({"MAY_USE_CONTEXT": "django.VERSION"}, "E002", "['MAY_USE_CONTEXT'] is no function"),
        ({"TURN": {"URLS": ["turn:a"]}}, "E003", "['SECRET'] is missing"),
        ({"TURN": {"URLS": ["stun:a"], "SECRET": "x"}}, "E003", "no address of a TURN server"),
        ({"WORKERS": {"ENDPOINT": "http://a"}}, "E004", "['WORKERS']: ENDPOINT must look like"),
        ({"WORKERS": {"ENDPOINT": "tcp://10.0.0.5:1"}}, "E004", "['WORKERS']: KEYS is needed"),
        ({"REPORTS": {"ENDPOINT": "ipc:///a"}}, "E004", "['REPORTS']['ENDPOINT'] must look"),
        ({"REPORTS": {"ENDPOINT": "tcp://[x"}}, "E004", "['REPORTS']['ENDPOINT'] must look"),
        ({"REPORTS": {"ENDPOINT": "tcp://0.0.0.0:1"}}, "E004", "['REPORTS']['KEYS'] is missing"),
        ({"THRESHOLDS": {"darkness": 3}}, "E005", "unknown name 'darkness'"),
        ({"EMBED_ORIGINS": ["https://a.ua/path"]}, "E006", "'https://a.ua/path'"),
        ({"EMBED_ORIGINS": ["http://a.ua"]}, "E006", "no https origin"),
        ({"STYLESHEET": "nowhere.css"}, "E007", "no static file: 'nowhere.css'"),
        ({"BASE_TEMPLATE": "nowhere.html"}, "E008", "no template: 'nowhere.html'"),
    ],
)
def test_a_wrong_setting__is_named(
    settings: Any, values: dict[str, Any], key: str, words: str
) -> None:
    settings.DEVICE_CHECK = values
    assert words in found()[key]


def test_a_setting_that_is_no_dict__is_told(settings: Any) -> None:
    settings.DEVICE_CHECK = ["TURN"]
    assert "must be a dict" in found()["E001"]


@pytest.mark.parametrize("off", ["", None, {}])
def test_parts__can_be_switched_off(settings: Any, off: Any) -> None:
    settings.DEVICE_CHECK = {"TURN": off, "WORKERS": off, "REPORTS": off}
    assert found() == {}


def test_a_missing_face_model__is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MODEL", checks.MODEL.with_name("other.tflite"))
    assert "other.tflite is missing" in found()["E009"]


@override_settings(ROOT_URLCONF="wagtail.admin.urls")
def test_addresses_that_are_not_included__are_told() -> None:
    messages = {message.id: message for message in checks.check_files()}
    assert 'include("device_check.urls")' in str(messages["diia_device_check.E010"].hint)


def test_what_a_service_needs__is_told_before_deployment(settings: Any) -> None:
    settings.DEVICE_CHECK = {}
    assert {"W011", "W012"} <= found(deployment=True).keys()
    settings.DEVICE_CHECK = {
        "HELP": {"PHONE": "0 800 000 000"},
        "TURN": {"URLS": ["turn:a"], "SECRET": "x"},
    }
    assert not found(deployment=True)


def test_a_secret__is_not_shown(settings: Any) -> None:
    settings.DEVICE_CHECK = {"TURN": {"URLS": ["turn:a"], "SECRET": "shared-with-coturn"}}
    assert "shared-with-coturn" not in repr(app_settings.turn)
