"""Any gateway by its description: requests, answers, reports."""

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import pytest

from integrations.sms.base import (
    DeliveryOutcome,
    ReportRefused,
    SmsRefused,
    SmsUnavailable,
    TextMessage,
)
from integrations.sms.http_gateway import HttpGateway, HttpGatewayOptions
from integrations.sms.templates import found_at, read_json
from tests.harness.clock import NOW
from tests.harness.sms_gateway import Answer, Gateway, sms_gateway
from tests.steps.sms import options_of, signed

PHONE = "+380671234567"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with sms_gateway() as listening:
        yield listening


def provider(gateway: Gateway, **changes: Any) -> HttpGateway:
    return HttpGateway(HttpGatewayOptions(**options_of(gateway.url, **changes)))


def message(text: str = "Відеоприйом 01.12", key: str = "0f" * 16) -> TextMessage:
    return TextMessage(key, PHONE, text, valid_until=NOW + timedelta(minutes=90, seconds=30))


def test_request__is_the_template_with_its_values(gateway: Gateway) -> None:
    assert provider(gateway).send(message(), now=NOW) == "gw-1"
    ((headers, _body),) = gateway.requests
    assert headers["Authorization"] == "Bearer key-of-the-portal"
    assert headers["Content-Type"] == "application/json"
    assert gateway.bodies == [
        {
            "to": PHONE,
            "content": {"text": "Відеоприйом 01.12", "from": "Portal"},
            "ref": "0f" * 16,
            "until": "2026-11-23T09:30:30Z",
            "ttl": 90,
        }
    ]


@pytest.mark.parametrize(
    "text",
    [
        '","to":"+10000000000',
        "{valid_until}{phone}{id}{text}",
        "a&to=1",
        "\\u0022\n\r\0",
        "{",
        "%s${x}",
    ],
)
def test_value__stays_a_value_whatever_it_looks_like(gateway: Gateway, text: str) -> None:
    provider(gateway, body={"a": "<{text}|{id}>"} | options_of("")["body"]).send(
        message(text), now=NOW
    )
    flat = {"to": "{phone_digits}", "text": "{text}", "id": "{id}"}
    provider(gateway, body=flat, body_format="form").send(message(text), now=NOW)

    (_, as_json), (headers, as_form) = gateway.requests
    assert read_json(as_json)["content"] == {"text": text, "from": "Portal"}
    assert read_json(as_json)["a"] == f"<{text}|{'0f' * 16}>"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(as_form.decode(), keep_blank_values=True) == {
        "to": ["380671234567"], "text": [text], "id": ["0f" * 16]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(500), SmsUnavailable),
        (Answer(401), SmsUnavailable),
        (Answer(429), SmsUnavailable),
        (Answer(302, location="http://127.0.0.1:9/"), SmsUnavailable),
        (Answer(400), SmsRefused),
        (Answer(200, b'{"result": "blocked"}'), SmsRefused),
        (Answer(200, b'{"result": "error"}'), SmsUnavailable),
        (Answer(200, b'{"result": {"ok": 1}}'), SmsUnavailable),
        (Answer(200, b'["result", "ok"]'), SmsUnavailable),
        (Answer(200, b"<html>ok</html>"), SmsUnavailable),
        (Answer(200, b"[" * 60_000), SmsUnavailable),
        (Answer(200, b" " * 70_000), SmsUnavailable),
        (Answer(200, b""), SmsUnavailable),
    ],
)
def test_answer__that_takes_nothing_is_told_apart(
    gateway: Gateway, answer: Answer, error: type[Exception]
) -> None:
    gateway.answers = [answer]
    with pytest.raises(error) as raised:
        provider(gateway).send(message(), now=NOW)
    assert PHONE not in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b'{"result": "ok", "message": {"id": 42}}', "42"),
        (b'{"result": "ok", "message": {"id": null}}', ""),
        (b'{"result": "ok", "message": []}', ""),
        (b'{"result": "ok", "message": {"id": "a b"}}', ""),
        (b'{"result": "ok", "message": {"id": "' + b"x" * 65 + b'"}}', ""),
    ],
)
def test_name_of_the_gateway__is_kept_when_it_is_one(
    gateway: Gateway, body: bytes, key: str
) -> None:
    gateway.answers = [Answer(body=body)]
    assert provider(gateway).send(message(), now=NOW) == key


def test_status_alone__may_be_enough(gateway: Gateway) -> None:
    gateway.answers = [Answer(202, b"")]
    bare = provider(gateway, result_path="", accepted=[], id_path="")
    assert bare.send(message(), now=NOW) == ""


def test_slow_gateway__is_not_waited_for(gateway: Gateway) -> None:
    gateway.answers = [Answer(pause=60.0)]
    started = monotonic()
    with pytest.raises(SmsUnavailable):
        provider(gateway, seconds=1).send(message(), now=NOW)
    assert monotonic() - started < 30, "the limit is one second"


