"""One connection of the agent to the portal: a question, then its answer."""

import math
import socket
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import zmq
from zmq.utils.monitor import recv_monitor_message

from device_check.protocol import LIMITS
from integrations.zmq import (
    FramingError,
    Json,
    KeyPair,
    Message,
    apply_limits,
    enable_ipv6,
    pack,
    receive,
    secure_client,
    unpack,
)

SECONDS_TO_ANSWER: Final = 10.0
_HEARTBEAT_MS: Final = 10_000
_EVENTS: Final = (
    zmq.EVENT_CONNECTED
    | zmq.EVENT_DISCONNECTED
    | zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
)


class NoAnswer(Exception):
    """The portal was not reached, or did not answer in time."""


class NotAccepted(Exception):
    """The portal refuses the key of this workplace."""


class PortalConnection:
    """A connection with one question under way at a time, which keeps the reports in order.

    After `NoAnswer` or `NotAccepted` it is of no use: close it and make a new one, so that a late
    answer is never taken for that to another question.
    """

    def __init__(self, endpoint: str, *, keys: KeyPair, server_key: str) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        apply_limits(self._socket, LIMITS)
        self._socket.setsockopt(zmq.LINGER, 0)
        # Nothing waits in a connection that is not there yet: the spool is the only queue.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT_MS)
        secure_client(self._socket, keys, server_public_key=server_key)
        self._monitor = self._socket.get_monitor_socket(_EVENTS)
        self._endpoint = endpoint
        self._was_connected = self._was_let_in = False
        enable_ipv6(self._socket, endpoint)
        self._socket.connect(endpoint)

    def ask(self, question: Mapping[str, Json], *, seconds: float = SECONDS_TO_ANSWER) -> Message:
        """Send a message and wait for its answer.

        Raises:
            NoAnswer: None came within `seconds`, or one that cannot be read.
            NotAccepted: The portal closed the door on the key of this workplace.
        """
        deadline = time.monotonic() + seconds
        self._wait(zmq.POLLOUT, deadline)
        self._socket.send_multipart(pack(Message(question), LIMITS), zmq.NOBLOCK)
        self._wait(zmq.POLLIN, deadline)
        try:
            return unpack(receive(self._socket, zmq.NOBLOCK).frames, LIMITS)
        except FramingError as error:
            raise NoAnswer(str(error)) from error

    def close(self) -> None:
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._context.destroy(linger=0)

    def _wait(self, event: int, deadline: float) -> None:
        poller = zmq.Poller()
        poller.register(self._socket, event)
        poller.register(self._monitor, zmq.POLLIN)
        while True:
            left = deadline - time.monotonic()
            ready = dict(poller.poll(max(0, math.ceil(left * 1000))))
            if self._monitor in ready:
                self._note(recv_monitor_message(self._monitor, zmq.NOBLOCK)["event"])
            if ready.get(self._socket, 0) & event:
                return
            if left <= 0:
                raise NoAnswer(self._cause())

    def _note(self, event: int) -> None:
        if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            raise NotAccepted
        self._was_connected |= event == zmq.EVENT_CONNECTED
        self._was_let_in |= event == zmq.EVENT_HANDSHAKE_SUCCEEDED

    def _cause(self) -> str:
        """Tell a technician how far the connection came."""
        if self._was_let_in:
            return f"{self._endpoint} let us in, but did not answer in time"
        if self._was_connected:
            return (
                f"something listens at {self._endpoint}, but it is not the portal, or its key has changed:"
                " ask for a new code and enrol again"
            )
        host = urlsplit(self._endpoint).hostname or ""
        try:
            socket.getaddrinfo(host, None)
        except OSError:
            return f"the name {host} is not known here: check the network and the DNS"
        return f"nobody answers at {self._endpoint}: check the portal, the port and the firewalls"
