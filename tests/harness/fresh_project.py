"""A portal that comes of doing what docs/install.md says, in an empty folder."""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.harness import manual
from tests.harness.clock import shown_clock

SECONDS_TO_STOP = 20
NOT_OURS = ("DJANGO_", "PYTEST_", "PYTHON", "TEST_", "VIRTUAL_ENV")
TELL_WHERE_WE_ARE = "import json, os, sys; json.dump([os.getcwd(), dict(os.environ)], sys.stdout)"


@dataclass(frozen=True)
class FreshProject:
    """The project in which the reader stands at the end, and what is to be left running."""

    folder: Path
    environment: dict[str, str]
    servers: list[str]

    @classmethod
    def follow(cls, path: Path, *, folder: Path, wheel: Path) -> "FreshProject":
        """Does what the manual says, beginning in an empty folder with nothing but the wheel."""
        steps = manual.read(path)
        shutil.copy(wheel, folder)
        where = folder / "where.json"
        script = f"{steps.script}python3 -c {shlex.quote(TELL_WHERE_WE_ARE)} > {where}\n"
        run(["bash", "-c", script], folder, _environment())
        standing, environment = json.loads(where.read_text())
        return cls(Path(standing), environment, steps.servers)

    def python(self, code: str) -> str:
        """Runs code in the project, as one types it into `manage.py shell`; gives what it prints."""
        command: list[str | Path] = ["python", "manage.py", "shell", "-v", "0", "-c", code]
        return run(command, self.folder, self.environment)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Starts the processes that the manual leaves running, on a free port.

        Returns:
            The address of the portal, which answers by then.
        """
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        started: list[subprocess.Popen[bytes]] = []
        try:
            for command in self.servers:
                words = shlex.split(command)
                if "runserver" in words:
                    words += ["--noreload", f"127.0.0.1:{port}"]
                started.append(
                    subprocess.Popen(
                        ["env", *words],
                        cwd=self.folder,
                        env=self.environment,
                        stdin=subprocess.DEVNULL,
                        stdout=(self.folder / "servers.log").open("a"),
                        stderr=subprocess.STDOUT,
                    )
                )
            address = f"http://127.0.0.1:{port}"
            patient = requests.Session()
            patient.mount(address, HTTPAdapter(max_retries=Retry(connect=60, backoff_factor=0.05)))
            patient.get(address)
            yield address
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(SECONDS_TO_STOP)


def _environment() -> dict[str, str]:
    """As a reader's, whose `python3` is the Python under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, **shown_clock(), "PYTHONUTF8": "1", "PATH": path}


def run(command: list[str | Path], cwd: Path, env: dict[str, str]) -> str:
    """Runs a command of the reader and gives what it prints; RuntimeError with it when it fails."""
    done = subprocess.run(
        ["env", *command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout
