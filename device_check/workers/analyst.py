"""The process that does the arithmetic: no network, no settings, no secrets, little memory.

Started by `device_check.workers.process` only. Orders come as datagrams, the files in shared memory
that never touches a disk. It lives until its worker is gone or a file is too much for it: an error
that is not the file's fault ends it, and its worker starts another.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from device_check.analysis import Analysis, Thresholds, UnusableInput

READY: Final = b"ready"
MAX_REQUEST_BYTES: Final = 32 * 1024
MAX_ANSWER_BYTES: Final = 60 * 1024

Work = Callable[[Sequence[bytes], bytes | None, Thresholds], Analysis]


def main(channel_fd: int, memory_fd: int, *, work: str, seconds: int, memory_bytes: int) -> None:
    """Do orders until the other end is closed.

    Args:
        channel_fd: A SOCK_SEQPACKET socket.
        memory_fd: Shared memory with the files of an order one after another.
        work: Where the function is: "package.module:name".
        seconds: Processor time for one order.
        memory_bytes: Address space beyond what is used once everything is loaded.
    """
    # Its worker ends it, after the job in hand.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    module, _, name = work.partition(":")
    function = cast(Work, getattr(import_module(module), name))
    # A core dump would hold a person's picture.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    space = _address_space() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    with socket.socket(fileno=channel_fd) as channel:
        channel.send(READY)
        while order := channel.recv(MAX_REQUEST_BYTES):
            _allow_processor_time(seconds)
            answer = _done(json.loads(order), memory_fd, function)
            channel.send(json.dumps(answer, allow_nan=False).encode())


def _done(order: dict[str, object], memory_fd: int, function: Work) -> dict[str, object]:
    parts = []
    offset = 0
    for length in cast(list[int], order["lengths"]):
        parts.append(os.pread(memory_fd, length, offset))
        offset += length
    audio = parts.pop() if order["audio"] else None
    try:
        thresholds = Thresholds(**cast(dict[str, Any], order["thresholds"]))
        return {"analysis": function(parts, audio, thresholds).as_json()}
    except UnusableInput as error:
        return {"unusable": {"code": error.code, "detail": error.detail}}


def _address_space() -> int:
    """Return bytes of address space in use; what RLIMIT_AS counts."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _allow_processor_time(seconds: int) -> None:
    """End this process should it go on for ever after its worker was killed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + seconds + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, most))


if __name__ == "__main__":
    main(
        int(sys.argv[1]),
        int(sys.argv[2]),
        work=sys.argv[3],
        seconds=int(sys.argv[4]),
        memory_bytes=int(sys.argv[5]),
    )
