"""Debian's Janus on this machine, set up as docs/operate.md says."""

import hashlib
import json
import random
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from time_machine import escape_hatch
from websockets.sync.client import ClientConnection, connect

from integrations.conference.base import Entry, Meeting
from integrations.conference.janus import PLUGIN, JanusRoom
from tests.device_check.browser.relay import HOST, free_port, wait_for
from tests.harness.clock import distance, real_clock

SECRETS = {
    "admin_secret": "only-for-tests-admin-secret",
    "admin_key": "only-for-tests-admin-key",
    "token_secret": "only-for-tests-token-secret",
}
RTP_PORTS = 200
UNAUTHORIZED = 433
"""What a video room says to who may not."""
_OTHER_PLUGINS = (
    "audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming",
    "textroom", "videocall", "voicemail",
)  # fmt: skip
_OTHER_TRANSPORTS = ("mqtt", "nanomsg", "pfunix", "rabbitmq")


def in_an_hour() -> datetime:
    """By the machine's clock, which Janus has."""
    now = escape_hatch.time.time() if escape_hatch.is_travelling() else time.time()
    return datetime.fromtimestamp(now - distance(), UTC) + timedelta(hours=1)


@dataclass
class Server:
    """A Janus that may be killed and started again; its addresses stay."""

    folder: Path
    websocket_port: int
    admin_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def options(self) -> dict[str, Any]:
        return {
            **SECRETS,
            "url": f"ws://{HOST}:{self.websocket_port}",
            "admin_url": f"http://{HOST}:{self.admin_port}/admin",
        }

    @property
    def conference(self) -> dict[str, Any]:
        return {"BACKEND": "integrations.conference.janus.JanusRoom", "OPTIONS": self.options}

    def start(self) -> None:
        with (self.folder / "janus.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["janus", "-F", str(self.folder), "-C", str(self.folder / "janus.jcfg")],
                cwd=self.folder, stdout=log, stderr=log, env=real_clock(),
            )  # fmt: skip
        wait_for(self.websocket_port)
        wait_for(self.admin_port)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def said(self) -> str:
        """What it has logged."""
        return (self.folder / "janus.log").read_text(errors="replace")


@contextmanager
def janus(folder: Path) -> Iterator[Server]:
    """Runs Janus with nothing but video rooms, for browsers that show a token."""
    server = Server(folder, free_port(), free_port())
    for name, text in _settings(server).items():
        (folder / f"{name}.jcfg").write_text(text)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _settings(server: Server) -> dict[str, str]:
    first = random.randrange(30_000, 31_000)
    plugins = ",".join(f"libjanus_{name}.so" for name in _OTHER_PLUGINS)
    transports = ",".join(f"libjanus_{name}.so" for name in _OTHER_TRANSPORTS)
    return {
        "janus": f"""
general: {{
    configs_folder = "{server.folder}"
    interface = "{HOST}"
    token_auth = true
    token_auth_secret = "{SECRETS["token_secret"]}"
    admin_secret = "{SECRETS["admin_secret"]}"
    session_timeout = 60
    debug_level = 4
}}
media: {{ rtp_port_range = "{first}-{first + RTP_PORTS}" }}
nat: {{ ignore_mdns = true }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
""",
        "janus.transport.http": f"""
general: {{ http = false }}
admin: {{
    admin_base_path = "/admin"
    admin_http = true
    admin_port = {server.admin_port}
    admin_ip = "{HOST}"
}}
""",
        "janus.transport.websockets": f"""
general: {{ ws = true  ws_port = {server.websocket_port}  ws_ip = "{HOST}" }}
admin: {{ admin_ws = false }}
""",
        "janus.plugin.videoroom": f"""
general: {{ admin_key = "{SECRETS["admin_key"]}"  string_ids = true  lock_rtp_forward = true }}
""",
    }


class Browser:
    """What a page does, by its own hand."""

    def __init__(self, socket: ClientConnection, given: Any) -> None:
        self._socket, self.given = socket, given
        self._session = self._handle = 0
        self.private_id = 0

    def ask(self, **words: Any) -> dict[str, Any]:
        transaction = uuid.uuid4().hex
        words |= {"transaction": transaction, "token": self.given["token"]}
        for name, number in {"session_id": self._session, "handle_id": self._handle}.items():
            if number:
                words.setdefault(name, number)
        self._socket.send(json.dumps(words))
        while True:
            said: dict[str, Any] = json.loads(self._socket.recv(timeout=10))
            if said.get("transaction") == transaction and said["janus"] != "ack":
                return said

    def message(self, **body: Any) -> dict[str, Any]:
        said = self.ask(janus="message", body=body)
        return dict(said.get("plugindata", {}).get("data") or said)

    def begin(self) -> None:
        self._session = self.ask(janus="create")["data"]["id"]
        self.attach()

    def attach(self) -> None:
        self._handle = 0
        self._handle = self.ask(janus="attach", plugin=PLUGIN)["data"]["id"]

    def join(self, **other: Any) -> dict[str, Any]:
        given = self.given | other
        said = self.message(
            request="join", ptype="publisher", room=given["room"], pin=given["pin"],
            token=given["ticket"], id=given["feed"],
        )  # fmt: skip
        self.private_id = said.get("private_id", self.private_id)
        return said

    def listen(self, feed: str) -> dict[str, Any]:
        self.attach()
        return self.message(
            request="join", ptype="subscriber", room=self.given["room"], pin=self.given["pin"],
            private_id=self.private_id, streams=[{"feed": feed}],
        )  # fmt: skip


def people(room: JanusRoom, meeting: Meeting) -> list[str]:
    """The badges of those who are in the room at Janus."""
    return [hashlib.sha256(feed.encode()).hexdigest() for feed in room._feeds(meeting)]


@contextmanager
def browser(room: JanusRoom, entry: Entry, **other: Any) -> Iterator[Browser]:
    given = dict(room.join(entry, until=in_an_hour()).server) | other
    with connect(given["url"], subprotocols=["janus-protocol"], proxy=None) as socket:  # type: ignore[list-item]
        yield Browser(socket, given)
