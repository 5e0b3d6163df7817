"""A cache in the memory of one process, for revocation data."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

_MAX_ENTRIES: Final = 1000


class MemoryCache:
    """An :class:`integrations.kep.online.Cache` that threads share; the oldest entries go first.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[bytes, float]] = {}

    def get(self, key: str) -> bytes | None:
        """Return what was stored, None when it expired."""
        with self._lock:
            value, until = self._entries.get(key, (None, 0.0))
            return value if self._clock() < until else None

    def set(self, key: str, value: bytes, timeout: int) -> None:
        """Store bytes for ``timeout`` seconds."""
        with self._lock:
            self._entries.pop(key, None)
            while len(self._entries) >= _MAX_ENTRIES:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = value, self._clock() + timeout
