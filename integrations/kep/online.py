"""Revocation data from the network, with a cache in front (identity rule C.4).

Only URLs that the operator put beside the trust store are asked: those inside a certificate
come from a stranger, and following them would let him choose what our server connects to.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from integrations.common.fetching import FetchFailed, FetchLimits, fetch_within
from integrations.kep import crl, ocsp
from integrations.kep.certificates import Certificate
from integrations.kep.errors import KepError
from integrations.kep.revocation import Origin, Statement, is_fresh, is_fresh_answer
from integrations.kep.trust import ServiceUrls

logger = logging.getLogger(__name__)

TOTAL_SECONDS: Final = 4.5
"""What all questions of one verification may take together: the person waits for them."""

MEMORY: Final = timedelta(minutes=10)
"""How long an answer about a person's certificate is kept, whatever it says about itself."""

MAX_MEMORY: Final = timedelta(hours=1)
"""The longest that an operator may choose instead."""

AUTHORITY_MEMORY: Final = timedelta(hours=12)
"""How long an OCSP answer about an authority is kept at most."""

NONCE_MEMORY: Final = timedelta(hours=24)
"""How long it is remembered that a responder repeats nonces."""

_OK: Final = 200
_NONCE_OCTETS: Final = 16
_MIN_SECONDS: Final = 0.05
_OCSP_REQUEST: Final = "application/ocsp-request"


class Cache(Protocol):
    """A store of bytes with expiry; Django's cache fits."""

    def get(self, key: str) -> bytes | None:
        """Return what was stored, None when it expired."""
        ...

    def set(self, key: str, value: bytes, timeout: int) -> None:
        """Store bytes for ``timeout`` seconds."""
        ...


class Transport(Protocol):
    """Fetches bytes."""

    def fetch(self, url: str, *, body: bytes | None, limit: int, seconds: float) -> bytes:
        """Get a URL, or post an OCSP request to it.

        Raises:
            FetchFailed: No answer of at most ``limit`` bytes within ``seconds``.
        """
        ...


