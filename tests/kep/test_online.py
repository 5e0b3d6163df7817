"""Revocation data from the network: whom we ask, what we believe, how long we remember."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from integrations.common.fetching import FetchFailed
from integrations.kep import ocsp
from integrations.kep.online import (
    AUTHORITY_MEMORY,
    TOTAL_SECONDS,
    HttpTransport,
    OnlineSource,
    ServiceUrls,
)
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import AT, OcspAnswer, make_crl, make_ocsp
from tests.steps.kep import World

OCSP = "http://ca.example/ocsp"
CRL = "http://ca.example/full.crl"
URLS = ServiceUrls(OCSP, CRL)


class MemoryCache:
    """Remembers, and tells for how long it was asked to."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}
        self.seconds: list[int] = []

    def get(self, key: str) -> bytes | None:
        return self.entries.get(key)

    def set(self, key: str, value: bytes, timeout: int) -> None:
        self.entries[key] = value
        self.seconds.append(timeout)


class Network:
    """Answers from a table; an exception is raised."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.sent: list[bytes | None] = []

    def fetch(self, url: str, *, body: bytes | None, limit: int, seconds: float) -> bytes:
        del limit, seconds
        self.asked.append(url)
        self.sent.append(body)
        answer = self.answers.get("ocsp" if url == OCSP else "crl")
        if answer is None:
            raise FetchFailed("down")
        return answer


def online(
    world: World,
    network: Network | HttpTransport,
    cache: MemoryCache | None = None,
    urls: ServiceUrls = URLS,
    **options: Any,
) -> OnlineSource:
    services = {world.authority.certificate.fingerprint: urls}
    return OnlineSource(
        services, cache=cache or MemoryCache(), transport=network, clock=lambda: AT, **options
    )


def good(world: World, **options: object) -> bytes:
    answer = OcspAnswer()
    for name, value in options.items():
        setattr(answer, name, value)
    return make_ocsp(world.authority, world.person.certificate, answer)


def reason(world: World, source: OnlineSource) -> str:
    return world.reason(world.person, source=source)  # type: ignore[arg-type]


def test_ocsp_first__the_list_is_not_downloaded(world: World) -> None:
    network = Network(ocsp=good(world), crl=make_crl(world.authority))
    assert reason(world, online(world, network)) == "valid"
    assert network.asked == [OCSP]


def test_crl__is_asked_when_ocsp_does_not_help(world: World) -> None:
    network = Network(crl=make_crl(world.authority))
    assert reason(world, online(world, network)) == "valid"
    assert network.asked == [OCSP, CRL]


def test_nothing__is_unknown(world: World) -> None:
    assert reason(world, online(world, Network())) == "revocation_unknown"


def test_good_answer__is_remembered(world: World) -> None:
    network, cache = Network(ocsp=good(world)), MemoryCache()
    for _ in range(3):
        assert reason(world, online(world, network, cache)) == "valid"
    assert network.asked == [OCSP]
    assert not any(str(world.person.certificate.serial) in key for key in cache.entries)


@pytest.mark.parametrize(
    ("next_update", "seconds"),
    [(AT + timedelta(minutes=2), 120), (AT + timedelta(days=9), 600), (None, 600)],
)
def test_memory__is_ten_minutes_whatever_the_answer_says(
    world: World, next_update: datetime | None, seconds: int
) -> None:
    cache = MemoryCache()
    network = Network(ocsp=good(world, next_update=next_update))
    assert reason(world, online(world, network, cache)) == "valid"
    assert cache.seconds == [seconds]


def test_memory__of_a_list_is_ten_minutes_too(world: World) -> None:
    cache = MemoryCache()
    network = Network(crl=make_crl(world.authority, next_update=AT + timedelta(days=9)))
    assert reason(world, online(world, network, cache)) == "valid"
    assert cache.seconds == [600]


def test_memory__is_what_the_operator_chooses(world: World) -> None:
    cache = MemoryCache()
    network = Network(ocsp=good(world))
    for _ in range(2):
        source = online(world, network, cache, memory=timedelta(0))
        assert reason(world, source) == "valid"
    assert network.asked == [OCSP, OCSP]
    assert not cache.entries


def test_memory__about_an_authority_is_longer(world: World) -> None:
    services = {world.root.certificate.fingerprint: URLS}
    cache = MemoryCache()
    answer = OcspAnswer(next_update=AT + timedelta(days=9))
    network = Network(ocsp=make_ocsp(world.root, world.authority.certificate, answer))
    source = OnlineSource(services, cache=cache, transport=network, clock=lambda: AT)
    assert list(source.ocsp_answers(world.authority.certificate, world.root.certificate))
    assert cache.seconds == [int(AUTHORITY_MEMORY.total_seconds())]


def test_fresh__nothing_remembered_counts(world: World) -> None:
    """A revocation told a moment ago stops binding, stepping up and signing at once."""
    cache = MemoryCache()
    network = Network(ocsp=good(world), crl=make_crl(world.authority))
    assert reason(world, online(world, network, cache)) == "valid"
    network.answers = {"crl": network.answers["crl"]}
    assert reason(world, online(world, network, cache, fresh=True)) == "valid"
    assert network.asked == [OCSP, OCSP, CRL]
    network.answers = {"ocsp": good(world, status="revoked")}
    assert reason(world, online(world, network, cache, fresh=True)) == "revoked"


def test_fresh__silence_refuses_whatever_is_remembered(world: World) -> None:
    cache = MemoryCache()
    network = Network(ocsp=good(world), crl=make_crl(world.authority))
    assert reason(world, online(world, network, cache)) == "valid"
    network.answers = {}
    assert reason(world, online(world, network, cache)) == "valid"
    assert reason(world, online(world, network, cache, fresh=True)) == "revocation_unknown"


@pytest.mark.parametrize(("days", "expected"), [(6, "valid"), (8, "revocation_unknown")])
def test_age__of_an_answer_with_a_far_end(world: World, days: int, expected: str) -> None:
    old = good(world, this_update=AT - timedelta(days=days), next_update=AT + timedelta(days=300))
    assert reason(world, online(world, Network(ocsp=old))) == expected


@pytest.mark.parametrize("status", ["revoked", "unknown"])
def test_memory__keeps_only_good_answers(world: World, status: str) -> None:
    cache = MemoryCache()
    network = Network(ocsp=good(world, status=status))
    assert reason(world, online(world, network, cache)) != "valid"
    assert not cache.entries


def test_memory__is_not_poisoned_by_forgeries(world: World) -> None:
    forger = maker.authority("Authority", DstuPrivateKey("forger"))
    forged = make_ocsp(forger, world.person.certificate)
    for network in (
        Network(ocsp=forged),
        Network(ocsp=b"<html>"),
        Network(crl=make_crl(world.authority, signed_by=DstuPrivateKey("forger"))),
        Network(crl=b"<html>"),
    ):
        cache = MemoryCache()
        assert reason(world, online(world, network, cache)) == "revocation_unknown"
        assert not cache.entries


def test_nonce__of_another_request_is_a_replay(world: World) -> None:
    network = Network(ocsp=good(world, nonce=b"another request"))
    assert reason(world, online(world, network)) == "revocation_unknown"


def test_nonce__of_ours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.kep.online.secrets.token_bytes", lambda _: b"n" * 16)
    network = Network(ocsp=good(world, nonce=b"n" * 16))
    assert reason(world, online(world, network)) == "valid"


def test_nonce__is_demanded_of_who_repeats_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.kep.online.secrets.token_bytes", lambda _: b"n" * 16)
    cache, network = MemoryCache(), Network(ocsp=good(world))
    assert reason(world, online(world, network, cache, fresh=True)) == "valid"
    network.answers["ocsp"] = good(world, nonce=b"n" * 16)
    assert reason(world, online(world, network, cache, fresh=True)) == "valid"
    network.answers["ocsp"] = good(world)
    assert reason(world, online(world, network, cache, fresh=True)) == "revocation_unknown"


def test_request__is_what_a_responder_reads(world: World) -> None:
    network = Network(ocsp=good(world))
    reason(world, online(world, network))
    expected = ocsp.build_request(world.person.certificate, world.authority.certificate, b"n" * 16)
    [sent] = network.sent
    assert sent is not None
    assert sent[: len(expected) - 40] == expected[: len(expected) - 40]


def test_addresses__in_the_certificate_are_not_followed(world: World) -> None:
    network = Network(ocsp=good(world))
    nowhere = OnlineSource({}, cache=MemoryCache(), transport=network, clock=lambda: AT)
    assert reason(world, nowhere) == "revocation_unknown"
    assert network.asked == []


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    listing = b""

    def do_GET(self) -> None:
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/ok")
            self.end_headers()
            return
        body = {"/ok": b"octets", "/large": b"x" * 5000, "/listing": self.listing}.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Content-Type"].encode() + b" " + self.rfile.read(length))

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


def test_http_transport__fetches_within_its_limits(server: str) -> None:
    transport = HttpTransport([ServiceUrls(f"{server}/ocsp", f"{server}/ok")])
    assert transport.fetch(f"{server}/ok", body=None, limit=100, seconds=5) == b"octets"
    posted = transport.fetch(f"{server}/ocsp", body=b"abc", limit=100, seconds=5)
    assert posted == b"application/ocsp-request abc"


@pytest.mark.parametrize("path", ["/redirect", "/missing", "/large"])
def test_http__refuses_redirects_errors_and_floods(server: str, path: str) -> None:
    transport = HttpTransport([ServiceUrls(server)])
    with pytest.raises(FetchFailed):
        transport.fetch(server + path, body=None, limit=100, seconds=5)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/ok", "file:///etc/passwd", "http://other.example/", "nonsense"]
)
def test_http__only_hosts_of_the_services(server: str, url: str) -> None:
    with pytest.raises(FetchFailed, match="not one of the services"):
        HttpTransport([ServiceUrls(server)]).fetch(url, body=None, limit=100, seconds=5)


@pytest.fixture
def hole() -> Iterator[str]:
    """Takes connections and never answers, as a responder that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_silence__takes_its_time_once_and_names_the_authority(world: World, hole: str) -> None:
    """Responder and list are both silent; the person waits for both together."""
    urls = ServiceUrls(f"{hole}/ocsp", f"{hole}/full.crl")
    source = online(world, HttpTransport([urls]), urls=urls, seconds=1.2)
    begun = time.monotonic()
    verdict = world.verify(maker.sign(world.person), source=source)
    taken = time.monotonic() - begun
    assert (verdict.reason, verdict.detail) == ("revocation_unknown", "Authority")
    assert 1.1 < taken < 1.2 + 0.5
    assert TOTAL_SECONDS <= 4.5


def test_silence__of_the_responder_leaves_time_for_the_list(
    world: World, hole: str, server: str
) -> None:
    Handler.listing = make_crl(world.authority)
    urls = ServiceUrls(f"{hole}/ocsp", f"{server}/listing")
    source = online(world, HttpTransport([urls]), urls=urls, seconds=2)
    assert reason(world, source) == "valid"


def test_silence__of_a_name_server_counts_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing bounds how long a system looks for a name, nor how slowly headers come."""
    ended = threading.Event()

    def stuck(*_: object, **__: object) -> None:
        ended.wait(5)
        raise OSError("no such name")

    monkeypatch.setattr("socket.getaddrinfo", stuck)
    source = online(world, HttpTransport([URLS]), seconds=0.4)
    begun = time.monotonic()
    assert reason(world, source) == "revocation_unknown"
    assert time.monotonic() - begun < 1
    ended.set()


def test_http__nobody_listens(server: str) -> None:
    del server
    closed = "http://127.0.0.1:1"
    with pytest.raises(FetchFailed):
        HttpTransport([ServiceUrls(closed)]).fetch(closed, body=None, limit=100, seconds=5)
