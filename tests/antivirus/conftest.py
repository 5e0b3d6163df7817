"""One clamd for all tests; who kills it or lets it stand still takes one of their own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.clamd import BACKEND, Daemon, Scan, clamd


@pytest.fixture(scope="session")
def daemon() -> Iterator[Daemon]:
    with clamd() as running:
        yield running


@pytest.fixture
def configure(settings: Any) -> Scan:
    """The portal has a scanner with these options."""

    def to(backend: str = BACKEND, **options: object) -> None:
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
            "ANTIVIRUS": {"default": {"BACKEND": backend, "OPTIONS": options}}
        }

    return to
