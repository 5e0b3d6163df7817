"""Storage, cache and broker that several machines share, each a server of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.harness.redis import redis_server

SECONDS = 30


@pytest.fixture
def redis_process() -> Iterator[tuple[Any, str]]:
    with redis_server() as running:
        yield running


@pytest.fixture
def redis_url(redis_process: tuple[Any, str]) -> str:
    return redis_process[1]


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(_s3_server: str) -> dict[str, Any]:
    """An empty S3-compatible storage; the options with which django-storages reaches it."""
    requests.post(f"{_s3_server}/moto-api/reset", timeout=SECONDS).raise_for_status()
    return {
        "endpoint_url": _s3_server,
        "bucket_name": "documents",
        "access_key": "portal",
        "secret_key": "only-for-tests",
        "region_name": "eu-central-1",
    }
