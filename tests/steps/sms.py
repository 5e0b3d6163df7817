"""A portal that sends text messages, and what its gateway reports."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

SECRET = "report-secret-of-the-gateway-0123456789"
BACKEND = "integrations.sms.http_gateway.HttpGateway"


def options_of(url: str, **changes: Any) -> dict[str, Any]:
    """A gateway that takes JSON, says whether it took the message, and reports."""
    return {
        "url": url,
        "body": {
            "to": "{phone}",
            "content": {"text": "{text}", "from": "{sender}"},
            "ref": "{id}",
            "until": "{valid_until}",
            "ttl": "{valid_minutes}",
        },
        "headers": {"Authorization": "Bearer key-of-the-portal"},
        "sender": "Portal",
        "result_path": "result",
        "accepted": ["ok"],
        "refused": ["blocked"],
        "id_path": "message.id",
        "seconds": 2,
        "allow_http_loopback": True,
        "report_secret": SECRET,
    } | changes


def configure(settings: Any, url: str, **changes: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "SMS": {"default": {"BACKEND": BACKEND, "OPTIONS": options_of(url, **changes)}},
    }


def signed(body: object, *, at: datetime, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
    """The body of a report and the headers that sign it."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), moment.encode() + b"." + data, hashlib.sha256)
    return data, {"X-Timestamp": moment, "X-Signature": mac.hexdigest()}
