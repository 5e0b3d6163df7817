"""A cache that may fail: what is kept there saves time, and nothing depends on it."""

import logging
from typing import Any, Protocol

from integrations.common.failures import isolated

logger = logging.getLogger(__name__)


class Store(Protocol):
    """What is used of a cache; Django's fit."""

    def get(self, key: str) -> Any:
        """Return what was stored, None when it expired."""
        ...

    def set(self, key: str, value: Any, timeout: int) -> None:
        """Store a value for `timeout` seconds."""
        ...


class OptionalCache:
    """A cache whose failures are as if nothing were kept; the log says that it failed.

    Without it a shared cache that restarts would refuse people what their portal could do well.
    """

    def __init__(self, cache: Store) -> None:
        self._cache = cache

    def get(self, key: str) -> Any:
        """Return what was stored, None when it expired or the cache does not answer."""
        with isolated() as one:
            return self._cache.get(key)
        _log(one.error)
        return None

    def set(self, key: str, value: Any, timeout: int) -> None:
        """Store a value for `timeout` seconds, if the cache takes it."""
        with isolated() as one:
            self._cache.set(key, value, timeout)
        if one.error is not None:
            _log(one.error)


def _log(error: Exception | None) -> None:
    logger.error("The cache does not answer: %s", type(error).__name__)