def test_absent_gateway__may_come_back() -> None:
    nobody = HttpGateway(HttpGatewayOptions(**options_of("http://127.0.0.1:9/")))
    with pytest.raises(SmsUnavailable):
        nobody.send(message(), now=NOW)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"url": "http://gateway.example/"}, "url"),
        ({"body": {"t": "{text}", "p": "{phone}", "i": "{id}", "x": "{password}"}}, "body"),
        ({"body": {"t": "{text.__class__}", "p": "{phone}", "i": "{id}"}}, "body"),
        ({"body": {"t": "{text", "p": "{phone}", "i": "{id}"}}, "body"),
        ({"body": {"t": "{text}", "i": "{id}"}}, "body"),
        ({"body": {"t": "{text}", "p": "{phone}"}}, "body"),
        ({"body": ["{text}", "{phone}", "{id}"]}, "body"),
        ({"body": {"t": "{text}", "p": "{phone}", "i": "{id}", "x": object()}}, "body"),
        ({"body": {"t": ["{text}"], "p": "{phone}", "i": "{id}"}, "body_format": "form"}, "body"),
        ({"body_format": "xml"}, "body_format"),
        ({"headers": {"X": "a\r\nB: c"}}, "headers"),
        ({"headers": {"X:": "a"}}, "headers"),
        ({"success_statuses": [20]}, "success_statuses"),
        ({"result_path": "a..b"}, "result_path"),
        ({"accepted": []}, "result_path"),
        ({"seconds": 0}, "seconds"),
        ({"report_secret": "short"}, "report_secret"),
        ({"report_max_age": 10}, "report_max_age"),
    ],
)
def test_wrong_option__is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        HttpGatewayOptions(**options_of(**{"url": "https://gateway.example/"} | changes))


def test_secrets__are_in_no_representation() -> None:
    shown = repr(HttpGatewayOptions(**options_of("https://gateway.example/"))) + repr(message())
    for secret in ("key-of-the-portal", "report-secret", PHONE, "Відеоприйом"):
        assert secret not in shown


def reading(**changes: Any) -> HttpGateway:
    return HttpGateway(HttpGatewayOptions(**options_of("https://gateway.example/", **changes)))


def test_report__says_what_became_of_a_message() -> None:
    given = reading(report_items_path="data.items", report_id_path="ref", report_status_path="st.0")
    items = [
        {"ref": "a", "st": ["delivered"]},
        {"ref": "b", "st": ["failed"]},
        {"ref": "c", "st": ["on the way"]},
    ]
    body, headers = signed({"data": {"items": items}}, at=NOW)
    told = given.read_reports(body, headers, now=NOW + timedelta(seconds=299))
    assert [(one.key, one.outcome) for one in told.reports] == [
        ("a", DeliveryOutcome.DELIVERED),
        ("b", DeliveryOutcome.NOT_DELIVERED),
    ]
    assert told.expires_at > NOW + timedelta(seconds=600)


BODY, HEADERS = signed({"id": "a", "status": "delivered"}, at=NOW)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY + b" ", HEADERS),
        (BODY, HEADERS | {"X-Timestamp": str(int(NOW.timestamp()) + 1)}),
        (BODY, HEADERS | {"X-Timestamp": "x"}),
        (BODY, HEADERS | {"X-Timestamp": "٣"}),
        (BODY, HEADERS | {"X-Signature": ""}),
        (BODY, HEADERS | {"X-Signature": "є" * 64}),
        (BODY, {}),
        signed({"id": "a", "status": "delivered"}, at=NOW, secret="x" * 40),
        signed({"id": "a", "status": "delivered"}, at=NOW - timedelta(seconds=301)),
        signed({"id": "a", "status": "delivered"}, at=NOW + timedelta(seconds=301)),
        signed(b"[" * 60_000, at=NOW),
        signed(b"\xff", at=NOW),
        signed({"id": "a"}, at=NOW),
        signed({"id": {"a": 1}, "status": "delivered"}, at=NOW),
        signed({"id": "a b", "status": "delivered"}, at=NOW),
        signed("text", at=NOW),
    ],
)
def test_report__that_is_not_genuine_or_makes_no_sense_is_refused(
    body: bytes, headers: dict[str, str]
) -> None:
    with pytest.raises(ReportRefused):
        reading().read_reports(body, headers, now=NOW)


def test_report__is_refused_where_none_are_expected() -> None:
    deaf = reading(report_secret="")
    assert not deaf.takes_reports
    body, headers = signed({"id": "a", "status": "delivered"}, at=NOW, secret="")
    with pytest.raises(ReportRefused):
        deaf.read_reports(body, headers, now=NOW)


def test_too_many_reports_at_once__are_refused() -> None:
    items = [{"id": "a", "status": "delivered"}] * 501
    body, headers = signed({"items": items}, at=NOW)
    with pytest.raises(ReportRefused):
        reading(report_items_path="items").read_reports(body, headers, now=NOW)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.0.b", "true"),
        ("a.1", None),
        ("a.-1", None),
        ("a.x", None),
        ("c", "1.5"),
        ("d", None),
        ("a", None),
        ("e", ""),
    ],
)
def test_path__leads_to_texts_numbers_and_truths_only(path: str, found: str | None) -> None:
    assert found_at({"a": [{"b": True}], "c": 1.5, "d": None, "e": ""}, path) == found
