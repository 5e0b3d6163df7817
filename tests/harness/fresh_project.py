"""A portal in a fresh environment: `wagtail start`, then what docs/install.md says."""

import os
import shlex
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

SECONDS_TO_STOP = 20
NOT_OURS = ("DJANGO_", "PYTEST_", "PYTHON", "TEST_", "VIRTUAL_ENV")


@dataclass(frozen=True)
class FreshProject:
    """A project folder with its own environment, and what the manual leaves running."""

    folder: Path
    environment: dict[str, str]
    servers: list[str]

    @classmethod
    def start(cls, folder: Path) -> "FreshProject":
        """An empty Wagtail project named `portal`, as a reader of the manual has it."""
        home = folder / "environment"
        run([sys.executable, "-m", "venv", home], cwd=folder, env=_environment())
        environment = _environment() | {
            "VIRTUAL_ENV": str(home),
            "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        run(["pip", "install", "wagtail>=8.0,<8.1", "Django<6"], folder, environment)
        run(["wagtail", "start", "portal"], folder, environment)
        return cls(folder / "portal", environment, [])

    def follow(self, path: Path, *, wheels: Path) -> "FreshProject":
        """Does what the manual says; `pip install` finds our distribution in `wheels`."""
        steps = manual.read(path)
        links = f"{os.environ.get('PIP_FIND_LINKS', '')} {wheels}".strip()
        environment = self.environment | {"PIP_FIND_LINKS": links}
        run(["bash", "-c", steps.script], self.folder, environment)
        return FreshProject(self.folder, environment, steps.servers)

    def python(self, code: str) -> None:
        """Runs code in the project, as one types it into `manage.py shell`."""
        run(["python", "manage.py", "shell", "-c", code], self.folder, self.environment)

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
    return {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)} | {
        "PYTHONUTF8": "1"
    }


def run(command: list[str | Path], cwd: Path, env: dict[str, str]) -> None:
    """Runs a command of the reader; RuntimeError with all it said when it fails."""
    done = subprocess.run(
        ["env", *command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout}\n{done.stderr}")
