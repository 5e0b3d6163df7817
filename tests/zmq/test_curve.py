"""Keys stay private, and only known keys get in, each message with the key of its sender."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import mkfifo
from pathlib import Path
from stat import S_IMODE

import pytest
import zmq

from integrations.zmq import (
    Authenticator,
    KeyFileError,
    KeyPair,
    MessageLimits,
    apply_limits,
    enable_ipv6,
    is_public_key,
    new_key_pair,
    read_key_file,
    receive,
    secure_client,
    secure_server,
    write_key_file,
)
from integrations.zmq.framing import CURVE_OVERHEAD

DOMAIN = "reports"
PATIENCE_MS = 30_000
SERVER = new_key_pair()
LIMITS = MessageLimits(header_bytes=1000, parts=1, part_bytes=2000)


class Unreachable(Exception):
    """The table of keys cannot be read now."""


@pytest.fixture
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    context = zmq.Context()
    context.linger = 0
    yield context
    context.destroy()


@contextmanager
def server(
    context: zmq.Context[zmq.Socket[bytes]], is_known: Callable[[str], bool], domain: str = DOMAIN
) -> Iterator[tuple[zmq.Socket[bytes], str]]:
    """A ROUTER that asks `is_known`, and its address."""
    with Authenticator(
        context=context, domain=DOMAIN, is_known=is_known, unsure=(Unreachable,)
    ) as authenticator:
        socket = context.socket(zmq.ROUTER)
        secure_server(socket, SERVER, domain=domain)
        apply_limits(socket, LIMITS)
        socket.rcvtimeo = PATIENCE_MS
        yield socket, f"tcp://127.0.0.1:{socket.bind_to_random_port('tcp://127.0.0.1')}"
        socket.close(linger=0)
        assert authenticator.is_alive


def client(
    context: zmq.Context[zmq.Socket[bytes]],
    address: str,
    keys: KeyPair | None,
    server_key: str = SERVER.public,
) -> tuple[zmq.Socket[bytes], zmq.Socket[bytes]]:
    """A DEALER that has begun to connect, and its monitor."""
    socket = context.socket(zmq.DEALER)
    if keys:
        secure_client(socket, keys, server_public_key=server_key)
    monitor = socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | REFUSED)
    monitor.rcvtimeo = PATIENCE_MS
    socket.connect(address)
    return socket, monitor


REFUSED = (
    zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_DISCONNECTED
)


def got_in(monitor: zmq.Socket[bytes]) -> bool:
    event = int.from_bytes(monitor.recv_multipart()[0][:2], "little")
    return event == zmq.EVENT_HANDSHAKE_SUCCEEDED


def test_known_key__every_message_carries_it(context: zmq.Context[zmq.Socket[bytes]]) -> None:
    first, second = new_key_pair(), new_key_pair()
    with server(context, {first.public, second.public}.__contains__) as (router, address):
        for keys in (first, second):
            socket, _ = client(context, address, keys)
            socket.send(b"hello")

            received = receive(router)

            assert received.public_key == keys.public
            assert received.frames[1:] == [b"hello"]
            router.send_multipart([received.frames[0], b"seen"])
            socket.rcvtimeo = PATIENCE_MS
            assert socket.recv() == b"seen"


@pytest.mark.parametrize("case", ["unknown key", "wrong server key", "plain text"])
def test_stranger__does_not_get_in(context: zmq.Context[zmq.Socket[bytes]], case: str) -> None:
    known = new_key_pair()
    keys = {"unknown key": new_key_pair(), "wrong server key": known, "plain text": None}[case]
    server_key = new_key_pair().public if case == "wrong server key" else SERVER.public
    with server(context, {known.public}.__contains__) as (router, address):
        socket, monitor = client(context, address, keys, server_key)
        socket.send(b"let me in")

        assert not got_in(monitor)
        good, _ = client(context, address, known)
        good.send(b"from the known")
        assert receive(router).frames[1] == b"from the known"
        assert not router.poll(0)


def test_another_domain__is_refused(context: zmq.Context[zmq.Socket[bytes]]) -> None:
    with server(context, lambda key: True, domain="elsewhere") as (_, address):
        _, monitor = client(context, address, new_key_pair())

        assert not got_in(monitor)


def test_lookup_that_cannot_tell__refuses_and_recovers(
    context: zmq.Context[zmq.Socket[bytes]],
) -> None:
    answers = iter([Unreachable(), True])

    def is_known(key: str) -> bool:
        answer = next(answers)
        if isinstance(answer, Unreachable):
            raise answer
        return bool(answer)

    with server(context, is_known) as (router, address):
        _, monitor = client(context, address, new_key_pair())
        assert not got_in(monitor)

        socket, monitor = client(context, address, new_key_pair())
        socket.send(b"now")
        assert got_in(monitor)
        assert receive(router).frames[1] == b"now"


def test_oversized_frame__costs_the_connection_not_the_service(
    context: zmq.Context[zmq.Socket[bytes]],
) -> None:
    with server(context, lambda key: True) as (router, address):
        socket, monitor = client(context, address, new_key_pair())
        assert got_in(monitor)

        socket.send(bytes(LIMITS.frame_bytes + CURVE_OVERHEAD))

        assert not got_in(monitor)
        other, _ = client(context, address, new_key_pair())
        other.send(bytes(LIMITS.frame_bytes))
        assert len(receive(router).frames[1]) == LIMITS.frame_bytes


def test_server_without_domain__is_not_set_up(context: zmq.Context[zmq.Socket[bytes]]) -> None:
    with pytest.raises(ValueError, match="domain"):
        secure_server(context.socket(zmq.ROUTER), SERVER, domain="")
    with pytest.raises(ValueError, match="domain"):
        Authenticator(context=context, domain="*", is_known=lambda key: True)


def test_key_file__is_private_and_gives_the_pair_back(tmp_path: Path) -> None:
    keys, path = new_key_pair(), tmp_path / "agent.key"

    write_key_file(path, keys)

    assert S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path) == keys
    assert list(tmp_path.iterdir()) == [path]
    assert keys.secret not in repr(keys)


def test_key_file__is_replaced_only_when_asked(tmp_path: Path) -> None:
    first, second, path = new_key_pair(), new_key_pair(), tmp_path / "agent.key"
    write_key_file(path, first)

    with pytest.raises(FileExistsError):
        write_key_file(path, second)
    assert read_key_file(path) == first

    write_key_file(path, second, replace=True)
    assert read_key_file(path) == second
    assert S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_key_file__that_others_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "agent.key"
    write_key_file(path, new_key_pair())
    path.chmod(mode)

    with pytest.raises(KeyFileError, match="0600"):
        read_key_file(path)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 41, b"\xff" * 40, b'"' * 40])
def test_key_file__without_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "agent.key"
    path.touch(0o600)
    path.write_bytes(content)

    with pytest.raises(KeyFileError, match="no CURVE key"):
        read_key_file(path)


def test_key_file__that_is_none_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    mkfifo(pipe, 0o600)

    for path in (tmp_path / "missing", tmp_path, pipe):
        with pytest.raises(KeyFileError):
            read_key_file(path)


def test_public_key__is_40_characters_of_z85() -> None:
    assert is_public_key(new_key_pair().public)
    for text in ("", "a" * 39, "a" * 41, '"' * 40, "ж" * 40, "#" * 40):
        assert not is_public_key(text)


@pytest.mark.parametrize("endpoint", ["tcp://[::1]:5571", "tcp://portal.gov.ua:5571"])
def test_ipv6__only_where_it_is_written(
    context: zmq.Context[zmq.Socket[bytes]], endpoint: str
) -> None:
    with context.socket(zmq.DEALER) as socket:
        enable_ipv6(socket, endpoint)

        assert socket.getsockopt(zmq.IPV6) == ("[" in endpoint)
