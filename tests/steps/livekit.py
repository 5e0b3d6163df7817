"""A LiveKit without sound and picture, judged by LiveKit's own libraries (tests/browser/room/livekit)."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha384
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any

from tests.harness.clock import real_clock
from tests.steps.npm import installed

FOLDER = Path(__file__).parent.parent / "browser" / "room" / "livekit"
API = {"api_key": "APIonlyfortests", "api_secret": "only-for-tests-livekit-secret-of-32-letters"}
SECONDS = 30


@dataclass
class Server:
    """A LiveKit, and what it has been told."""

    folder: Path
    process: subprocess.Popen[str]
    lines: Queue[dict[str, Any]]
    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)

    @property
    def script(self) -> bytes:
        path = self.folder / "node_modules/livekit-client/dist/livekit-client.umd.js"
        return path.read_bytes()

    @property
    def conference(self) -> dict[str, Any]:
        integrity = f"sha384-{b64encode(sha384(self.script).digest()).decode()}"
        options = API | {
            "url": f"ws://127.0.0.1:{self.port}",
            "script_url": f"http://127.0.0.1:{self.port}/livekit-client.umd.js",
            "script_integrity": integrity,
        }
        return {"BACKEND": "integrations.conference.livekit.LiveKitRoom", "OPTIONS": options}

    def hears(self, name: str) -> dict[str, Any]:
        """Waits for the next line that has this name."""
        until = monotonic() + SECONDS
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                raise AssertionError(f"LiveKit never heard {name}: {self.heard}") from None
            self.heard.append(line)
            if name in line:
                return line

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def livekit(*, now: datetime) -> Iterator[Server]:
    """Runs it by a clock of its own that stands still."""
    folder = installed("livekit", FOLDER / "package.json")
    words = ["node", str(FOLDER / "server.js"), str(folder), *API.values(), str(now.timestamp())]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=real_clock())
    lines: Queue[dict[str, Any]] = Queue()

    def read() -> None:
        for line in process.stdout or ():
            lines.put(json.loads(line))

    reader = Thread(target=read, daemon=True)
    reader.start()
    server = Server(folder, process, lines)
    try:
        server.port = server.hears("port")["port"]
        yield server
    finally:
        server.kill()
        reader.join()
        if process.stdout:
            process.stdout.close()
