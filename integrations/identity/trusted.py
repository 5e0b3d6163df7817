"""The authorities that a portal trusts, as its providers use them: folder, cache and network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from integrations.common.caching import OptionalCache
from integrations.common.options import whole
from integrations.kep.memory import MemoryCache
from integrations.kep.online import (
    MAX_MEMORY,
    MEMORY,
    Cache,
    HttpTransport,
    OnlineSource,
    Transport,
)
from integrations.kep.trust import OperatorInputError
from integrations.kep.trust_folder import Believed, TrustFolder

DEFAULT_SECONDS: Final = int(MEMORY.total_seconds())
MAX_SECONDS: Final = int(MAX_MEMORY.total_seconds())
MEMORY_SECONDS: Final = whole(0, MAX_SECONDS)
"""Checks an option that says how long an answer about a certificate is kept."""


class TrustedAuthorities:
    """A trust folder with the network that tells whether certificates are in force.

    Args:
        folder: See `TrustFolder`; likewise `pinned` and `no_revocation`.
        revocation_seconds: How long an answer is kept.
        cache: Where; in this process when None. It may fail: then the network is asked each time.
        transport: How answers are fetched; by HTTP when None.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        pinned: Iterable[str] = (),
        no_revocation: Iterable[str] = (),
        revocation_seconds: int = DEFAULT_SECONDS,
        cache: Cache | None = None,
        transport: Transport | None = None,
    ) -> None:
        self._folder = TrustFolder(folder, pinned=pinned, no_revocation=no_revocation)
        self._memory = timedelta(seconds=revocation_seconds)
        self._cache: Cache = MemoryCache() if cache is None else OptionalCache(cache)
        self._transport = transport

    def current(self) -> Believed:
        """Give what the folder holds now.

        Raises:
            OperatorInputError: It cannot be read.
        """
        return self._folder.current()

    def source(self, believed: Believed, now: datetime, *, fresh: bool = False) -> OnlineSource:
        """Give the revocation data for one verification; see `OnlineSource` for `fresh`."""
        return OnlineSource(
            believed.services,
            cache=self._cache,
            transport=self._transport or HttpTransport(believed.services.values()),
            clock=lambda: now,
            memory=self._memory,
            fresh=fresh,
        )

    def faults(self) -> list[str]:
        """Tell, in words, why no signature can be accepted; empty when some can."""
        folder = self._folder.path
        if not folder.is_dir():
            return [f"The trust folder {folder} does not exist."]
        try:
            store = self.current().store
        except OperatorInputError as error:
            return [f"The trust folder cannot be read: {error}."]
        if store.anchors:
            return []
        if store.intermediates:
            return [f"The trust folder {folder} holds no root: every signature will be refused."]
        return [f"The trust folder {folder} holds no certificates."]
