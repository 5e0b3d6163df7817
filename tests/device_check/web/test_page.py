"""The page of the check: what it tells its script, and who may put it into a frame."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from device_check.web.page import check_context
from tests.harness.html import Page
from tests.steps.device_check import Browser


@pytest.fixture
def page(db: None, configure: Callable[..., None]) -> Callable[..., Any]:
    def get(**query: str) -> Any:
        return Client().get(reverse("device_check:page"), query)

    return get


def test_the_page__may_ask_for_camera_and_microphone(page: Callable[..., Any]) -> None:
    answer = page()

    assert answer.status_code == 200
    for device in ("camera", "microphone", "autoplay", "speaker-selection"):
        assert f"{device}=(self)" in answer.headers["Permissions-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "csrftoken" in answer.cookies
    assert "/device-check/runs/" in answer.content.decode()


def test_the_page__stands_in_no_frame(page: Callable[..., Any]) -> None:
    assert page().headers["X-Frame-Options"] == "DENY"


def test_in_frames__of_the_portal_only(page: Callable[..., Any]) -> None:
    answer = page(embed="1")

    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self';" in answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_in_frames__of_the_origins_named(
    page: Callable[..., Any], configure: Callable[..., None]
) -> None:
    configure(EMBED_ORIGINS=["https://dopomoha.gov.ua", "https://a.ua; script-src *", "*"])

    answer = page(embed="1")

    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://dopomoha.gov.ua;" in policy
    assert "*" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert page().headers["X-Frame-Options"] == "DENY", "without embed=1"


def test_in_the_portals_own_frame__but_not_in_frames_of_others(
    page: Callable[..., Any], configure: Callable[..., None]
) -> None:
    configure(BASE_TEMPLATE="diia_videoreception/base.html")

    assert "Запис на відеоприйом" in page().content.decode()
    assert "Запис на відеоприйом" not in page(embed="1").content.decode()


def test_a_foreign_context__is_no_page(page: Callable[..., Any]) -> None:
    assert page(context="olena-1").status_code == 404


def test_only_what_somebody_will_see__is_saved(olena: Browser) -> None:
    def shown(**query: str) -> Page:
        return Page(olena.client.get(reverse("device_check:page"), query))

    assert shown(context="olena-1").for_scripts.has('[data-act="save"]')
    assert not shown().for_scripts.has('[data-act="save"]')
    assert "Цей результат бачите лише Ви" in shown().for_scripts.text


def test_the_way_back__is_local(page: Callable[..., Any]) -> None:
    assert "evil.example" not in page(next="https://evil.example/").content.decode()
    assert "/cabinet/x/" in page(next="/cabinet/x/").content.decode()


def request_of(person: str = "") -> HttpRequest:
    request = RequestFactory().get("/", headers={"X-Person": person})
    request.session = {}  # type: ignore[assignment]
    return request


@pytest.mark.django_db
def test_config__is_json_and_names_no_secret(configure: Callable[..., None]) -> None:
    configure(TURN={"URLS": ["turn:turn.gov.ua"], "SECRET": "shared-with-coturn"})

    config = check_context(request_of("olena"), context="olena-1", next_url="/x/")["config"]

    assert json.loads(json.dumps(config)) == config
    assert config["context"] == "olena-1"
    assert config["has_turn"] is True
    assert config["connection"]["good"] == {
        "rtt_ms": 200, "loss_percent": 3, "kbit_per_s": 1000,
    }  # fmt: skip
    assert "shared-with-coturn" not in json.dumps(config)


def test_last_run__is_the_persons_own(olena: Browser) -> None:
    olena.begin("olena-1")
    olena.finish()

    mine = check_context(request_of("olena"), context="olena-1")
    assert mine["last_run"] == olena.row
    assert mine["last_run_is_valid"] is True
    assert check_context(request_of("olena"))["last_run"] is None, "of another context"
    assert check_context(request_of())["last_run"] is None


def test_the_run_of_a_guest__is_nobodys(browser: Browser) -> None:
    browser.begin()
    browser.finish()

    assert check_context(request_of())["last_run"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(("context", "shown"), [("olena-1", "olena-1"), ("petro-1", "")])
def test_the_tag__puts_the_check_into_a_page(
    configure: Callable[..., None], context: str, shown: str
) -> None:
    template = Template("{% load device_check %}{% device_check context=context next='/x/' %}")

    page = Page(template.render(Context({"request": request_of("olena"), "context": context})))

    check = page.one("[data-context]")
    assert check.attribute("data-context") == shown
    assert check.attribute("data-next") == "/x/"
    assert page.token


@pytest.mark.django_db
def test_the_tag__takes_none_for_no_context(configure: Callable[..., None]) -> None:
    configure(MAY_USE_CONTEXT="tests.steps.device_check.any_context")
    template = Template("{% load device_check %}{% device_check context=None %}")

    page = Page(template.render(Context({"request": request_of("olena")})))

    assert [one.attribute("data-context") for one in page.all("[data-context]")] == [""]
