"""Key sets over HTTP: a real server on this machine, a clock that the test moves."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.common.urls import is_safe_url
from integrations.identity.base import Identity, IdentityError
from integrations.identity.portal_issuer import issue_access
from integrations.identity.portal_tokens import PortalTokens, PortalTokensOptions
from integrations.identity.remote_keys import KeySetLimits, RemoteKeySet
from integrations.identity.signing_keys import SigningKey, generate_key
from tests.steps.identity import AUDIENCE, ISSUER, NOW

PATIENCE = 10


class Source:
    """A portal's JWKS endpoint whose answer the test chooses."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: None
        self.released = threading.Event()
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                source.requests.append(self.path)
                source.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/jwks.json"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def gives(self, body: bytes, status: int = 200, **headers: str) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answer = answer

    def publishes(self, *keys: SigningKey) -> None:
        self.gives(json.dumps({"keys": [key.public_jwk() for key in keys]}).encode())

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def source() -> Iterator[Source]:
    source = Source()
    yield source
    source.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def key_set(source: Source, clock: Clock) -> RemoteKeySet:
    return RemoteKeySet(
        source.url, allow_http_loopback=True, limits=KeySetLimits(timeout=PATIENCE), clock=clock
    )


def unavailable(key_set: RemoteKeySet, kid: str) -> bool:
    with pytest.raises(IdentityError) as refusal:
        key_set.find(kid)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    return refusal.value.reason == "keys_unavailable"


def unknown(key_set: RemoteKeySet, kid: str) -> bool:
    with pytest.raises(IdentityError) as refusal:
        key_set.find(kid)
    return refusal.value.reason == "unknown_key"


def test_nothing__is_fetched_before_it_is_needed(source: Source, key_set: RemoteKeySet) -> None:
    assert key_set.problems() == []
    assert source.requests == []


