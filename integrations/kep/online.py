"""Revocation data from the network, with a cache in front (identity rule C.4).

Only addresses that the operator put beside the trust store are asked: those inside a certificate
come from a stranger, and following them would let him choose what our server connects to.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from integrations.fetching import FetchFailed, Limits, fetch
from integrations.kep import crl, ocsp
from integrations.kep.certificates import Certificate
from integrations.kep.errors import KepError
from integrations.kep.revocation import is_fresh
from integrations.kep.trust import ServiceAddresses

logger = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 20.0
LONGEST_MEMORY: Final = timedelta(hours=12)
"""No answer is kept longer, whatever it says about itself."""

OCSP_MEMORY: Final = timedelta(minutes=10)
"""How long an OCSP answer without nextUpdate is kept."""

_OK: Final = 200
_NONCE_OCTETS: Final = 16
_OCSP_REQUEST: Final = "application/ocsp-request"


class Cache(Protocol):
    """A store of octets with expiry; Django's cache fits."""

    def get(self, key: str) -> bytes | None:
        """Returns what was stored, None when it expired."""
        ...

    def set(self, key: str, value: bytes, timeout: int) -> None:
        """Stores octets for ``timeout`` seconds."""
        ...


class Transport(Protocol):
    """Fetches octets."""

    def fetch(self, url: str, *, body: bytes | None, limit: int) -> bytes:
        """Gets a URL, or posts an OCSP request to it.

        Raises:
            FetchFailed: No answer of at most ``limit`` octets.
        """
        ...


class OnlineSource:
    """A :class:`integrations.kep.revocation.RevocationSource` over the network.

    Args:
        services: Addresses by SHA-256 fingerprint of the issuing authority.
        cache: Shared between processes where there are several.
        transport: How to fetch.
        clock: Returns the current time, aware.
    """

    def __init__(
        self,
        services: Mapping[str, ServiceAddresses],
        *,
        cache: Cache,
        transport: Transport,
        clock: Callable[[], datetime],
    ) -> None:
        self._services = services
        self._cache = cache
        self._transport = transport
        self._clock = clock

    def ocsp_answers(self, certificate: Certificate, issuer: Certificate) -> Iterable[bytes]:
        """Returns the remembered answer, else asks the responder."""
        address = self._services.get(issuer.fingerprint, ServiceAddresses()).ocsp
        if address is None:
            return ()
        key = _cache_key("ocsp", issuer.fingerprint, str(certificate.serial))
        remembered = self._cache.get(key)
        if remembered is not None:
            return (remembered,)
        try:
            answer, seconds = self._ask(address, certificate, issuer)
        except (FetchFailed, KepError) as error:
            logger.warning("OCSP responder %s: %s", urlsplit(address).hostname, error)
            return ()
        if seconds > 0:
            self._cache.set(key, answer, seconds)
        return (answer,)

    def crls(
        self, certificate: Certificate, issuer: Certificate, *, needed: bool
    ) -> Iterable[bytes]:
        """Returns the remembered list, else downloads it when needed."""
        address = self._services.get(issuer.fingerprint, ServiceAddresses()).crl
        if address is None:
            return ()
        key = _cache_key("crl", issuer.fingerprint, address)
        remembered = self._cache.get(key)
        if remembered is not None or not needed:
            return () if remembered is None else (remembered,)
        try:
            listing, seconds = self._download(address, certificate, issuer)
        except (FetchFailed, KepError) as error:
            logger.warning("CRL of %s: %s", urlsplit(address).hostname, error)
            return ()
        if seconds > 0:
            self._cache.set(key, listing, seconds)
        return (listing,)

    def _ask(
        self, address: str, certificate: Certificate, issuer: Certificate
    ) -> tuple[bytes, int]:
        """Returns a sound answer and for how many seconds to keep it.

        A responder may leave the nonce out; another nonce than ours is a replay.
        """
        nonce = secrets.token_bytes(_NONCE_OCTETS)
        request = ocsp.build_request(certificate, issuer, nonce)
        data = self._transport.fetch(address, body=request, limit=ocsp.MAX_OCTETS)
        answer = ocsp.read_answer(data)
        if answer.nonce not in (None, nonce):
            raise FetchFailed("the answer is to another request")
        now = self._clock()
        single = ocsp.find_single(answer, certificate, issuer)
        if single is None or ocsp.authorised_signer(answer, issuer, now) is None:
            raise FetchFailed("the answer is not the responder's, or about something else")
        until = single.next_update or now + OCSP_MEMORY
        return data, self._memory(single.this_update, until if single.good else now)

    def _download(
        self, address: str, certificate: Certificate, issuer: Certificate
    ) -> tuple[bytes, int]:
        data = self._transport.fetch(address, body=None, limit=crl.MAX_OCTETS)
        listing = crl.read_crl(data)
        if not crl.speaks_for(listing, certificate, issuer):
            raise FetchFailed("the list is not the issuer's")
        return data, self._memory(listing.this_update, listing.next_update)

    def _memory(self, this_update: datetime, next_update: datetime | None) -> int:
        now = self._clock()
        if next_update is None or not is_fresh(this_update, next_update, now):
            return 0
        return int(min(next_update - now, LONGEST_MEMORY).total_seconds())


class HttpTransport:
    """Plain HTTP(S) to hosts of the services only: no redirects, no proxies, small and quick.

    Args:
        services: The addresses whose hosts may be asked.
    """

    def __init__(self, services: Iterable[ServiceAddresses]) -> None:
        addresses = [url for item in services for url in (item.ocsp, item.crl) if url]
        self._hosts = frozenset(urlsplit(url).netloc for url in addresses)

    def fetch(self, url: str, *, body: bytes | None, limit: int) -> bytes:
        """See :class:`Transport`."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc not in self._hosts:
            raise FetchFailed("address is not one of the services")
        answer = fetch(
            "GET" if body is None else "POST",
            url,
            limits=Limits(CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS, limit),
            body=body,
            headers={} if body is None else {"Content-Type": _OCSP_REQUEST},
        )
        if answer.status != _OK:
            raise FetchFailed(f"status {answer.status}")
        return answer.body


def _cache_key(*parts: str) -> str:
    """Returns a key that tells nobody whose certificate was asked for."""
    return "kep-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
