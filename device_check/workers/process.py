"""An analyst's process as its worker sees it: started, given orders, ended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence

from device_check.workers.analyst import MAX_ANSWER_BYTES, READY
from integrations.zmq import Part

_KEPT_VARIABLES = ("LANG", "LD_LIBRARY_PATH", "PATH", "TZ")


class Died(Exception):
    """The analyst has ended by itself."""


class Analyst:
    """One process for analyses.

    Nothing here waits: orders and answers are single datagrams, and the files lie in memory that
    both share.
    """

    def __init__(self, *, work: str, seconds: int, memory_bytes: int) -> None:
        """Start the process; it is ready when it says so (`take`)."""
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._memory = os.memfd_create("device-check")
        self._channel.setblocking(False)
        self.is_ready = False
        module = "device_check.workers.analyst"
        numbers = (str(theirs.fileno()), str(self._memory))
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [
                    sys.executable,
                    "-P",
                    "-m",
                    module,
                    *numbers,
                    work,
                    f"{seconds}",
                    f"{memory_bytes}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), self._memory),
                env=_environment(),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def fileno(self) -> int:
        """Readable when there is something to `take`."""
        return self._channel.fileno()

    def give(self, parts: Sequence[Part], *, audio: bool, thresholds: Mapping[str, float]) -> None:
        """Hand over an order.

        Raises:
            Died: There is nobody to take it.
        """
        offset = 0
        for part in parts:
            offset += os.pwrite(self._memory, part, offset)
        order = {
            "lengths": [len(part) for part in parts],
            "audio": audio,
            "thresholds": dict(thresholds),
        }
        try:
            self._channel.send(json.dumps(order).encode())
        except OSError as error:
            raise Died from error

    def take(self) -> dict[str, object] | None:
        """Return the answer to the order; None when the process said that it is ready, or nothing.

        Raises:
            Died: The process has ended, or it answers nonsense.
        """
        try:
            data = self._channel.recv(MAX_ANSWER_BYTES + 1)
        except BlockingIOError:
            return None
        except OSError as error:
            raise Died from error
        if data == READY:
            self.is_ready = True
            return None
        # Nothing of a person's files stays.
        os.ftruncate(self._memory, 0)
        try:
            answer: object = json.loads(data)
        except ValueError as error:
            raise Died from error
        if len(data) > MAX_ANSWER_BYTES or not isinstance(answer, dict):
            raise Died
        return answer

    def end(self) -> int:
        """End the process at once; gives its exit code (negative: the signal)."""
        self._channel.close()
        os.close(self._memory)
        # It may have ended by itself and left a code; give it the moment to be seen.
        try:
            return self._process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _environment() -> dict[str, str]:
    """Return the variables of a worker: no secrets, one thread for arithmetic, the modules that this process finds."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
