"""A cache that fails is as one that has nothing."""

from typing import Any

from integrations.common.caching import OptionalCache
from integrations.kep.memory import MemoryCache


class Broken:
    def get(self, key: str) -> Any:
        raise ConnectionError(key)

    def set(self, key: str, value: Any, timeout: int) -> None:
        raise TimeoutError(key)


def test_optional_cache__passes_on_what_a_sound_one_keeps() -> None:
    cache = OptionalCache(MemoryCache())
    cache.set("key", b"value", 60)

    assert cache.get("key") == b"value"
    assert cache.get("other") is None


def test_optional_cache__without_an_answer_has_nothing(caplog: Any) -> None:
    cache = OptionalCache(Broken())
    cache.set("personal", b"value", 60)

    assert cache.get("personal") is None
    assert [record.getMessage() for record in caplog.records] == [
        "The cache does not answer: TimeoutError",
        "The cache does not answer: ConnectionError",
    ]
    assert "personal" not in caplog.text
