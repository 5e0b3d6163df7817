"""What an agent and the portal say to each other: closed words and bounded numbers, as JSON.

Agent: {"type": "ping"} or {"type": "report", "seq": …, "report": {…}}.
Portal: {"type": "pong", "moment": …, "last_seq": …}, {"type": "ack", "seq": …} or
{"type": "refused", "code": "malformed" | "not_accepted"}. One answer to each message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from device_check.vocabulary import IMAGE_PROBLEMS, SOUND_PROBLEMS
from integrations.zmq import Json, MessageLimits

LIMITS: Final = MessageLimits(header_bytes=8192)
"""Of a message; a report has about 1 KB."""
MAX_SEQ: Final = 2**53
MAX_MEASURES: Final = 40
EVERY: Final = range(1, 86_401)
"""Seconds between two checks that an agent may announce."""

MALFORMED: Final = "malformed"
NOT_ACCEPTED: Final = "not_accepted"

ABOUT_PEOPLE: Final = frozenset(
    ("no_face", "face_far", "face_near", "off_centre", "several_faces", "no_speech", "too_quiet")
)
"""What an unattended check does not report: who is there, and that nobody speaks."""

CAMERA_PROBLEMS: Final = (
    "no_device",
    "busy",
    "no_picture",
    "no_answer",
    *(code for code in IMAGE_PROBLEMS if code not in ABOUT_PEOPLE),
)
MICROPHONE_PROBLEMS: Final = (
    "no_device",
    "no_library",
    "no_sound",
    "no_answer",
    *(code for code in SOUND_PROBLEMS if code not in ABOUT_PEOPLE),
)

_VERSION = re.compile(r"[0-9a-z.+-]{1,20}", re.ASCII)
_MEASURE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_YEARS = range(1900, 3000)
_MAX_MEASURE = 1e9
_MAX_RTT_MS = 600_000
_MAX_SKEW_SECONDS = 4e9


class MalformedMessage(ValueError):
    """The message is not what the other side may say."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A camera or a microphone; `present` is None when it was not checked."""

    present: bool | None
    problems: tuple[str, ...] = ()
    measures: Mapping[str, float] | None = None

    def as_json(self) -> dict[str, Json]:
        return {
            "present": self.present,
            "problems": list(self.problems),
            "measures": dict(self.measures or {}),
        }


@dataclass(frozen=True, slots=True)
class WorkplaceReport:
    """One check of a workplace.

    Attributes:
        version: Of the agent.
        moment: When it was made, by the clock of the workplace.
        every: Seconds to the next check.
        rtt_ms: Way to the portal and back; None when it was not reached.
        skew_seconds: How much the clock of the portal is ahead; None when it was not reached.
    """

    version: str
    moment: datetime
    every: int
    camera: DeviceState
    microphone: DeviceState
    rtt_ms: float | None = None
    skew_seconds: float | None = None

    def as_json(self) -> dict[str, Json]:
        return {
            "version": self.version,
            "moment": self.moment.isoformat(timespec="seconds"),
            "every": self.every,
            "camera": self.camera.as_json(),
            "microphone": self.microphone.as_json(),
            "rtt_ms": self.rtt_ms,
            "skew_seconds": self.skew_seconds,
        }


def read_seq(message: Mapping[str, object]) -> int:
    """Return the number of a report or of its acknowledgement.

    Raises:
        MalformedMessage: There is none in the allowed range.
    """
    return _whole(message.get("seq"), 1, MAX_SEQ)


def read_report(raw: object) -> WorkplaceReport:
    """Read a report with closed vocabulary; what it does not know is refused, not dropped.

    Raises:
        MalformedMessage: A key, a word or a number is not allowed.
    """
    keys = ("version", "moment", "every", "camera", "microphone", "rtt_ms", "skew_seconds")
    report = _object(raw, keys)
    version = report["version"]
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise MalformedMessage("version")
    return WorkplaceReport(
        version=version,
        moment=read_moment(report["moment"]),
        every=_whole(report["every"], EVERY.start, EVERY.stop - 1),
        camera=read_device(report["camera"], CAMERA_PROBLEMS),
        microphone=read_device(report["microphone"], MICROPHONE_PROBLEMS),
        rtt_ms=_optional(report["rtt_ms"], 0, _MAX_RTT_MS),
        skew_seconds=_optional(report["skew_seconds"], -_MAX_SKEW_SECONDS, _MAX_SKEW_SECONDS),
    )


def read_device(raw: object, codes: tuple[str, ...]) -> DeviceState:
    """Read what a report says of one device, with `codes` as the known problems.

    Raises:
        MalformedMessage: A key, a word or a number is not allowed.
    """
    state = _object(raw, ("present", "problems", "measures"))
    present, problems, measures = state["present"], state["problems"], state["measures"]
    if present is not None and not isinstance(present, bool):
        raise MalformedMessage("present")
    if not isinstance(problems, list) or len(problems) > len(codes):
        raise MalformedMessage("problems")
    if any(code not in codes for code in problems) or len(set(problems)) < len(problems):
        raise MalformedMessage("problems")
    if not isinstance(measures, dict) or len(measures) > MAX_MEASURES:
        raise MalformedMessage("measures")
    if not all(_MEASURE.fullmatch(name) for name in measures):
        raise MalformedMessage("measures")
    return DeviceState(
        present,
        tuple(problems),
        {name: _number(value, -_MAX_MEASURE, _MAX_MEASURE) for name, value in measures.items()},
    )


def read_moment(raw: object) -> datetime:
    """Read a moment with its offset.

    Raises:
        MalformedMessage: It is no such moment.
    """
    if not isinstance(raw, str) or len(raw) > 40:
        raise MalformedMessage("moment")
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise MalformedMessage("moment") from error
    # At the ends of the calendar a moment has no place in other time zones.
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise MalformedMessage("moment")
    return moment


def _object(raw: object, keys: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(raw, dict) or set(raw) != set(keys):
        raise MalformedMessage("keys")
    return raw


def _whole(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise MalformedMessage("number")
    return value


def _optional(value: object, least: float, most: float) -> float | None:
    return None if value is None else _number(value, least, most)


def _number(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MalformedMessage("number")
    # NaN is in no range.
    if not least <= value <= most:
        raise MalformedMessage("number")
    return value
