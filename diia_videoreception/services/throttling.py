"""Slowing down who asks too often: by citizen, or by address for guests."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import TooManyRequests
from diia_videoreception.models import RequestCounter
from diia_videoreception.selectors.actors import SignedIn
from integrations.common.addresses import client_address
from integrations.common.counters import count

LOOKING = frozenset({"api_read", "page", "room_poll", "times"})
"""Scopes in which nothing is written but the count."""


def sender(request: HttpRequest, actor: SignedIn | None) -> str:
    """Return whose requests are counted together."""
    return f"citizen {actor.citizen.pk}" if actor else f"address {client_address(request)}"


def require_rate(scope: str, who: str, *, now: datetime) -> None:
    """Count one act; the count stays whatever becomes of the act.

    Looking is counted without waiting for the disk: nothing is lost with its last second.

    Raises:
        TooManyRequests: it was one too many; `until` says when the next may come.
    """
    rate = app_settings.rate(scope)
    wait = count(
        RequestCounter, scope=scope, who=who, rate=rate, now=now, is_lasting=scope not in LOOKING
    )
    if wait is not None:
        raise TooManyRequests(until=now + timedelta(seconds=wait))
