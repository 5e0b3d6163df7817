"""A portal that takes reports as a process of its own, and workplaces."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from device_check.agent.link import PortalConnection
from device_check.agent.settings import Portal, store
from device_check.models import Workplace
from device_check.reports import KEY_FILE, PUBLIC_FILE
from device_check.services import workplaces
from integrations.zmq import KeyPair, new_key_pair, write_key_file
from tests.harness.clock import NOW, shown_clock

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        name: {"handlers": ["console"], "level": "INFO"}
        for name in ("device_check", "integrations")
    },
}


@dataclass
class RunningPortal:
    """The process of `device_check_reports`; `log` is what it says."""

    process: subprocess.Popen[str]
    endpoint: str
    server_key: str
    log: Path

    @property
    def logged(self) -> str:
        return self.log.read_text()

    def link(self, keys: KeyPair, *, server_key: str = "") -> PortalConnection:
        return PortalConnection(self.endpoint, keys=keys, server_key=server_key or self.server_key)


@dataclass
class Seat:
    """An enrolled workplace."""

    workplace: Workplace
    keys: KeyPair

    def fresh(self) -> Workplace:
        self.workplace.refresh_from_db()
        return self.workplace


def report(**changed: Any) -> dict[str, Any]:
    device = {"present": True, "problems": [], "measures": {"level": -20.5}}
    return {
        "version": "1.0",
        "moment": "2026-11-22T10:00:00+00:00",
        "every": 60,
        "camera": device,
        "microphone": device,
        "rtt_ms": 12.5,
        "skew_seconds": 0.1,
        **changed,
    }


def enrolled(*, label: str = "Каса 1", now: datetime = NOW) -> Seat:
    workplace = workplaces.create_workplace(label=label, site_code="КИЇВ-1", kind="kiosk", now=now)
    code = workplaces.issue_code(public_id=workplace.public_id, now=now)
    keys = new_key_pair()
    return Seat(workplaces.enrol(code=code, public_key=keys.public, now=now), keys)


@dataclass
class KeyFolder:
    path: Path
    keys: KeyPair = field(default_factory=new_key_pair)

    def __post_init__(self) -> None:
        self.path.mkdir()
        write_key_file(self.path / KEY_FILE, self.keys)
        (self.path / PUBLIC_FILE).write_text(self.keys.public)


def child_environment(**changed: Any) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
        "TEST_SERVER_SETTINGS": json.dumps({"LOGGING": LOGGING, **changed}),
    }


@contextmanager
def running_portal(keys: KeyFolder, *, port: int | str = "*") -> Iterator[RunningPortal]:
    log = keys.path / f"reports-{os.urandom(4).hex()}.log"
    reports = {"ENDPOINT": f"tcp://127.0.0.1:{port}", "KEYS": str(keys.path)}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "django", "device_check_reports", "--skip-checks"],
            cwd=ROOT,
            env=child_environment(DEVICE_CHECK={"REPORTS": reports}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
    assert process.stdout is not None
    try:
        ready, _, _ = select.select([process.stdout], [], [], SECONDS)
        line = process.stdout.readline() if ready else ""
        assert line.startswith("Taking reports on "), line + log.read_text()
        yield RunningPortal(process, line.split()[-1], keys.keys.public, log)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def agent_command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "device_check.agent", *map(str, arguments)]


def run_agent(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        agent_command(*arguments),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **shown_clock()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@dataclass
class Folder:
    """What an enrolment leaves on a workplace."""

    path: Path
    seat: Seat

    def lead_to(self, endpoint: str, server_key: str) -> None:
        portal = Portal(str(self.seat.workplace.public_id), endpoint, server_key)
        store(self.path, portal, self.seat.keys)


NO_DEVICES: Sequence[str] = ("--camera", "none", "--microphone", "none")
