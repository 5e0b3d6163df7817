"""Slows down who asks too often: by the host's subject, or by address for guests."""

from django.http import HttpRequest
from django.utils import timezone

from device_check.conf import app_settings
from device_check.errors import TooManyRequests
from device_check.models import CheckRequestCounter
from device_check.web.host import subject_of
from integrations.common.addresses import client_address
from integrations.common.counters import count


def enforce_rate_limit(request: HttpRequest, scope: str) -> None:
    """Count one request of the sender.

    Raises:
        TooManyRequests: it was one too many; `retry_after` says in how many seconds to come again.
    """
    subject = subject_of(request)
    who = f"subject {subject}" if subject else f"address {client_address(request)}"
    rate, now = app_settings.rate(scope), timezone.now()
    wait = count(CheckRequestCounter, scope=scope, who=who, rate=rate, now=now)
    if wait is not None:
        raise TooManyRequests(retry_after=wait)
