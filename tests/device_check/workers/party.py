"""A broker and workers as real processes: `python -m tests.device_check.workers.party ROLE CONF`."""

import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from device_check.analysis import Analysis, Thresholds
from device_check.workers import client
from device_check.workers.client import BrokerStatus, NotAnalysed
from device_check.workers.conf import WorkersConf
from device_check.workers.running import run_broker, run_workers
from tests.device_check.workers.orders import WORK

PATIENCE = 60.0


def wait_for(condition: Callable[[], bool]) -> None:
    """Asks until it is so; every question takes its own time."""
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up, "it never came true"


@dataclass
class Party:
    """Everybody around one broker."""

    conf: WorkersConf
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_broker(self) -> subprocess.Popen[bytes]:
        return self._start("broker")

    def start_worker(self, *, count: int = 1, work: str = WORK) -> subprocess.Popen[bytes]:
        return self._start("worker", f"{count}", work)

    def _start(self, role: str, *more: str) -> subprocess.Popen[bytes]:
        module = "tests.device_check.workers.party"
        process = subprocess.Popen(
            [sys.executable, "-m", module, role, json.dumps(asdict(self.conf)), *more],
            env={**os.environ, "PORTAL_SECRET": "must not reach an analyst"},
        )
        self.started.append(process)
        return process

    def analyse(
        self,
        *images: bytes,
        audio: bytes | None = None,
        seconds: float | None = None,
        thresholds: Thresholds | None = None,
    ) -> Analysis:
        return client.analyse(
            images,
            audio,
            endpoint=self.conf.endpoint,
            deadline_seconds=seconds or self.conf.deadline_seconds,
            keys=self.conf.keys or None,
            thresholds=thresholds,
        )

    def refusal(self, *images: bytes, seconds: float | None = None) -> str:
        """The code of the refusal, or "" when there is a result."""
        try:
            self.analyse(*images, seconds=seconds)
        except NotAnalysed as error:
            return error.code
        return ""

    def status(self) -> BrokerStatus | None:
        try:
            return client.status(endpoint=self.conf.endpoint, keys=self.conf.keys or None)
        except NotAnalysed:
            return None

    def wait_until_free(self, count: int) -> None:
        wait_for(lambda: (status := self.status()) is not None and status.free == count)

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()


class Held:
    """A job that an analyst has begun and does not finish before it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("begun", "go"):
            os.mkfifo(folder / name)

    def begun_by(self) -> int:
        """Waits until the job has begun; gives the analyst's process."""
        # Open both ways, so that a killed writer leaves no end of file behind.
        pipe = os.open(self.folder / "begun", os.O_RDWR)
        try:
            readable, _, _ = select.select([pipe], [], [], PATIENCE)
            assert readable, "no analyst has begun"
            return int(os.read(pipe, 100))
        finally:
            os.close(pipe)

    def let_go(self) -> None:
        (self.folder / "go").write_text("go")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def stopped_cleanly(process: subprocess.Popen[bytes]) -> bool:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=PATIENCE) == 0


def main(role: str, conf: str, arguments: Sequence[str]) -> None:
    logging.basicConfig(level=logging.INFO, format=f"{role}: %(message)s")
    workers = WorkersConf(**json.loads(conf))
    if role == "broker":
        run_broker(workers)
    else:
        run_workers(workers, count=int(arguments[0]), work=arguments[1])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])


@contextmanager
def folder_for_sockets() -> Iterator[Path]:
    # A short path: the name of a Unix socket has room for about 100 characters.
    with tempfile.TemporaryDirectory(prefix="vr-check-", dir="/tmp") as folder:
        yield Path(folder)


def conf_in(folder: Path) -> WorkersConf:
    return WorkersConf(endpoint=f"ipc://{folder}/check", deadline_seconds=10, job_seconds=10)