def test_a_set__is_fetched_once_and_kept(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.publishes(key)
    for _ in range(5):
        assert key_set.find(key.kid) == key.private.public_key()
    clock.now += 299
    assert key_set.find(key.kid)
    assert len(source.requests) == 1


def test_an_old_set__is_fetched_anew(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.publishes(key)
    key_set.find(key.kid)
    clock.now += 300
    source.publishes(generate_key())
    assert unknown(key_set, key.kid)
    assert len(source.requests) == 2


def test_the_shipped_limits__are_those_promised() -> None:
    limits = KeySetLimits()
    assert limits.max_age >= 300
    assert limits.retry_after >= 60
    assert limits.stale_for <= 24 * 3600


def test_rotation__a_new_key_is_found_at_its_first_use(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.publishes(key)
    key_set.find(key.kid)
    new = generate_key()
    source.publishes(key, new)
    clock.now += 60
    assert key_set.find(new.kid) == new.private.public_key()
    assert key_set.find(key.kid) == key.private.public_key()
    assert len(source.requests) == 2


def test_refetch_limit__invented_ids_do_not_reach_the_source(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.publishes(key)
    key_set.find(key.kid)
    for number in range(50):
        assert unknown(key_set, f"invented-{number}")
    assert len(source.requests) == 1
    clock.now += 60
    for number in range(50):
        assert unknown(key_set, f"invented-{number}")
    assert len(source.requests) == 2
    assert key_set.find(key.kid)


def test_refetch_limit__holds_for_failures_too(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.gives(b"", status=503)
    assert all(unavailable(key_set, key.kid) for _ in range(10))
    assert len(source.requests) == 1
    source.publishes(key)
    clock.now += 59
    assert unavailable(key_set, key.kid)
    clock.now += 1
    assert key_set.find(key.kid)


def test_down__stored_keys_serve_for_a_bounded_time(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.publishes(key)
    key_set.find(key.kid)
    source.stop()
    for _ in range(59):
        clock.now += 60
        assert key_set.find(key.kid)
    assert key_set.problems() == [
        "The portal’s keys cannot be fetched: sign-in still works with stored keys."
    ]
    clock.now += 60
    assert unavailable(key_set, key.kid)
    assert key_set.problems() == ["The portal’s keys cannot be fetched: nobody can sign in."]


def test_down__and_back_again(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.gives(b"", status=500)
    assert unavailable(key_set, key.kid)
    assert key_set.problems()
    source.publishes(key)
    clock.now += 60
    assert key_set.find(key.kid)
    assert key_set.problems() == []


def test_down__from_the_beginning(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.stop()
    assert unavailable(key_set, key.kid)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<!doctype html><title>Sign in</title>", 200),
        (b"", 200),
        (b"null", 200),
        (b'{"keys": []}', 200),
        (b'{"keys": [], "keys": []}', 200),
        (b"[" * 20000, 200),
        (b"\xff\xfe", 200),
        (b'{"keys": [' + b" " * 70000 + b"]}", 200),
        (b'{"keys": []}', 404),
        (b'{"keys": []}', 204),
    ],
)
def test_answers_that_are_no_key_set__are_not_used(
    source: Source, key_set: RemoteKeySet, key: SigningKey, body: bytes, status: int
) -> None:
    source.gives(body, status)
    assert unavailable(key_set, key.kid)


@pytest.mark.parametrize(
    ("body", "status"), [(b"<html>", 200), (b"", 503), (b'{"keys": []}', 200), (b" " * 70000, 200)]
)
def test_a_bad_answer__does_not_spoil_the_stored_keys(
    source: Source, clock: Clock, key_set: RemoteKeySet, key: SigningKey, body: bytes, status: int
) -> None:
    source.publishes(key)
    key_set.find(key.kid)
    source.gives(body, status)
    clock.now += 300
    assert key_set.find(key.kid)
    assert len(source.requests) == 2


def test_a_large_set_with_a_good_key__is_still_too_large(
    source: Source, key_set: RemoteKeySet, key: SigningKey
) -> None:
    document = {"keys": [key.public_jwk()], "padding": "x" * 70000}
    source.gives(json.dumps(document).encode())
    assert unavailable(key_set, key.kid)


def test_a_compressed_bomb__is_not_unpacked(
    source: Source, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.gives(b"\x1f\x8b" + bytes(100), Content_Encoding="gzip")
    assert unavailable(key_set, key.kid)


@pytest.mark.parametrize("status", [201, 404, 500])
def test_keys_of_an_error_page__are_not_used(
    source: Source, key_set: RemoteKeySet, key: SigningKey, status: int
) -> None:
    source.gives(json.dumps({"keys": [key.public_jwk()]}).encode(), status)
    assert unavailable(key_set, key.kid)


def test_redirects__are_not_followed(
    source: Source, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.gives(b"", status=302, Location=source.url + "?again")
    assert unavailable(key_set, key.kid)
    assert source.requests == ["/jwks.json"]


def test_a_published_private_key__is_not_used(
    source: Source, key_set: RemoteKeySet, key: SigningKey
) -> None:
    source.gives(json.dumps({"keys": [key.private_jwk()]}).encode())
    assert unavailable(key_set, key.kid)


def test_slow__a_silent_source_is_given_up(source: Source, clock: Clock, key: SigningKey) -> None:
    gave_up = threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        source.released.wait(PATIENCE)
        gave_up.set()

    source.answer = hold
    limits = KeySetLimits(timeout=0.05)
    key_set = RemoteKeySet(source.url, allow_http_loopback=True, limits=limits, clock=clock)
    assert unavailable(key_set, key.kid)
    assert not gave_up.is_set()


def test_slow__a_trickling_source_is_given_up(
    source: Source, clock: Clock, key: SigningKey
) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        # Each space comes long before the silence limit; only the whole takes too long.
        while not source.released.wait(0.02):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    source.answer = trickle
    limits = KeySetLimits(timeout=0.2)
    key_set = RemoteKeySet(source.url, allow_http_loopback=True, limits=limits, clock=clock)
    assert unavailable(key_set, key.kid)


def test_threads__one_fetch_for_all_who_wait(source: Source, clock: Clock, key: SigningKey) -> None:
    limits = KeySetLimits(timeout=PATIENCE)
    key_set = RemoteKeySet(source.url, allow_http_loopback=True, limits=limits, clock=clock)
    source.publishes(key)
    publish = source.answer

    def answer(handler: BaseHTTPRequestHandler) -> None:
        # Long enough for the others to come before the keys do.
        source.released.wait(0.1)
        publish(handler)

    source.answer = answer
    barrier = threading.Barrier(16)

    def find(_number: int) -> ec.EllipticCurvePublicKey:
        barrier.wait(PATIENCE)
        return key_set.find(key.kid)

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(find, range(16)))
    assert found == [key.private.public_key()] * 16
    assert len(source.requests) == 1


def test_threads__who_has_a_key_does_not_wait_for_a_slow_source(
    source: Source, clock: Clock, key: SigningKey
) -> None:
    limits = KeySetLimits(timeout=2 * PATIENCE)
    key_set = RemoteKeySet(source.url, allow_http_loopback=True, limits=limits, clock=clock)
    source.publishes(key)
    key_set.find(key.kid)
    publish, asked, answered = source.answer, threading.Event(), threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        source.released.wait(PATIENCE)
        answered.set()
        publish(handler)

    source.answer = hold
    clock.now += 300
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(key_set.find, key.kid)
        assert asked.wait(PATIENCE)
        assert key_set.find(key.kid) == key.private.public_key()
        assert not answered.is_set()
        source.released.set()
        assert slow.result(PATIENCE) == key.private.public_key()


def test_log__names_the_kind_of_failure_and_nothing_of_the_answer(
    source: Source, key_set: RemoteKeySet, key: SigningKey, caplog: pytest.LogCaptureFixture
) -> None:
    source.gives(b'{"secret-from-portal": ')
    unavailable(key_set, key.kid)
    assert [record.getMessage() for record in caplog.records] == [
        "Key set not fetched: JSONDecodeError"
    ]
    assert "secret-from-portal" not in caplog.text


def test_provider__reads_tokens_with_keys_from_the_portal(
    source: Source, key: SigningKey, person: Identity
) -> None:
    source.publishes(key)
    provider = PortalTokens(
        PortalTokensOptions(
            issuer=ISSUER,
            audience=AUDIENCE,
            authorize_url="https://portal.example/",
            jwks_url=source.url,
            allow_http_loopback=True,
        )
    )
    token = issue_access(person, key=key, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    assert provider.read_access(token, NOW).identity == person


@pytest.mark.parametrize(
    ("url", "everywhere", "here"),
    [
        ("https://portal.example/jwks", True, True),
        ("https://127.0.0.1/jwks", True, True),
        ("http://127.0.0.1:8000/jwks", False, True),
        ("http://127.8.9.1/jwks", False, True),
        ("http://localhost/jwks", False, True),
        ("http://[::1]:8000/jwks", False, True),
        ("http://portal.example/jwks", False, False),
        ("http://localhost.portal.example/", False, False),
        ("http://127.0.0.1.portal.example/", False, False),
        ("http://0.0.0.0/", False, False),
        ("http://10.0.0.1/", False, False),
        ("http://127.0.0.1@portal.example/", False, False),
        ("https://name:word@portal.example/", False, False),
        ("https://portal.example/#keys", False, False),
        ("ftp://127.0.0.1/", False, False),
        ("file:///etc/passwd", False, False),
        ("https:///jwks", False, False),
        ("https://[::1/", False, False),
        ("//portal.example/", False, False),
        ("", False, False),
    ],
)
def test_addresses__are_https_or_allowed_loopback(url: str, everywhere: bool, here: bool) -> None:
    assert is_safe_url(url, allow_http_loopback=False) is everywhere
    assert is_safe_url(url, allow_http_loopback=True) is here
    if not everywhere:
        with pytest.raises(ValueError):
            RemoteKeySet(url)
