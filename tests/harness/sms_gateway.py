"""A gateway for text messages on this machine: takes, refuses, dawdles and lies as it is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the gateway says to one message; `pause` in seconds before it does."""

    status: int = 200
    body: bytes = b'{"result": "ok", "message": {"id": "gw-1"}}'
    pause: float = 0.0
    location: str = ""


@dataclass
class Gateway:
    """The requests that came, and the answers to give: the last one again and again."""

    url: str
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _headers, body in self.requests]

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    """Listens until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            gateway.requests.append((dict(self.headers), self.rfile.read(length)))
            answer = gateway.next_answer()
            gateway.closing.wait(answer.pause)
            self.send_response(answer.status)
            if answer.location:
                self.send_header("Location", answer.location)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with suppress(OSError):
                # Whoever asked may have gone.
                self.wfile.write(answer.body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway = Gateway(f"http://127.0.0.1:{server.server_address[1]}/send")
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
