"""Debian's coturn on this machine, and a network in front of it that loses what it carries."""

import random
import selectors
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from threading import Event, Thread

SECRET = "only-for-tests-relay-secret"
HOST = "127.0.0.1"
RELAY_PORTS = 60
READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Relay:
    """Where the relay listens, for UDP and TCP, and for TLS where it has a certificate."""

    port: int
    tls_port: int = 0

    def url(self, transport: str, *, port: int = 0) -> str:
        """The address for "udp", "tcp" or "tls"."""
        if transport == "tls":
            return f"turns:{HOST}:{self.tls_port}?transport=tcp"
        return f"turn:{HOST}:{port or self.port}?transport={transport}"


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port at which nobody listens."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def coturn(folder: Path, *, tls: bool = False, bytes_per_second: int = 0) -> Iterator[Relay]:
    """Runs a relay that takes credentials signed with SECRET.

    Args:
        folder: For what it writes.
        tls: Whether it listens for TLS too, with a certificate that nobody has vouched for.
        bytes_per_second: What each connection may carry; 0 for as much as it likes.
    """
    port, tls_port = free_port(), free_port() if tls else 0
    first = random.randrange(20_000, 30_000)
    options = {
        "listening-ip": HOST, "relay-ip": HOST, "listening-port": port, "min-port": first,
        "max-port": first + RELAY_PORTS, "static-auth-secret": SECRET, "realm": "portal.test",
        "userdb": folder / "turn.db", "pidfile": folder / "turn.pid", "log-file": "stdout",
    }  # fmt: skip
    if bytes_per_second:
        options["max-bps"] = bytes_per_second
    switches = ["use-auth-secret", "fingerprint", "no-cli", "no-multicast-peers", "no-dtls"]
    if tls:
        certificate, key = self_signed(folder)
        options |= {"tls-listening-port": tls_port, "cert": certificate, "pkey": key}
    else:
        switches.append("no-tls")
    lines = [f"{name}={value}" for name, value in options.items()]
    config = folder / "turnserver.conf"
    config.write_text("\n".join([*lines, *switches, "allow-loopback-peers"]))
    with (folder / "coturn.log").open("wb") as log:
        process = subprocess.Popen(
            ["turnserver", "-c", str(config)],
            cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for one in (port, tls_port):
            if one:
                wait_for(one)
        yield Relay(port, tls_port)
    finally:
        process.terminate()
        process.wait()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Certificate and key of this machine."""
    certificate, key = folder / "turn.pem", folder / "turn.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}", "-days", "3650",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def wait_for(port: int) -> None:
    """Waits until somebody listens at a port of this machine."""
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, f"nobody listens at {port}"
            time.sleep(0.05)
        else:
            return


@dataclass
class Line:
    """A network that may change while it carries: the port to talk to, and what it does to packets."""

    port: int
    loss: float
    delay: float


@contextmanager
def poor_network(to_port: int, *, loss: float, delay: float) -> Iterator[int]:
    """Carries UDP to a port of this machine and back; the port to talk to.

    Args:
        to_port: where the packets go.
        loss: share of packets that get lost, each way.
        delay: seconds that a packet takes, each way.
    """
    with shaky_network(to_port, loss=loss, delay=delay) as line:
        yield line.port


@contextmanager
def shaky_network(to_port: int, *, loss: float = 0, delay: float = 0) -> Iterator[Line]:
    """As `poor_network`, whose losses may change on the way: with 1 it is cut."""
    ended = Event()
    front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    front.bind((HOST, 0))
    line = Line(front.getsockname()[1], loss, delay)
    thread = Thread(target=_carry, args=(front, to_port, line, ended), daemon=True)
    thread.start()
    try:
        yield line
    finally:
        ended.set()
        thread.join()
        front.close()


def _carry(front: socket.socket, to_port: int, line: Line, ended: Event) -> None:
    chance = random.Random(7)
    ways: dict[tuple[str, int], socket.socket] = {}
    due: list[tuple[float, int, socket.socket, tuple[str, int], bytes]] = []
    number = 0
    with selectors.DefaultSelector() as selector:
        selector.register(front, selectors.EVENT_READ, None)
        while not ended.is_set():
            for key, _ in selector.select(timeout=0.005):
                packet, sender = key.fileobj.recvfrom(2048)  # type: ignore[union-attr]
                if key.data is None and sender not in ways:
                    ways[sender] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    ways[sender].bind((HOST, 0))
                    selector.register(ways[sender], selectors.EVENT_READ, sender)
                if chance.random() >= line.loss:
                    through = ways[sender] if key.data is None else front
                    target = (HOST, to_port) if key.data is None else key.data
                    number += 1
                    heappush(due, (time.monotonic() + line.delay, number, through, target, packet))
            while due and due[0][0] <= time.monotonic():
                _, _, through, target, packet = heappop(due)
                through.sendto(packet, target)
    for way in ways.values():
        way.close()
