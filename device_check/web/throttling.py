"""Slows down who asks too often: by the host's subject, or by address for guests."""

import math
from typing import Any, cast

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from rest_framework.throttling import SimpleRateThrottle

from device_check.conf import app_settings
from device_check.errors import TooManyRequests
from device_check.web.host import subject_of

RATES = {
    "run": "20/min",
    "analyse": "60/min",
    "step": "120/min",
    "ping": "300/min",
    "payload": "40/min",
    "enrol": "10/min",
}
"""Default rates by scope; the setting THROTTLE replaces them one by one."""


class _Throttle(SimpleRateThrottle):
    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.rate = app_settings.throttle.get(scope, RATES[scope])
        super().__init__()

    def get_cache_key(self, request: Any, view: Any) -> str:
        subject = subject_of(request)
        who = f"subject {subject}" if subject else f"address {self.get_ident(request)}"
        # Cache keys name nobody.
        return f"device_check:{self.scope}:{salted_hmac('device_check.throttle', who).hexdigest()}"


def require_slow(request: HttpRequest, scope: str) -> None:
    """Counts one request of the sender.

    Raises:
        TooManyRequests: it was one too many; `retry_after` says in how many seconds to come again.
    """
    throttle = _Throttle(scope)
    if not throttle.allow_request(cast(Any, request), cast(Any, None)):
        raise TooManyRequests(retry_after=max(1, math.ceil(throttle.wait() or 1)))
