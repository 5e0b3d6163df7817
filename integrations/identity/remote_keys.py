"""A key set fetched from its owner, cached, and still there for a while when the owner is not."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from integrations.common.fetching import FetchFailed, FetchLimits, fetch
from integrations.common.urls import is_loopback, is_safe_url
from integrations.identity.base import IdentityError, gettext_noop
from integrations.identity.encoding import decode_json_object
from integrations.identity.jwks import PublicKeys, parse_jwks
from integrations.identity.reasons import SignInRefusal

logger = logging.getLogger(__name__)

_OK: Final = 200


@dataclass(frozen=True, slots=True)
class KeySetLimits:
    """Times in seconds, size in bytes.

    Attributes:
        max_age: Age at which a set is fetched anew.
        retry_after: Least time between two attempts, whatever the reason.
        stale_for: Age up to which a set serves while its source is down; a withdrawn key lives
            no longer than this.
        timeout: Longest silence, and longest duration of a whole fetch.
        max_bytes: Largest answer.
    """

    max_age: float = 300
    retry_after: float = 60
    stale_for: float = 3600
    timeout: float = 5
    max_bytes: int = 65536


@dataclass(frozen=True, slots=True)
class _Snapshot:
    keys: PublicKeys
    fetched_at: float


class RemoteKeySet:
    """Keys at an address; safe to share between threads.

    An unknown key id makes it look again at the source, but not more often than `retry_after`, so
    a flood of invented ids does not become a flood of requests.
    """

    def __init__(
        self,
        url: str,
        *,
        allow_http_loopback: bool = False,
        limits: KeySetLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Remember the source; nothing is fetched before the first token.

        Raises:
            ValueError: The address is not https, nor http on this machine where that is allowed.
        """
        if not is_safe_url(url, allow_http_loopback=allow_http_loopback):
            raise ValueError("the address of the key set is not https")
        self._url = url
        self._limits = limits or KeySetLimits()
        self._clock = clock
        self._refreshing = threading.Lock()
        self._snapshot: _Snapshot | None = None
        self._attempted_at: float | None = None
        self._failed = False

    def find(self, kid: str) -> ec.EllipticCurvePublicKey:
        """See `KeySet.find`; fetches when the set is old or does not know the id."""
        snapshot = self._usable()
        known = snapshot is not None and kid in snapshot.keys
        if snapshot is None or not known or self._age(snapshot) >= self._limits.max_age:
            # Who has a key goes on with it while another thread fetches; who has none waits.
            self._refresh(wait=not known)
            snapshot = self._usable()
        if snapshot is None:
            raise IdentityError(SignInRefusal.KEYS_UNAVAILABLE)
        try:
            return snapshot.keys[kid]
        except KeyError:
            raise IdentityError(SignInRefusal.UNKNOWN_KEY) from None

    def problems(self) -> list[str]:
        """See `KeySet.problems`: tells how the last fetch ended."""
        if not self._failed:
            return []
        if self._usable() is None:
            return [gettext_noop("The portal’s keys cannot be fetched: nobody can sign in.")]
        return [
            gettext_noop(
                "The portal’s keys cannot be fetched: sign-in still works with stored keys."
            )
        ]

    def _age(self, snapshot: _Snapshot) -> float:
        return self._clock() - snapshot.fetched_at

    def _usable(self) -> _Snapshot | None:
        snapshot = self._snapshot
        if snapshot is None or self._age(snapshot) >= self._limits.stale_for:
            return None
        return snapshot

    def _refresh(self, *, wait: bool) -> None:
        if not self._refreshing.acquire(
            blocking=wait, timeout=self._limits.timeout if wait else -1
        ):
            return
        try:
            now = self._clock()
            last = self._attempted_at
            if last is not None and now - last < self._limits.retry_after:
                return
            self._attempted_at = now
            try:
                keys = parse_jwks(decode_json_object(self._fetch()))
            except FetchFailed as error:
                logger.warning("Key set not fetched: %s", error)
                self._failed = True
            except ValueError as error:
                # Only the kind of error: its text may repeat what the source answered.
                logger.warning("Key set not fetched: %s", type(error).__name__)
                self._failed = True
            else:
                self._snapshot = _Snapshot(keys, now)
                self._failed = False
        finally:
            self._refreshing.release()

    def _fetch(self) -> bytes:
        limits = self._limits
        answer = fetch(
            "GET",
            self._url,
            limits=FetchLimits(limits.timeout, limits.timeout, limits.timeout, limits.max_bytes),
            headers={"Accept": "application/json"},
            # A proxy of the environment cannot reach this machine's own loopback.
            trust_env=not is_loopback(urlsplit(self._url).hostname),
        )
        if answer.status != _OK:
            raise ValueError("the source answered with an error")
        return answer.body
