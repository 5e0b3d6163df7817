"""The provider against a real clamd, over both of its sockets."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from integrations.antivirus.base import ScannerUnavailable, VirusFound
from integrations.antivirus.clamd import Clamd, ClamdOptions
from tests.harness.clamd import EICAR, FINDING, STREAM_BYTES, Daemon, clamd

MAX_BYTES = 5 * 1024 * 1024


def over_unix(daemon: Daemon, **options: Any) -> Clamd:
    return Clamd(ClamdOptions(**daemon.options, **options))  # type: ignore[arg-type]


def over_tcp(daemon: Daemon, **options: Any) -> Clamd:
    return Clamd(ClamdOptions(**daemon.tcp_options, **options))  # type: ignore[arg-type]


Way = Callable[..., Clamd]
both_ways = pytest.mark.parametrize("way", [over_unix, over_tcp])


@both_ways
def test_clean_data__pass(daemon: Daemon, way: Way) -> None:
    scanner = way(daemon)
    for data in (b"", b"a letter", bytes(MAX_BYTES)):
        scanner.scan(data)
    assert scanner.outages() == []


@both_ways
@pytest.mark.parametrize("before", [0, 1, 1023, 1024, MAX_BYTES - len(EICAR)])
def test_a_virus__is_found_wherever_it_stands(daemon: Daemon, way: Way, before: int) -> None:
    with pytest.raises(VirusFound, match=f"^{FINDING}$"):
        way(daemon).scan(b"." * before + EICAR)


@both_ways
def test_a_stream_over_its_limit__is_not_taken_for_clean(daemon: Daemon, way: Way) -> None:
    with pytest.raises(ScannerUnavailable, match="StreamMaxLength"):
        way(daemon).scan(bytes(2 * STREAM_BYTES))


@both_ways
def test_a_daemon_that_hangs__is_waited_for_no_longer_than_said(way: Way) -> None:
    with clamd() as own:
        scanner = way(own, seconds=1)
        with own.standing_still():
            for data in (b"small", bytes(MAX_BYTES)):
                began = monotonic()
                with pytest.raises(ScannerUnavailable, match=r"^TimeoutError$"):
                    scanner.scan(data)
                assert monotonic() - began < 5
            assert scanner.outages() == ["The scanner is not responding: nobody can add documents."]
        scanner.scan(b"small")


@both_ways
def test_a_daemon_that_is_gone__is_told(way: Way) -> None:
    with clamd() as own:
        scanner = way(own)
        own.kill()
        with pytest.raises(ScannerUnavailable, match=r"^(ConnectionRefused|FileNotFound)Error$"):
            scanner.scan(b"data")
        assert scanner.outages() != []


def test_a_socket_that_lets_nobody_in__is_told(tmp_path: Path) -> None:
    """Its queue is full, as that of a daemon that has hung for long."""
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as first:
        listener.bind(path)
        listener.listen(0)
        first.connect(path)
        began = monotonic()
        with pytest.raises(ScannerUnavailable):
            Clamd(ClamdOptions(socket=path, seconds=1)).scan(b"data")
        assert monotonic() - began < 5


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A port at which somebody reads to the end of the stream, says this and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_once() -> None:
            connection, _ = server.accept()
            with connection:
                sent = b""
                # A chunk of no bytes is the end.
                while not sent.endswith(bytes(4)) and (more := connection.recv(64)):
                    sent += more
                connection.sendall(answer)

        thread = Thread(target=answer_once)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"OK",
        b"stream: \n",
        b"stream: not OK or so\n",
        b"stream: Can't allocate memory ERROR\n",
        b"other: OK\n",
        b"\xff\xfe: OK\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_an_answer_that_makes_no_sense__is_not_taken_for_clean(answer: bytes) -> None:
    with answering(answer) as port, pytest.raises(ScannerUnavailable):
        Clamd(ClamdOptions(host="127.0.0.1", port=port)).scan(b"data")


def test_the_name_of_a_finding__cannot_write_a_line_of_the_log() -> None:
    name = "\x1b[2J" + "я" * 200
    with answering(f"stream: {name} FOUND\n".encode()) as port, pytest.raises(VirusFound) as found:
        Clamd(ClamdOptions(host="127.0.0.1", port=port)).scan(b"data")
    assert len(str(found.value)) == 100
    assert str(found.value).isascii()
    assert str(found.value).isprintable()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "socket, host: one of them"),
        ({"socket": "/run/clamd", "host": "clamd"}, "socket, host: one of them"),
        ({"socket": "run/clamd"}, "socket: must be a path from the root"),
        ({"host": "clamd", "port": 0}, "port: must be a whole number from 1 to 65535"),
        ({"host": "clamd", "seconds": 61}, "seconds: must be a whole number from 1 to 60"),
    ],
)
def test_a_wrong_option__is_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ClamdOptions(**options)
