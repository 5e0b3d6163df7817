"""A service outside: a real HTTP server on this machine whose answers the test chooses."""

import json
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PATIENCE = 10


@dataclass(frozen=True)
class Request:
    """What was asked; parameters are decoded once, as every server does."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return _single(self.body.decode())

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass
class Answer:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds_per_byte: float = 0
    hangs: bool = False
    promised: int | None = None
    """Content-Length, where it is not the truth."""


def as_json(value: object, status: int = 200) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), status)


Responder = Callable[[Request], Answer]


class Outside:
    """The server; `paths` says who answers what."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.paths: dict[str, Responder | Answer] = {}
        self.released = threading.Event()
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outside.serve(self)

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        address = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = Request(handler.command, address.path, _single(address.query), headers, body)
        self.requests.append(request)
        found = self.paths.get(address.path, Answer(b"Not Found", 404))
        answer = found(request) if callable(found) else found
        try:
            self._write(handler, answer)
        except OSError:
            # The client has had enough.
            handler.close_connection = True

    def _write(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.hangs:
            self.released.wait(PATIENCE)
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        length = len(answer.body) if answer.promised is None else answer.promised
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        if not answer.seconds_per_byte:
            handler.wfile.write(answer.body)
            return
        for byte in answer.body:
            if self.released.wait(answer.seconds_per_byte):
                return
            handler.wfile.write(bytes((byte,)))

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def forget(self) -> None:
        self.requests.clear()
        self.paths.clear()

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def impatience(answer: Answer) -> dict[str, float]:
    """Options that make an answer too slow without letting the test wait long."""
    if answer.hangs or answer.seconds_per_byte:
        return {"read_timeout": 0.3, "total_timeout": 0.6}
    return {}


TROUBLES: dict[str, tuple[Answer, str]] = {
    "down": (Answer(b"Service Unavailable", 503), "unavailable"),
    "too many requests": (as_json({"error": "later"}, 429), "unavailable"),
    "hangs": (Answer(hangs=True), "unavailable"),
    "trickles": (Answer(b" " * 60 + b"{}", seconds_per_byte=0.02), "unavailable"),
    "html with 200": (Answer(b"<!doctype html><title>n/a</title>"), "bad_answer"),
    "html with 401": (Answer(b"<!doctype html><title>n/a</title>", 401), "bad_answer"),
    "nothing": (Answer(b""), "bad_answer"),
    "truncated": (Answer(b'{"access_token": "abc", "user', promised=500), "unavailable"),
    "half a JSON": (Answer(b'{"access_token": "abc", "user'), "bad_answer"),
    "huge": (Answer(b" " * 3_000_000 + b"{}"), "bad_answer"),
    "deep": (Answer(b"[" * 50_000), "bad_answer"),
    "twice": (Answer(b'{"error": 0, "error": 1}'), "bad_answer"),
    "not UTF-8": (Answer(b'{"error": "\xff\xfe"}'), "bad_answer"),
    "a list": (as_json([]), "bad_answer"),
    "a text": (as_json("n/a"), "bad_answer"),
    "null": (as_json(None), "bad_answer"),
    "redirect": (Answer(b"{}", 302, {"Location": "https://elsewhere.example/"}), "bad_answer"),
    "error without a word": (as_json({}, 401), "refused"),
    "error number": (as_json({"error": 7, "message": "n/a"}, 401), "refused"),
    "error number as text": (as_json({"error": "7", "message": "n/a"}), "refused"),
    "error zero": (as_json({"error": "0", "error_description": "ok"}), "refused"),
    "error in words": (as_json({"error": "Сталася помилка: 3287401015"}), "refused"),
    "error that is none": (as_json({"error": {"code": 1}}), "bad_answer"),
    "error away": (as_json({"error": "temporarily_unavailable"}), "unavailable"),
    "error client": (as_json({"error": "unauthorized_client"}, 401), "misconfigured"),
    "error certificate": (as_json({"error": "invalid_cert"}), "misconfigured"),
    "error code": (as_json({"error": "invalid_grant"}, 400), "code_refused"),
    "error token": (as_json({"error": "invalid_token"}), "code_refused"),
    "error consent": (as_json({"error": "access_denied"}), "cancelled"),
    "error data": (as_json({"error": "invalid_data"}), "bad_answer"),
}
"""What a service may answer instead of what was asked for, and what the portal makes of it."""


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Bytes with some of them changed, dropped or doubled."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) or 1)
        match chance.randrange(4):
            case 0:
                data[place : place + 1] = bytes((chance.randrange(256),))
            case 1:
                del data[place : place + chance.randint(1, 9)]
            case 2:
                data[place:place] = data[: chance.randint(1, 40)]
            case 3:
                swaps = ((b'"', b"[]"), (b"bearer", b"mac"), (b":", b": null,"), (b"1", b"-1"))
                old, new = chance.choice(swaps)
                data = bytearray(bytes(data).replace(old, new, 1))
    return bytes(data)


def mutating(responder: Responder, seed: float) -> Responder:
    """Answers as another one does, with the same changes each time."""
    return lambda request: Answer(mutated(responder(request).body, random.Random(seed)))
