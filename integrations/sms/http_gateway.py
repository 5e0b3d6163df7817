"""Any gateway for text messages that is asked over HTTP: the settings describe request and answer."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from integrations.common.fetching import FetchFailed, FetchLimits, fetch_within
from integrations.common.options import (
    HTTPS,
    TEXT,
    Options,
    checked,
    judged,
    list_of,
    whole,
)
from integrations.sms.base import (
    DeliveryOutcome,
    DeliveryReport,
    ReportRefused,
    SignedReports,
    SmsProvider,
    SmsRefused,
    SmsUnavailable,
    TextMessage,
)
from integrations.sms.templates import (
    as_form,
    as_json,
    found_at,
    is_path,
    placeholders_in,
    problem_of_template,
    read_json,
    value_at,
)

KNOWN: Final = frozenset(
    {"id", "phone", "phone_digits", "sender", "text", "valid_minutes", "valid_until"}
)
MIN_SECRET: Final = 32
MAX_REPORTS: Final = 500
_MAX_ANSWER_BYTES: Final = 64 * 1024
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_HEADER_VALUE: Final = re.compile(r"[ -~]{0,1024}")
_KEY: Final = re.compile(r"[!-~]{1,64}")

_TEMPLATE = judged(lambda value: problem_of_template(value, known=KNOWN))
_JSON_PATH = checked(
    lambda value: isinstance(value, str) and (not value or is_path(value)),
    "a path such as messages.0.status",
)
_STATUSES = checked(
    lambda value: (
        isinstance(value, list | tuple)
        and all(type(one) is int and 100 <= one < 600 for one in value)
    ),
    "a list of statuses of HTTP",
)
_VALUES = list_of(r".{1,100}", "texts that are not empty")
_NAME = checked(
    lambda value: isinstance(value, str) and _HEADER_NAME.fullmatch(value), "the name of a header"
)


def _are_headers(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(key, str)
        and isinstance(text, str)
        and _HEADER_NAME.fullmatch(key)
        and _HEADER_VALUE.fullmatch(text)
        for key, text in value.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGatewayOptions(Options):
    """How the gateway is asked, what it answers and how it reports; ValueError names every wrong one.

    Placeholders in `body`: `{id}` `{phone}` (+380…) `{phone_digits}` (380…) `{sender}` `{text}`
    `{valid_until}` (RFC 3339, UTC) `{valid_minutes}`.

    Attributes:
        url: Where messages are posted.
        body: The request, a dict; of a form a flat one.
        body_format: How it is written.
        headers: Further headers, such as the one with the key.
        sender: The name under which messages arrive.
        success_statuses: Answers that may mean that the message was taken.
        final_statuses: Answers after which trying again is in vain.
        result_path: Where the answer, in JSON, says whether the message was taken; empty: nowhere.
        accepted: What stands there then.
        refused: What stands there when trying again is in vain.
        id_path: Where the answer tells the gateway's own name of the message.
        seconds: Longest wait for the answer, in all.
        report_secret: What both share to sign reports; empty: there are none.
        report_signature_header: Of HMAC-SHA-256 over timestamp, a point and the body, in hexadecimal.
        report_timestamp_header: Of the moment of the report, in seconds since 1970.
        report_max_age: How far that moment may be from now, in seconds.
        report_items_path: Where in the body the list of reports is; empty: the body is one report.
        report_id_path: Where a report names the message, by our name or by the gateway's.
        report_status_path: Where it says what became of it.
        report_delivered: What stands there when the message has arrived.
        report_failed: What stands there when it never will.
    """

    url: str = field(metadata=HTTPS)
    body: Mapping[str, Any] = field(repr=False, metadata=_TEMPLATE)
    body_format: Literal["json", "form"] = "json"
    headers: Mapping[str, str] = field(
        default_factory=dict, repr=False, metadata=checked(_are_headers, "a dict of headers")
    )
    sender: str = ""
    success_statuses: Sequence[int] = field(default=(200, 201, 202), metadata=_STATUSES)
    final_statuses: Sequence[int] = field(default=(400, 422), metadata=_STATUSES)
    result_path: str = field(default="", metadata=_JSON_PATH)
    accepted: Sequence[str] = field(default=(), metadata=_VALUES)
    refused: Sequence[str] = field(default=(), metadata=_VALUES)
    id_path: str = field(default="", metadata=_JSON_PATH)
    seconds: int = field(default=10, metadata=whole(1, 60))
    allow_http_loopback: bool = False
    report_secret: str = field(default="", repr=False)
    report_signature_header: str = field(default="X-Signature", metadata=_NAME)
    report_timestamp_header: str = field(default="X-Timestamp", metadata=_NAME)
    report_max_age: int = field(default=300, metadata=whole(30, 3600))
    report_items_path: str = field(default="", metadata=_JSON_PATH)
    report_id_path: str = field(default="id", metadata=_JSON_PATH)
    report_status_path: str = field(default="status", metadata=_JSON_PATH)
    report_delivered: Sequence[str] = field(default=("delivered",), metadata=_VALUES)
    report_failed: Sequence[str] = field(default=("failed",), metadata=_VALUES)
    name: str = field(default="default", metadata=TEXT)
    label: str = field(default="SMS gateway", metadata=TEXT)

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if not isinstance(self.body, Mapping):
            yield "body: must be a dict"
            return
        used = set(placeholders_in(self.body))
        if "text" not in used or not used & {"phone", "phone_digits"}:
            yield "body: must have {text} and one of {phone} and {phone_digits}"
        if "id" not in used:
            yield "body: must have {id}, so that a message sent twice arrives once"
        is_flat = not any(isinstance(one, Mapping | list | tuple) for one in self.body.values())
        if self.body_format == "form" and not is_flat:
            yield "body: must be flat for a form"
        if bool(self.result_path) != bool(self.accepted):
            yield "result_path × accepted: must be given both or neither"
        if self.report_secret and len(self.report_secret) < MIN_SECRET:
            yield f"report_secret: must have at least {MIN_SECRET} characters"
        if self.report_secret and not (self.report_id_path and self.report_status_path):
            yield "report_id_path × report_status_path: must not be empty"


class HttpGateway(SmsProvider):
    """Posts each message, and reads signed reports of what became of it."""

    Options = HttpGatewayOptions

    def __init__(self, options: HttpGatewayOptions) -> None:
        super().__init__(options)
        self._options = options
        self.takes_reports = bool(options.report_secret)

    def send(self, message: TextMessage, *, now: datetime) -> str:
        """See `SmsProvider.send`."""
        options = self._options
        is_json = options.body_format == "json"
        values = self._values(message, now)
        body = as_json(options.body, values) if is_json else as_form(options.body, values)
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        try:
            answer = fetch_within(
                options.seconds,
                "POST",
                options.url,
                limits=FetchLimits(
                    connect=options.seconds,
                    read=options.seconds,
                    total=options.seconds,
                    max_bytes=_MAX_ANSWER_BYTES,
                ),
                body=body,
                headers={"Content-Type": kind, **options.headers},
            )
        except FetchFailed as error:
            raise SmsUnavailable(f"gateway: {error}") from None
        if answer.status in options.final_statuses:
            raise SmsRefused(f"gateway: status {answer.status}")
        if answer.status not in options.success_statuses:
            raise SmsUnavailable(f"gateway: status {answer.status}")
        return self._read_answer(answer.body)

    def _values(self, message: TextMessage, now: datetime) -> dict[str, str | int]:
        until = message.valid_until.astimezone(UTC)
        minutes = int((until - now).total_seconds() // 60)
        return {
            "id": message.key,
            "phone": message.phone,
            "phone_digits": message.phone.removeprefix("+"),
            "sender": self._options.sender,
            "text": message.text,
            "valid_minutes": max(1, minutes),
            "valid_until": until.isoformat(timespec="seconds").replace("+00:00", "Z"),
        }

    def _read_answer(self, body: bytes) -> str:
        options = self._options
        if not options.result_path and not options.id_path:
            return ""
        try:
            data = read_json(body)
        except ValueError:
            if options.result_path:
                raise SmsUnavailable("gateway: not JSON") from None
            return ""
        if options.result_path:
            result = found_at(data, options.result_path)
            if result in options.refused:
                raise SmsRefused("gateway: refused")
            if result not in options.accepted:
                raise SmsUnavailable("gateway: not accepted")
        key = (options.id_path and found_at(data, options.id_path)) or ""
        return key if _KEY.fullmatch(key) else ""

    def read_reports(
        self, body: bytes, headers: Mapping[str, str], *, now: datetime
    ) -> SignedReports:
        """See `SmsProvider.read_reports`."""
        options = self._options
        timestamp = headers.get(options.report_timestamp_header, "")
        given = headers.get(options.report_signature_header, "").removeprefix("sha256=").lower()
        if not self.takes_reports or not re.fullmatch("[0-9]{1,12}", timestamp, re.ASCII):
            raise ReportRefused
        signed = timestamp.encode() + b"." + body
        right = hmac.new(options.report_secret.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right.encode(), given.encode(errors="replace")):
            raise ReportRefused
        age = abs(now.timestamp() - int(timestamp))
        if age > options.report_max_age:
            raise ReportRefused
        # Refused by its age after that, whoever brings it again.
        expires_at = now + timedelta(seconds=2 * options.report_max_age)
        return SignedReports(tuple(self._reports_in(body)), right, expires_at)

    def _reports_in(self, body: bytes) -> Iterator[DeliveryReport]:
        options = self._options
        try:
            data = read_json(body)
        except ValueError:
            raise ReportRefused from None
        items = value_at(data, options.report_items_path) if options.report_items_path else [data]
        if not isinstance(items, list) or len(items) > MAX_REPORTS:
            raise ReportRefused
        for item in items:
            key = found_at(item, options.report_id_path) or ""
            status = found_at(item, options.report_status_path)
            if not _KEY.fullmatch(key) or status is None:
                raise ReportRefused
            if status in options.report_delivered:
                yield DeliveryReport(key, DeliveryOutcome.DELIVERED)
            elif status in options.report_failed:
                yield DeliveryReport(key, DeliveryOutcome.NOT_DELIVERED)
