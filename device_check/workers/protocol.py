"""The words that client, broker and worker exchange, and how large they may be."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Final

from device_check.analysis import Thresholds
from integrations.zmq import FramingError, Json, Message, MessageLimits

JOB_LIMITS: Final = MessageLimits(header_bytes=16 * 1024, parts=6, part_bytes=1024 * 1024)
"""A client's request: five stills and one recording, with room for other settings of the site."""
REPLY_LIMITS: Final = MessageLimits(header_bytes=64 * 1024)

_THRESHOLDS: Final = {item.name for item in fields(Thresholds)}

BEAT_SECONDS: Final = 0.3
"""How often a worker says that it is there."""
SILENCE_SECONDS: Final = 1.2
"""How long a worker may say nothing before it counts as dead: four beats."""
MAX_CRASHES: Final = 2
"""A job that has taken this many workers with it is not handed to another."""


class MessageKind(StrEnum):
    """What a message is about."""

    JOB = "job"
    ANSWER = "answer"
    REFUSED = "refused"
    STATUS = "status"
    READY = "ready"
    BUSY = "at_work"
    FAILED = "failed"
    BYE = "bye"


class NotAnalysedReason(StrEnum):
    """Why nothing was analysed."""

    BUSY = "busy"
    TIMEOUT = "timeout"
    WORKER_DIED = "worker_died"
    UNAVAILABLE = "unavailable"


class JobFailure(StrEnum):
    """Why a worker gives a job back without an answer."""

    DIED = "died"
    TIMEOUT = "timeout"
    RETURNED = "returned"
    """It was never begun."""


def new_id() -> str:
    """Return a new name of a request or a job, unlike any other also after a restart."""
    return secrets.token_hex(8)


def kind_of(message: Message) -> MessageKind:
    """Return what the message is about.

    Raises:
        FramingError: It says nothing that is known.
    """
    try:
        return MessageKind(text(message, "kind"))
    except ValueError as error:
        raise FramingError("header", "unknown kind") from error


def text(message: Message, name: str, *, longest: int = 64) -> str:
    """Return a short text of the header.

    Raises:
        FramingError: There is none of this name.
    """
    value = message.header.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise FramingError("header", f"{name} is no text")
    return value


def seconds(message: Message, name: str, *, most: float) -> float:
    """Return a duration of the header, cut to `most`.

    Raises:
        FramingError: There is none of this name, or it is not positive.
    """
    value = message.header.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise FramingError("header", f"{name} is no duration")
    return float(min(value, most))


def mapping(message: Message, name: str) -> Mapping[str, Json]:
    """Return an object of the header; empty when there is none.

    Raises:
        FramingError: It is something else.
    """
    value = message.header.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FramingError("header", f"{name} is no object")
    return value


def numbers(message: Message, name: str) -> dict[str, float]:
    """Return numbers by name; empty when there are none.

    Raises:
        FramingError: A value is something else.
    """
    found: dict[str, float] = {}
    for key, value in mapping(message, name).items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FramingError("header", f"{name} holds something other than numbers")
        found[key] = value
    return found


def thresholds(message: Message) -> dict[str, float]:
    """Return thresholds by name; empty for the defaults.

    Raises:
        FramingError: A name is unknown, or a value is no number.
    """
    found = numbers(message, "thresholds")
    if not found.keys() <= _THRESHOLDS:
        raise FramingError("header", "unknown threshold")
    return found


def has_audio(message: Message) -> bool:
    """Return whether the last part is a recording; the others are stills.

    Raises:
        FramingError: It does not say, or there are no parts.
    """
    value = message.header.get("audio")
    if not isinstance(value, bool) or not message.parts:
        raise FramingError("header", "parts are not told apart")
    return value


def milliseconds(value: float) -> int:
    """Return whole milliseconds to wait, rounded up, never negative."""
    return max(0, math.ceil(value * 1000))
