"""Messages of several frames: a version byte, a JSON object, then binary parts.

Nothing of a message is used before all of it is checked, and whatever is wrong with it ends in a
`FramingError`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import zmq

VERSION = b"\x01"

HANDSHAKE_MS = 5000
"""How long a peer may take to say who it is."""
CURVE_OVERHEAD = 64
"""Bytes that encryption adds to a frame (33), with some room; ZeroMQ counts them in its limit."""

Part = bytes | memoryview
"""A large frame need not be copied to be passed on."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class FramingError(Exception):
    """A message that is not used.

    Attributes:
        code: version, header, too_large, too_many or empty.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """How large a message may be."""

    header_bytes: int = 16 * 1024
    parts: int = 0
    part_bytes: int = 0

    @property
    def frame_bytes(self) -> int:
        """The largest frame, in bytes."""
        return max(self.header_bytes, self.part_bytes)


@dataclass(frozen=True, slots=True)
class Message:
    """A checked message: the JSON object and the binary parts."""

    header: Mapping[str, Json]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """Frames from a socket, as they came.

    Attributes:
        frames: All frames; on a ROUTER the first is the peer's routing id.
        public_key: Key of the CURVE client in Z85, vouched for by the authenticator; empty on a
            socket without CURVE.
    """

    frames: list[bytes]
    public_key: str


def apply_limits(
    socket: zmq.Socket[bytes], limits: MessageLimits, *, waiting: int = 8, linger_ms: int = 500
) -> None:
    """Bound what a peer can make this socket hold, and who says nothing; call it before `bind` or `connect`.

    A frame over the limit costs the peer its connection. ZeroMQ bounds frames, not their number in
    one message: a peer with a valid key can still fill the memory, so give the process a cap.

    Args:
        socket: The socket.
        limits: The largest message.
        waiting: Messages per peer that may wait in either direction.
        linger_ms: How long a closed socket goes on sending. ZeroMQ's default is for ever, so a
            program whose peer refuses it would never end.
    """
    socket.setsockopt(zmq.LINGER, linger_ms)
    socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
    socket.setsockopt(zmq.MAXMSGSIZE, limits.frame_bytes + CURVE_OVERHEAD)
    socket.setsockopt(zmq.RCVHWM, waiting)
    socket.setsockopt(zmq.SNDHWM, waiting)


def enable_ipv6(socket: zmq.Socket[bytes], endpoint: str) -> None:
    """Let the socket use an IPv6 address in brackets; call it before `bind` or `connect`.

    Names stay with IPv4: ZeroMQ tries one address of a name only, and not every network has IPv6.
    """
    socket.setsockopt(zmq.IPV6, int("[" in endpoint))


def pack(message: Message, limits: MessageLimits) -> list[Part]:
    """Return frames to send.

    Raises:
        FramingError: The message is over the limits, or the header is not plain JSON.
    """
    try:
        header = _ENCODER.encode(message.header).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise FramingError("header", str(error)) from error
    frames: list[Part] = [VERSION, header, *message.parts]
    _check_sizes(frames, limits)
    return frames


def unpack(frames: Sequence[Part], limits: MessageLimits) -> Message:
    """Return the message in these frames (without the routing id that a ROUTER puts before them).

    Raises:
        FramingError: Anything is wrong with it.
    """
    if len(frames) < 2:
        raise FramingError("empty", f"{len(frames)} frames")
    if frames[0] != VERSION:
        raise FramingError("version", repr(bytes(frames[0][:8])))
    _check_sizes(frames, limits)
    return Message(header=_read_header(bytes(frames[1])), parts=tuple(frames[2:]))


def receive(socket: zmq.Socket[bytes], flags: int = 0) -> Received:
    """Return the next message with the key of its sender.

    Raises:
        zmq.Again: There is none (with `zmq.NOBLOCK` or after RCVTIMEO).
    """
    frames = socket.recv_multipart(flags, copy=False)
    try:
        public_key = str(frames[0].get("User-Id"))
    except zmq.ZMQError:
        public_key = ""
    return Received(frames=[frame.bytes for frame in frames], public_key=public_key)


def _check_sizes(frames: Sequence[Part], limits: MessageLimits) -> None:
    if len(frames[1]) > limits.header_bytes:
        raise FramingError("too_large", f"header of {len(frames[1])} bytes")
    parts = frames[2:]
    if len(parts) > limits.parts:
        raise FramingError("too_many", f"{len(parts)} parts")
    if parts and (largest := max(map(len, parts))) > limits.part_bytes:
        raise FramingError("too_large", f"part of {largest} bytes")


def _read_header(data: bytes) -> dict[str, Json]:
    try:
        header: object = _DECODER.decode(data.decode("utf-8"))
        if b"\\u" in data:
            # A lone surrogate passes as an escape, yet no database or file takes it.
            _ENCODER.encode(header).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise FramingError("header", type(error).__name__) from error
    if not isinstance(header, dict):
        raise FramingError("header", "not an object")
    return cast(dict[str, Json], header)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name appears twice")
    return members


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


# Made once: making them costs more than most headers.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite)
