"""What conferences with a server of their own have in common.

Names and secrets that follow from a reception and its time, calls to the server, and whether sound and
picture stay in the country.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from integrations.common.fetching import FetchedResponse, FetchFailed, FetchLimits, fetch_within
from integrations.common.options import Options, checked
from integrations.common.urls import is_loopback, is_safe_url
from integrations.conference.base import ConferenceFailed, Joining, Meeting

MIN_SECRET: Final = 16
"""Shortest secret that the portal and a server share, in characters."""
SECONDS: Final = 4.0
"""Longest wait for an answer of a server, which stands beside the portal and answers in milliseconds."""
HOME: Final = "UA"
FRAMED_PERMISSIONS: Final = (
    "camera", "microphone", "display-capture", "autoplay", "fullscreen", "speaker-selection",
)  # fmt: skip
"""What the page of a conference may use of the browser in its frame."""
LIMITS: Final = FetchLimits(connect=1.0, read=2.0, total=3.0, max_bytes=256 * 1024)

_ABROAD: Final = gettext_noop(
    "Sound and picture go to a server outside Ukraine, or nobody has said where it is: set “country” if it is in Ukraine."
)


def is_websocket(value: object) -> bool:
    """Return whether browsers may be sent to an address: wss, or ws on this machine."""
    if not isinstance(value, str):
        return False
    scheme, _, rest = value.partition("://")
    http = {"ws": "http", "wss": "https"}.get(scheme)
    return http is not None and is_safe_url(f"{http}://{rest}", allow_http_loopback=True)


WEBSOCKET: Final = checked(
    is_websocket, "an address that begins with wss://, or ws:// on this machine"
)


def _is_country(value: object) -> bool:
    return value == "" or (
        isinstance(value, str) and len(value) == 2 and value.isascii() and value.isupper()
    )


COUNTRY: Final = checked(_is_country, "two capital letters, or nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions(Options):
    """Where a server is.

    Attributes:
        country: Two capital letters (ISO 3166) of the country in which it stands; without them its
            name tells: one below .ua is taken to be in Ukraine.
        allow_http_loopback: Whether on this machine it may be spoken with unencrypted.
    """

    country: str = field(default="", metadata=COUNTRY)
    allow_http_loopback: bool = True


def short_secrets(options: Options, *names: str, least: int = MIN_SECRET) -> Iterator[str]:
    """Tell which of these options hold a secret that is too short."""
    for name in names:
        if len(getattr(options, name)) < least:
            yield f"{name}: must have at least {least} characters"


def abroad(country: str, *urls: str) -> list[str]:
    """Tell in words when the servers behind these addresses may be in another country than ours.

    Args:
        country: What the settings say; where they say nothing the names of the servers tell.
        urls: Where sound and picture go.
    """
    if country:
        return [] if country == HOME else [_ABROAD]
    hosts = [urlsplit(url).hostname or "" for url in urls]
    is_home = all(host.endswith(".ua") or is_loopback(host) for host in hosts)
    return [] if is_home else [_ABROAD]


def always_abroad() -> list[str]:
    """Tell in words that sound and picture leave the country, whatever the settings say."""
    return [_ABROAD]


def framed(url: str, *, embed: bool) -> Joining:
    """Let the page show the page of a conference, which this address opens for one person.

    Args:
        embed: Whether in a frame; else in another tab.
    """
    return Joining(relay_only=False, server={"url": url, "embed": "yes" if embed else ""})


def origin_of(url: str) -> str:
    """Return scheme, host and port, as a Content-Security-Policy names them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def derived(secret: str, purpose: str, meeting: Meeting, *more: object) -> str:
    """Return 40 digits that follow from a reception and its time, for whoever knows the secret."""
    words = [purpose, meeting.room.hex, int(meeting.start.timestamp()), *more]
    message = " ".join(map(str, words)).encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:40]


def ask_server(
    server: str,
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limits: FetchLimits = LIMITS,
) -> FetchedResponse:
    """Ask a server something, within seconds.

    Args:
        server: Its name, for the text of a failure; nothing of what was said stands there.

    Raises:
        ConferenceFailed: there is no answer.
    """
    try:
        return fetch_within(SECONDS, method, url, limits=limits, body=body, headers=headers)
    except FetchFailed as error:
        raise ConferenceFailed(f"{server}: {error}") from None


def read_object(server: str, body: bytes) -> dict[str, Any]:
    """Read an answer that has to be a JSON object.

    Raises:
        ConferenceFailed: it is none.
    """
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        raise ConferenceFailed(f"{server}: no JSON") from None
    if not isinstance(reply, dict):
        raise ConferenceFailed(f"{server}: no object")
    return reply


def known_texts(found: Iterable[object], name: str) -> list[str]:
    """Return the texts that objects in an answer hold under a name; others are no objects of ours."""
    return [str(one[name]) for one in found if isinstance(one, dict) and name in one]
