"""The demonstration as a person starts it: its own process, folder and port."""

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import requests

from tests.harness.clock import shown_clock
from tests.harness.kept import ROOT, fingerprint, one_at_a_time

KEPT = ROOT / "build" / "test-demo"
PACKAGES = ("cms_pages", "device_check", "diia_videoreception", "integrations", "sandbox")
SECONDS_OF_SILENCE = 1
SECONDS_TO_START = 300
"""Generous: the machine of a test run may be busy."""


@dataclass
class Demo:
    """A demonstration of its own, stopped or running."""

    folder: Path
    port: int
    host: str = ""
    process: "subprocess.Popen[str] | None" = None
    output: str = ""

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}" if self.host else f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept,
            **shown_clock(),
            "SANDBOX_VAR": str(self.folder),
            "SANDBOX_PORT": str(self.port),
            "PYTHONUTF8": "1",
            "NO_PROXY": "127.0.0.1,127.0.0.2",
        }

    def start(self, *options: str) -> None:
        """Starts it and waits until it says that it is running."""
        self.process = subprocess.Popen(
            [
                sys.executable,
                "sandbox/run_demo.py",
                "--port",
                str(self.port),
                "--host",
                self.host,
                *options,
            ],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        self.output = ""
        # The last line of the welcome.
        for line in self.process.stdout:
            self.output += line
            if "demo-reset" in line:
                return
        raise AssertionError(self.output)

    def stop(self) -> int:
        """Ends it as a process manager would; gives the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        self.output += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def children(self) -> list[int]:
        assert self.process
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def printed_meanwhile(self) -> str:
        """What it has printed since its welcome or the last question, and forgets it."""
        assert self.process
        assert self.process.stdout
        printed = ""
        while select.select([self.process.stdout], [], [], SECONDS_OF_SILENCE)[0]:
            printed += os.read(self.process.stdout.fileno(), 65536).decode()
        return printed.strip()

    def manage(self, *arguments: str, finds_port: bool = False) -> str:
        """Runs a command of manage.py; gives what it printed.

        With `finds_port` it has to find out by itself where the demonstration runs.
        """
        environment = self.environment
        if finds_port:
            del environment["SANDBOX_PORT"]
        done = subprocess.run(
            [sys.executable, "sandbox/manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_START,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, code: str) -> Any:
        """Runs Python in the demonstration; gives the value of `answer`."""
        print_it = "import json; print('ANSWER', json.dumps(answer, default=str))"
        output = self.manage("shell", "--no-imports", "-c", f"{code}\n{print_it}")
        return json.loads(output.split("ANSWER", 1)[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_demo(folder: Path, host: str = "") -> Iterator[Demo]:
    """A demonstration with its data in the folder, until the end of the block.

    Args:
        host: The address at which other machines of its network would find it.

    The first one of a run starts from nothing, which takes most of a minute; what it leaves is kept
    for the others, as long as no source changes.
    """
    with one_at_a_time(KEPT):
        kept = KEPT / _sources()
        if not kept.exists():
            _start_from_nothing(kept)
        shutil.copytree(kept, folder, dirs_exist_ok=True)
    demo = Demo(folder, free_port(), host)
    demo.start()
    yield demo
    if demo.process and demo.process.poll() is None:
        demo.stop()


def _sources() -> str:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    # The demonstration’s appointments are near the day of its first start.
    return fingerprint(files, str(date.today()))


def _start_from_nothing(kept: Path) -> None:
    for old in KEPT.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
    unfinished = KEPT / "unfinished"
    demo = Demo(unfinished, free_port())
    demo.start()
    assert demo.stop() == 0, demo.output
    unfinished.rename(kept)


class Visitor:
    """A browser without scripts: follows links and sends forms as they stand in the page."""

    def __init__(self, url: str, certificate: Path | None = None) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(certificate) if certificate else True
        self.url = url
        self.page = ""
        self.address = ""

    def go(self, path: str) -> str:
        return self._take(self.session.get(f"{self.url}{path}", timeout=30))

    def send(self, form: str, **changes: str) -> str:
        """Sends the form of the content in whose HTML `form` occurs, with its hidden fields."""
        content = self.page.split("<main", 1)[1]
        found = next(text for text in re.findall(r"<form.*?</form>", content, re.S) if form in text)
        fields = dict(
            re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found), **changes
        )
        action = re.search(r'<form[^>]* action="([^"]*)"', found)
        address = requests.compat.urljoin(self.address, action[1] if action else "")
        referer = {"Referer": self.address}
        return self._take(self.session.post(address, fields, headers=referer, timeout=30))

    def _take(self, answer: requests.Response) -> str:
        assert answer.status_code < 400, f"{answer.status_code} {answer.url}\n{answer.text[:2000]}"
        self.page, self.address = answer.text, answer.url
        if onward := re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', self.page):
            return self._take(self.session.get(unescape(onward[1]), timeout=30))
        return self.page
