"""HTTP between machines: one small and quick request to an address that the operator chose.

No redirects, no compressed answers, and nothing of what travels ends in a log.
"""

import logging
import threading
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Final

import requests
from urllib3.exceptions import HTTPError

_CHUNK_BYTES: Final = 8192
_MAX_WAITING: Final = 64
_places: Final = threading.BoundedSemaphore(_MAX_WAITING)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Times in seconds, size in bytes.

    Attributes:
        connect: Longest wait for the connection.
        read: Longest silence.
        total: Longest duration of an answer as a whole.
        max_bytes: Largest answer.
    """

    connect: float = 3.0
    read: float = 5.0
    total: float = 20.0
    max_bytes: int = 65536


@dataclass(frozen=True, slots=True)
class FetchedResponse:
    """What came back, whatever its status; errors of HTTP are the caller's to judge."""

    status: int
    body: bytes = field(repr=False)


class FetchFailed(Exception):
    """There is no answer; the text tells the kind of failure and nothing of what was said."""


class AnswerTooLarge(FetchFailed):
    """The service answers, but with more than anybody needs."""


def fetch(
    method: str,
    url: str,
    *,
    limits: FetchLimits,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    trust_env: bool = False,
    ca_file: str = "",
) -> FetchedResponse:
    """Send one request and read the answer.

    Args:
        method: `GET` or `POST`.
        url: Where to; the caller has checked that it is a place to talk to.
        limits: How long and how much.
        body: What to post.
        headers: Further headers, for example the type of the body.
        trust_env: Whether a proxy named in the environment is used.
        ca_file: Certificates (PEM) of the only authorities that may speak for the server; empty for
            those that everybody trusts.

    Raises:
        FetchFailed: No answer within the limits.
    """
    deadline = time.monotonic() + limits.total
    silence = _confidential.set(True)
    try:
        with _NoRedirects() as session:
            session.trust_env = trust_env
            with session.request(
                method,
                url,
                data=body,
                headers={"Accept-Encoding": "identity", **(headers or {})},
                timeout=(limits.connect, limits.read),
                allow_redirects=False,
                stream=True,
                verify=ca_file or True,
            ) as response:
                return FetchedResponse(
                    response.status_code, _read(response, limits.max_bytes, deadline)
                )
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        # Only the kind of error: its text may repeat the address with the secrets in it.
        raise FetchFailed(type(error).__name__) from None
    finally:
        _confidential.reset(silence)


def fetch_within(
    seconds: float,
    method: str,
    url: str,
    *,
    limits: FetchLimits,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> FetchedResponse:
    """Send one request as `fetch` does, and wait for it no longer than `seconds`, whatever happens.

    The limits of `fetch` bound each step. Here the name of a host that nobody resolves, several
    addresses in turn and headers that trickle count as well: the request has a thread of its own,
    which is left to itself when the time is over.

    Raises:
        FetchFailed: No answer in time, or too many requests are waiting already.
    """
    if not _places.acquire(blocking=False):
        raise FetchFailed("too many requests wait for an answer")
    outcome: SimpleQueue[FetchedResponse | FetchFailed] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put(fetch(method, url, limits=limits, body=body, headers=headers))
        except FetchFailed as error:
            outcome.put(error)
        finally:
            _places.release()

    threading.Thread(target=run, daemon=True).start()
    try:
        result = outcome.get(timeout=seconds)
    except Empty:
        raise FetchFailed("no answer in time") from None
    if isinstance(result, FetchFailed):
        raise result
    return result


class _NoRedirects(requests.Session):
    """Takes no answer for a redirect: the library would read its body to the end, however long."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """See `requests.Session`."""
        del resp
        return None


def _read(response: requests.Response, limit: int, deadline: float) -> bytes:
    body = bytearray()
    # read1 returns with whatever came, so that a trickling source meets the deadline.
    while chunk := response.raw.read1(_CHUNK_BYTES):
        body += chunk
        if len(body) > limit:
            raise AnswerTooLarge("answer is too large")
        if time.monotonic() > deadline:
            raise FetchFailed("answer takes too long")
    return bytes(body)


_confidential: Final[ContextVar[bool]] = ContextVar("confidential", default=False)


def _may_be_logged(_record: logging.LogRecord) -> bool:
    return not _confidential.get()


# With DEBUG switched on for everything, urllib3 writes addresses with their parameters, in which
# some services want the secret and the token.
logging.getLogger("urllib3.connectionpool").addFilter(_may_be_logged)
