"""Has stills and sound analysed by the workers, from any thread of any process."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import zmq

from device_check.analysis import Analysis, InputError, Thresholds, UnusableInput
from device_check.workers import keychain, protocol, sockets
from device_check.workers.keychain import WorkersMisconfigured
from device_check.workers.protocol import JOB_LIMITS, REPLY_LIMITS, MessageKind, NotAnalysedReason
from integrations.zmq import FramingError, Json, KeyFileError, Message, pack, unpack

logger = logging.getLogger(__name__)

_CONNECT_SECONDS: Final = 1.0
_MARGIN_SECONDS: Final = 0.25
"""How long after the deadline the broker's own answer is still waited for."""


class NotAnalysed(Exception):
    """Nothing was analysed, and the files are not to blame.

    Attributes:
        code: Why: busy, timeout, worker_died, or unavailable (broker or workers are not there).
    """

    def __init__(self, code: NotAnalysedReason) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class BrokerStatus:
    """How the broker is: workers that are alive, those that are free, jobs that wait."""

    workers: int
    free: int
    queued: int


def analyse(
    images: Sequence[bytes],
    audio: bytes | None,
    *,
    endpoint: str,
    deadline_seconds: float,
    keys: str | Path | None = None,
    thresholds: Thresholds | None = None,
) -> Analysis:
    """Do what `device_check.analysis.analyse` does, in another process.

    Args:
        images: Up to five JPEG files of the same size in pixels.
        audio: A WAV file or None.
        endpoint: Where the broker listens for clients.
        deadline_seconds: How long to wait for the result.
        keys: Folder with client.key and broker.pub; None for a socket in a private folder.
        thresholds: From where on something is a problem; None for the defaults.

    Raises:
        UnusableInput: The files are not what they should be, or there are none.
        NotAnalysed: There is no result; the code says why.
    """
    parts = (*images, audio) if audio is not None else tuple(images)
    if not parts:
        raise UnusableInput(InputError.NOTHING_GIVEN, "neither image nor sound")
    header: dict[str, Json] = {"kind": MessageKind.JOB, "audio": audio is not None}
    header["seconds"] = deadline_seconds
    if thresholds is not None:
        header["thresholds"] = asdict(thresholds)
    answer = _ask(header, parts, endpoint, deadline_seconds, str(keys or ""))
    try:
        if protocol.kind_of(answer) is MessageKind.REFUSED:
            raise NotAnalysed(NotAnalysedReason(protocol.text(answer, "code")))
        return _read_result(answer)
    except (FramingError, ValueError) as error:
        raise NotAnalysed(NotAnalysedReason.UNAVAILABLE) from error


def status(
    *, endpoint: str, deadline_seconds: float = 2.0, keys: str | Path | None = None
) -> BrokerStatus:
    """Return how the broker is.

    Raises:
        NotAnalysed: It does not answer (unavailable).
    """
    answer = _ask({"kind": MessageKind.STATUS}, (), endpoint, deadline_seconds, str(keys or ""))
    try:
        counts = protocol.numbers(answer, "counts")
        return BrokerStatus(**{name: int(value) for name, value in counts.items()})
    except (FramingError, TypeError) as error:
        raise NotAnalysed(NotAnalysedReason.UNAVAILABLE) from error


class _Own(threading.local):
    """The sockets of this thread; ZeroMQ's may be used neither by two threads nor after a fork."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.by_address: dict[tuple[str, str], sockets.Socket] = {}


_own = _Own()


@dataclass
class _Deadline:
    """Seconds that are left."""

    seconds: float
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return self.seconds - (time.monotonic() - self.began)


def _ask(
    header: dict[str, Json], parts: Sequence[bytes], endpoint: str, seconds: float, keys: str
) -> Message:
    """Send a request and give the answer to it."""
    number = protocol.new_id()
    try:
        frames = pack(Message({**header, "id": number}, tuple(parts)), JOB_LIMITS)
    except FramingError as error:
        code = InputError.TOO_MANY if error.code == "too_many" else InputError.TOO_LARGE
        raise UnusableInput(code, error.detail) from error
    deadline = _Deadline(seconds)
    try:
        socket = _socket(endpoint, keys)
    except (KeyFileError, WorkersMisconfigured, zmq.ZMQError) as error:
        logger.exception("The workers cannot be reached")
        raise NotAnalysed(NotAnalysedReason.UNAVAILABLE) from error
    answer: Message | None = None
    try:
        socket.setsockopt(zmq.SNDTIMEO, protocol.milliseconds(min(_CONNECT_SECONDS, seconds)))
        socket.send_multipart(frames, copy=False)
        deadline.seconds += _MARGIN_SECONDS
        answer = _answer(socket, number, deadline)
    except (zmq.ZMQError, FramingError) as error:
        raise NotAnalysed(NotAnalysedReason.UNAVAILABLE) from error
    finally:
        if answer is None:
            # What comes late for this request must not meet the next one.
            socket.close(linger=0)
            del _own.by_address[endpoint, keys]
    return answer


def _answer(socket: sockets.Socket, number: str, deadline: _Deadline) -> Message:
    while socket.poll(protocol.milliseconds(deadline.left)):
        answer = unpack(socket.recv_multipart(), REPLY_LIMITS)
        if answer.header.get("id") == number:
            return answer
    raise NotAnalysed(NotAnalysedReason.UNAVAILABLE)


def _socket(endpoint: str, keys: str) -> sockets.Socket:
    if _own.process != os.getpid():
        # They belong to the process before the fork; pyzmq leaves them alone here.
        _own.process, _own.by_address = os.getpid(), {}
    socket = _own.by_address.get((endpoint, keys))
    if socket is None:
        # This context, too, is another one after a fork.
        context: sockets.Context = zmq.Context.instance()
        socket = sockets.connected(
            context, endpoint, keys=keys, role=keychain.CLIENT, limits=REPLY_LIMITS
        )
        _own.by_address[endpoint, keys] = socket
    return socket


def _read_result(answer: Message) -> Analysis:
    result = protocol.mapping(answer, "result")
    if (unusable := result.get("unusable")) is None:
        return Analysis.from_json(result.get("analysis"))
    if not isinstance(unusable, dict):
        raise FramingError("header", "unusable is no object")
    raise UnusableInput(InputError(str(unusable.get("code"))), str(unusable.get("detail", "")))
