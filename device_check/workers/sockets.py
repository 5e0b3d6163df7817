"""The four ends: a broker's two ROUTERs, and the DEALERs of clients and workers."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, cast

import zmq

from device_check.workers import conf, keychain
from integrations.zmq import (
    Authenticator,
    MessageLimits,
    Part,
    apply_limits,
    enable_ipv6,
    secure_client,
    secure_server,
)

Context = zmq.Context[zmq.Socket[bytes]]
Socket = zmq.Socket[bytes]

_PING_MS: Final = 1000
_GONE_MS: Final = 3000
_RECONNECT_MS: Final = 50
_MAX_RECONNECT_MS: Final = 1000
_LARGE: Final = 64 * 1024
"""Bytes from which on copying a frame costs more than keeping it where it is."""
_REPLIES: Final = 1000
"""Answers may wait for a client that asks much at once; they are small."""


@contextmanager
def listening(endpoint: str, *, keys: str, peer: str, limits: MessageLimits) -> Iterator[Socket]:
    """Open a ROUTER of the broker for one kind of peers, in a context of its own.

    Args:
        endpoint: Where to listen.
        keys: Folder of the CURVE keys; empty for a socket in a private folder.
        peer: Whose key is let in: `keychain.CLIENT` or `keychain.WORKER`.
        limits: The largest message that is taken.

    Raises:
        WorkersMisconfigured: The folder is not private, or a key is missing.
        integrations.zmq.KeyFileError: The broker's own key cannot be used.
        zmq.ZMQError: Somebody else listens there.
    """
    keychain.require_private(endpoint)
    context: Context = zmq.Context()
    context.linger = 0
    with ExitStack() as stack:
        stack.callback(context.destroy)
        stack.enter_context(_alone(endpoint))
        socket = context.socket(zmq.ROUTER)
        if keys:
            known = keychain.public_key(keys, peer)
            # One context has one authenticator, so each kind of peers has its own context.
            stack.enter_context(Authenticator(context=context, domain=peer, is_known=known.__eq__))
            secure_server(socket, keychain.own_keys(keys, keychain.BROKER), domain=peer)
        apply_limits(socket, limits, waiting=4)
        socket.setsockopt(zmq.SNDHWM, _REPLIES)
        socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        _notice_lost_peers(socket)
        enable_ipv6(socket, endpoint)
        socket.bind(endpoint)
        yield socket
        socket.close(linger=500)


@contextmanager
def _alone(endpoint: str) -> Iterator[None]:
    """Keep a second broker out: on a local socket it would silently take the first one's place."""
    if not conf.is_local(endpoint):
        yield
        return
    with open(f"{endpoint.removeprefix('ipc://')}.lock", "w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise keychain.WorkersMisconfigured(f"Another broker listens on {endpoint}.") from error
        yield


def connected(
    context: Context, endpoint: str, *, keys: str, role: str, limits: MessageLimits
) -> Socket:
    """Return a DEALER to the broker that sends nothing into the void: without a connection it waits.

    Args:
        context: Made in this process, after any fork.
        endpoint: Where the broker listens.
        keys: Folder of the CURVE keys; empty for a socket in a private folder.
        role: Whose key to use: `keychain.CLIENT` or `keychain.WORKER`.
        limits: The largest message that is taken.

    Raises:
        WorkersMisconfigured: The folder is not private, or a key is missing.
        integrations.zmq.KeyFileError: The own key cannot be used.
    """
    keychain.require_private(endpoint)
    own = keychain.own_keys(keys, role) if keys else None
    broker = keychain.public_key(keys, keychain.BROKER) if keys else ""
    socket = context.socket(zmq.DEALER)
    if own:
        secure_client(socket, own, server_public_key=broker)
    apply_limits(socket, limits)
    socket.setsockopt(zmq.IMMEDIATE, 1)
    socket.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_MS)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, _MAX_RECONNECT_MS)
    _notice_lost_peers(socket)
    enable_ipv6(socket, endpoint)
    socket.connect(endpoint)
    return socket


def send(socket: Socket, frames: list[Part]) -> bool:
    """Send without waiting; tells whether the peer is there to get it."""
    try:
        socket.send_multipart(frames, zmq.NOBLOCK, copy=False)
    except zmq.Again:
        return False
    except zmq.ZMQError as error:
        if error.errno == zmq.EHOSTUNREACH:
            return False
        raise
    return True


def waiting(socket: Socket, *, most: int = 100) -> Iterator[list[Part]]:
    """Yield what has arrived, so much at a time that nobody else is kept waiting."""
    # Asking first is cheaper than the exception at the end.
    for _ in range(most):
        if not cast(int, socket.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
            return
        frames = socket.recv_multipart(zmq.NOBLOCK, copy=False)
        yield [frame.buffer if len(frame) > _LARGE else frame.bytes for frame in frames]


def _notice_lost_peers(socket: Socket) -> None:
    socket.setsockopt(zmq.HEARTBEAT_IVL, _PING_MS)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _GONE_MS)
