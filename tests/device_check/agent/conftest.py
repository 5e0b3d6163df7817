"""A portal that takes reports as a process of its own, workplaces, and what a camera would see."""

import json
import os
import select
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.db import connection

from device_check.agent.link import Link
from device_check.agent.settings import Portal, store
from device_check.models import Workplace
from device_check.reports import KEY_FILE, PUBLIC_FILE
from device_check.services import workplaces
from integrations.zmq import KeyPair, new_key_pair, write_key_file
from tests.harness.clock import NOW, shown_clock

ROOT = Path(__file__).parent.parent.parent.parent
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
    def said(self) -> str:
        return self.log.read_text()

    def link(self, keys: KeyPair, *, server_key: str = "") -> Link:
        return Link(self.endpoint, keys=keys, server_key=server_key or self.server_key)


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


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> KeyFolder:
    return KeyFolder(tmp_path_factory.mktemp("portal") / "keys")


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


@pytest.fixture(scope="package")
def portal(key_folder: KeyFolder, django_db_setup: None) -> Iterator[RunningPortal]:
    """One process for all tests here: it finds the rows of each by itself."""
    with running_portal(key_folder) as running:
        yield running


@pytest.fixture
def seat(transactional_db: None) -> Seat:
    return enrolled()


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


@pytest.fixture
def folder(seat: Seat, tmp_path: Path) -> Folder:
    path = tmp_path / "agent"
    path.mkdir()
    return Folder(path, seat)


NO_DEVICES: Sequence[str] = ("--camera", "none", "--microphone", "none")


# --- What a camera and a microphone would give --------------------------------------------------


def scene(brightness: float = 1.0, *, shift: int = 0) -> np.ndarray:
    """A picture with light, shadow and edges, 640 × 480."""
    random = np.random.default_rng(7)
    coarse = random.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (640, 480), interpolation=cv2.INTER_NEAREST)
    return (np.roll(picture, shift, axis=1) * brightness).astype(np.uint8)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "scene.png"
    cv2.imwrite(str(path), scene())
    return path


@pytest.fixture
def dark_picture(tmp_path: Path) -> Path:
    path = tmp_path / "dark.jpg"
    cv2.imwrite(str(path), scene(0.04))
    return path


def write_wav(path: Path, samples: np.ndarray, *, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "silence.wav", np.zeros(48_000))


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Bursts of a harmonic tone with pauses, over quiet noise."""
    time = np.arange(48_000) / 16_000
    tone = sum(np.sin(2 * np.pi * 180 * n * time) / n for n in range(1, 12)) / 4
    spoken = (np.floor(time * 4) % 2 == 0) * 0.5
    noise = np.random.default_rng(3).normal(0, 0.0005, time.size)
    return write_wav(tmp_path / "voice.wav", np.clip(tone * spoken + noise, -0.99, 0.99))
