"""System checks: what the portal has to set up, each with its own id and a hint how."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from device_check.analysis import Thresholds
from device_check.conf import SETTING, app_settings, read_settings
from device_check.web.page import is_origin
from integrations.common.urls import split_url

MODEL = Path(__file__).parent / "data" / "face_detection_short_range.tflite"
TURN_SCHEMES = ("turn:", "turns:")


def _error(number: int, text: str, hint: str = "") -> Error:
    return Error(text, hint=hint or None, id=f"diia_device_check.E{number:03}")


@register()
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """E001: unknown keys and wrong types. E002: functions of the host. E003: TURN. E004: workers and
    reports. E005: names of thresholds. E006: origins of frames.
    """
    problems = read_settings(getattr(settings, SETTING, {}))[1]
    return [
        *(_error(1, problem) for problem in problems),
        *_check_host_functions(),
        *_check_turn(),
        *_check_endpoints(),
        *_check_names(),
    ]


def _check_host_functions() -> Iterator[CheckMessage]:
    for key, path in (
        ("SUBJECT", app_settings.subject),
        ("MAY_USE_CONTEXT", app_settings.may_use_context),
    ):
        try:
            if path and not callable(import_string(path)):
                yield _error(2, f"{SETTING}[{key!r}] is no function: {path!r}.")
        except ImportError:
            yield _error(2, f"{SETTING}[{key!r}] cannot be imported: {path!r}.")


def _check_turn() -> Iterator[CheckMessage]:
    turn = app_settings.turn
    if turn.urls and not turn.secret:
        yield _error(
            3,
            f"{SETTING}['TURN']['SECRET'] is missing: nobody could use the servers.",
            hint="It is static-auth-secret of coturn.",
        )
    for url in turn.urls:
        if not url.startswith(TURN_SCHEMES):
            yield _error(3, f"{SETTING}['TURN']['URLS'] has no address of a TURN server: {url!r}.")


def _check_endpoints() -> Iterator[CheckMessage]:
    for problem in app_settings.workers.problems():
        yield _error(4, f"{SETTING}['WORKERS']: {problem}")
    reports = app_settings.reports
    parts = split_url(reports.endpoint)
    if parts is None or (reports.endpoint and parts.scheme != "tcp"):
        yield _error(
            4,
            f"{SETTING}['REPORTS']['ENDPOINT'] must look like tcp://0.0.0.0:5571.",
        )
    elif reports.endpoint and not reports.keys:
        yield _error(4, f"{SETTING}['REPORTS']['KEYS'] is missing: nobody could trust the portal.")


def _check_names() -> Iterator[CheckMessage]:
    known = {item.name for item in fields(Thresholds)}
    for name in app_settings.thresholds:
        if name not in known:
            yield _error(5, f"{SETTING}['THRESHOLDS'] has an unknown name {name!r}.")
    for origin in app_settings.embed_origins:
        if not is_origin(origin):
            yield _error(
                6,
                f"{SETTING}['EMBED_ORIGINS'] has no https origin: {origin!r}.",
                hint='Like "https://dopomoha.gov.ua", without a path.',
            )


@register()
def check_files(**kwargs: Any) -> list[CheckMessage]:
    """E007: the stylesheet. E008: the base template. E009: the face model. E010: the addresses."""
    messages: list[CheckMessage] = []
    if finders.find(app_settings.stylesheet) is None:
        name = app_settings.stylesheet
        messages.append(_error(7, f"{SETTING}['STYLESHEET'] is no static file: {name!r}."))
    try:
        get_template(app_settings.base_template)
    except TemplateDoesNotExist:
        name = app_settings.base_template
        messages.append(_error(8, f"{SETTING}['BASE_TEMPLATE'] is no template: {name!r}."))
    if not MODEL.is_file():
        messages.append(
            _error(
                9,
                f"The face model {MODEL.name} is missing from the package: no check could be made.",
                hint="Install the package anew.",
            )
        )
    try:
        reverse("device_check:page")
    except NoReverseMatch:
        messages.append(
            _error(
                10,
                "The addresses of the device check are not included in the portal's.",
                hint='path("device-check/", include("device_check.urls"))',
            )
        )
    return messages


@register(deploy=True)
def check_deployment(**kwargs: Any) -> list[CheckMessage]:
    """W011: nobody is named who helps. W012: without TURN the way through the network is a guess."""
    messages: list[CheckMessage] = []
    if not (app_settings.help.phone or app_settings.help.url):
        messages.append(
            CheckWarning(
                f"{SETTING}['HELP'] is missing: who gets stuck finds nobody to ask.",
                id="diia_device_check.W011",
            )
        )
    if not app_settings.turn.urls:
        messages.append(
            CheckWarning(
                f"{SETTING}['TURN'] is missing: only HTTP is measured, not the way of a call.",
                id="diia_device_check.W012",
            )
        )
    return messages
