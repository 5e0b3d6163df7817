"""Debian's Redis on a Unix socket of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import redis

from tests.harness.clock import real_clock

SECONDS_TO_START = 30


@contextmanager
def redis_server() -> Iterator[Any]:
    """Runs Debian's Redis on a Unix socket; gives the process, and its socket as `url`."""
    with TemporaryDirectory(prefix="redis-") as folder:
        socket = Path(folder, "redis.sock")
        process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
            # It does not start with a clock that is set by a library before its own allocator.
            env=real_clock(),
        )
        try:
            _wait_for(socket)
            yield process, f"unix://{socket}"
        finally:
            process.kill()
            process.wait()


def _wait_for(socket: Path) -> None:
    end = monotonic() + SECONDS_TO_START
    client = redis.Redis(unix_socket_path=str(socket))
    while True:
        try:
            client.ping()
            return
        except redis.ConnectionError:
            if monotonic() > end:
                raise
            sleep(0.02)
