"""Several real server processes on one port and on the database of the test."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

HERE = Path(__file__).parent
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Servers:
    """Processes that share one address; the kernel spreads new connections among them."""

    url: str
    log: Path
    """What the processes said; tracebacks of requests are here."""


@contextmanager
def servers(
    processes: int = 4,
    *,
    changed: Mapping[str, Any] | None = None,
    patches: Sequence[str] = (),
    threads: int = 16,
    worker_class: str = "gthread",
) -> Iterator[Servers]:
    """Serves the test portal until the end of the block; the answer names its process in X-Served-By.

    The test must commit what the servers shall see (`transaction=True`).

    Args:
        processes: how many.
        changed: settings of these processes that differ, as JSON can write them.
        patches: dotted paths of functions that each process calls before it serves.
        threads: how many requests a process answers at once.
        worker_class: gunicorn's way to answer: `gthread`, or `sync`, which answers one at a time.
    """
    with ExitStack() as stack:
        # Bound but not listening: keeps the port for us without receiving anything.
        reserved = stack.enter_context(socket.socket())
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        log = Path(settings.FOLDER) / f"servers-{port}.log"
        output = stack.enter_context(log.open("w"))
        ready, notify = os.pipe()
        stack.callback(os.close, ready)
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.forking", str(processes), str(port)],
                cwd=HERE.parent.parent,
                env=_environment(changed or {}, patches, notify, threads)
                | {"TEST_SERVER_WORKER_CLASS": worker_class},
                pass_fds=[notify],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(notify)
        stack.callback(_stop, process)
        _wait_until_ready(ready, processes, log)
        yield Servers(f"http://127.0.0.1:{port}", log)


@contextmanager
def asgi_servers(
    processes: int = 2, *, changed: Mapping[str, Any] | None = None
) -> Iterator[Servers]:
    """Serve the test portal by uvicorn until the end of the block; as `servers`."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        port = listening.getsockname()[1]
        log = Path(settings.FOLDER) / f"asgi-{port}.log"
        output = stack.enter_context(log.open("w"))
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "tests.asgi:application"),
                *("--fd", str(listening.fileno()), "--log-level", "warning"),
                *("--workers", str(processes)),
            ],
            cwd=HERE.parent.parent,
            env=_environment(changed or {}, (), -1, 1),
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        stack.callback(_stop, process)
        # The socket listens already: the first request waits until there is somebody to answer.
        yield Servers(f"http://127.0.0.1:{port}", log)


def _environment(
    changed: Mapping[str, Any], patches: Sequence[str], notify: int, threads: int
) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
        "TEST_SERVER_SETTINGS": json.dumps(changed),
        "TEST_SERVER_PATCHES": " ".join(patches),
        "TEST_SERVER_READY": str(notify),
        "TEST_SERVER_THREADS": str(threads),
    }


def _wait_until_ready(ready: int, processes: int, log: Path) -> None:
    """Each process writes one byte when it can serve; a closed pipe means that all have died."""
    for _ in range(processes):
        readable, _, _ = select.select([ready], [], [], SECONDS_TO_START)
        if not readable or not os.read(ready, 1):
            raise RuntimeError(f"A server process did not start:\n{log.read_text()}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    # Nobody waits for an answer any more.
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