class OnlineSource:
    """A :class:`integrations.kep.revocation.RevocationSource` over the network.

    One serves one verification: its time begins with the first question.

    Args:
        services: URLs by SHA-256 fingerprint of the issuing authority.
        cache: Shared between processes where there are several.
        transport: How to fetch.
        clock: Returns the current time, aware.
        memory: How long an answer about a certificate of a person or organisation, and any list,
            is kept. What an authority tells is believed no later than this.
        fresh: Whether the authority is asked about the signer's certificate now, whatever is
            remembered.
        seconds: For all questions together.
    """

    def __init__(
        self,
        services: Mapping[str, ServiceUrls],
        *,
        cache: Cache,
        transport: Transport,
        clock: Callable[[], datetime],
        memory: timedelta = MEMORY,
        fresh: bool = False,
        seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._services = services
        self._cache = cache
        self._transport = transport
        self._clock = clock
        self._memory = memory
        self._fresh = fresh
        self._seconds = seconds
        self._deadline: float | None = None

    def ocsp_answers(self, certificate: Certificate, issuer: Certificate) -> Iterable[Statement]:
        """Return the remembered answer, else asks the responder."""
        urls = self._services.get(issuer.fingerprint, ServiceUrls())
        if urls.ocsp is None:
            return ()
        key = _cache_key("ocsp", issuer.fingerprint, str(certificate.serial))
        remembered = self._remembered(key, certificate)
        if remembered is not None:
            return (Statement(remembered, Origin.CACHE),)
        share = 1.0 if urls.crl is None else 0.5
        try:
            answer, seconds = self._ask(urls.ocsp, certificate, issuer, share)
        except (FetchFailed, KepError) as error:
            logger.warning("OCSP responder %s: %s", urlsplit(urls.ocsp).hostname, error)
            return ()
        if seconds > 0:
            self._cache.set(key, answer, seconds)
        return (Statement(answer, Origin.NETWORK),)

    def crls(
        self, certificate: Certificate, issuer: Certificate, *, needed: bool
    ) -> Iterable[Statement]:
        """Return the remembered list, else downloads it when needed."""
        url = self._services.get(issuer.fingerprint, ServiceUrls()).crl
        if url is None:
            return ()
        key = _cache_key("crl", issuer.fingerprint, url)
        remembered = self._remembered(key, certificate)
        if remembered is not None or not needed:
            return () if remembered is None else (Statement(remembered, Origin.CACHE),)
        try:
            listing, seconds = self._download(url, certificate, issuer)
        except (FetchFailed, KepError) as error:
            logger.warning("CRL of %s: %s", urlsplit(url).hostname, error)
            return ()
        if seconds > 0:
            self._cache.set(key, listing, seconds)
        return (Statement(listing, Origin.NETWORK),)

    def _remembered(self, key: str, certificate: Certificate) -> bytes | None:
        if self._fresh and not certificate.basic_constraints.authority:
            return None
        return self._cache.get(key)

    def _ask(
        self, url: str, certificate: Certificate, issuer: Certificate, share: float
    ) -> tuple[bytes, int]:
        """Return a sound answer and for how many seconds to keep it.

        A responder may leave the nonce out unless it is known to repeat it: then an answer without
        one is an old answer that somebody has kept. Another nonce than ours is a replay.
        """
        nonce = secrets.token_bytes(_NONCE_OCTETS)
        request = ocsp.build_request(certificate, issuer, nonce)
        data = self._transport.fetch(
            url, body=request, limit=ocsp.MAX_BYTES, seconds=self._left() * share
        )
        answer = ocsp.read_answer(data)
        known = _cache_key("nonce", url)
        if answer.nonce not in (None, nonce) or (answer.nonce is None and self._cache.get(known)):
            raise FetchFailed("the answer is to another request")
        now = self._clock()
        single = ocsp.find_single(answer, certificate, issuer)
        if single is None or ocsp.authorised_signer(answer, issuer, now) is None:
            raise FetchFailed("the answer is not the responder's, or about something else")
        if answer.nonce is not None:
            self._cache.set(known, b"repeats", int(NONCE_MEMORY.total_seconds()))
        if not single.good or not is_fresh_answer(single, now):
            return data, 0
        until = single.next_update or now + self._memory
        longest = AUTHORITY_MEMORY if certificate.basic_constraints.authority else self._memory
        return data, _seconds(until - now, longest)

    def _download(
        self, url: str, certificate: Certificate, issuer: Certificate
    ) -> tuple[bytes, int]:
        data = self._transport.fetch(url, body=None, limit=crl.MAX_BYTES, seconds=self._left())
        listing = crl.read_crl(data)
        if not crl.speaks_for(listing, certificate, issuer):
            raise FetchFailed("the list is not the issuer's")
        now = self._clock()
        if listing.next_update is None or not is_fresh(
            listing.this_update, listing.next_update, now
        ):
            return data, 0
        return data, _seconds(listing.next_update - now, self._memory)

    def _left(self) -> float:
        """Return the seconds that are left for this verification."""
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + self._seconds
        left = self._deadline - now
        if left < _MIN_SECONDS:
            raise FetchFailed("no time is left to ask")
        return left


class HttpTransport:
    """Plain HTTP(S) to hosts of the services only: no redirects, no proxies, small and quick.

    Args:
        services: The URLs whose hosts may be asked.
    """

    def __init__(self, services: Iterable[ServiceUrls]) -> None:
        urls = [url for item in services for url in (item.ocsp, item.crl) if url]
        self._hosts = frozenset(urlsplit(url).netloc for url in urls)

    def fetch(self, url: str, *, body: bytes | None, limit: int, seconds: float) -> bytes:
        """See :class:`Transport`."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc not in self._hosts:
            raise FetchFailed("address is not one of the services")
        answer = fetch_within(
            seconds,
            "GET" if body is None else "POST",
            url,
            limits=FetchLimits(connect=seconds, read=seconds, total=seconds, max_bytes=limit),
            body=body,
            headers={} if body is None else {"Content-Type": _OCSP_REQUEST},
        )
        if answer.status != _OK:
            raise FetchFailed(f"status {answer.status}")
        return answer.body


def _seconds(left: timedelta, longest: timedelta) -> int:
    return int(min(left, longest).total_seconds())


def _cache_key(*parts: str) -> str:
    """Return a key that tells nobody whose certificate was asked for."""
    return "kep-revocation-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
