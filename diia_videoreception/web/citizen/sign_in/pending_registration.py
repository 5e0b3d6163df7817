"""The person who has to register first, in the browser's session that verified them and no other."""

import uuid

from django.http import HttpRequest

from integrations.common.local_urls import local_url

KEY = "diia_videoreception_registration"


def keep(request: HttpRequest, *, key: uuid.UUID, next_url: str) -> None:
    """Remembers the waiting row, under a fresh session key: the page shows personal data."""
    request.session.cycle_key()
    request.session[KEY] = [str(key), local_url(next_url)]


def key_of(request: HttpRequest) -> uuid.UUID | None:
    waiting = request.session.get(KEY)
    return uuid.UUID(waiting[0]) if waiting else None


def next_of(request: HttpRequest) -> str:
    """Where the person wanted to go."""
    waiting = request.session.get(KEY)
    return local_url(waiting[1]) if waiting else ""


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
