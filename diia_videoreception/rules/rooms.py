"""The room of a reception: when it is open, who stands where in it, what its numbers say."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HERE = timedelta(seconds=30)
"""Who has not asked for so long is not here: three polls of a connected page."""
PRESENCE_EVERY = timedelta(seconds=8)
"""How often it is written down that somebody is here: with each poll of a connected page, with every third of
one that waits. Two of them may get lost before the person counts as gone."""
CREDENTIALS_AFTER = timedelta(minutes=5)
"""How long credentials outlast the room: what is under way when it closes may end by itself."""

PARTIES = 2
"""Citizen and official, whose places nobody takes."""

POLL_MS_WAITING = 3_000
POLL_MS_CONNECTING = 500
POLL_MS_CONNECTED = 10_000
CONNECTING = timedelta(seconds=20)
"""How long after somebody came in or was admitted the room is asked often: pages find each other then."""

MEDIA = ("microphone", "camera", "speaking", "screen", "hand", "captions")
"""What a page tells of its own devices and of its text, each yes or no."""
QUALITY: Mapping[str, float] = {
    "rtt_ms": 60_000,
    "loss_percent": 100,
    "kbit_per_s": 1_000_000,
    "frames_per_s": 240,
}
"""What a page tells of its line, with the most that each number may be."""
_WORSE_IS_LESS = frozenset({"kbit_per_s", "frames_per_s"})


class Phase(StrEnum):
    """Where one participant stands."""

    EARLY = "early"
    WAITING = "waiting"
    ADMITTED = "admitted"
    REFUSED = "refused"
    LEFT = "left"
    """Came and went; coming in again takes the seat again."""
    ENDED = "ended"
    MOVED = "moved"
    """It goes on in a program of its own; the application says how to join there."""
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    """A newer window of the same person has taken the seat."""


class Seat(StrEnum):
    """How far a participant has come in."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    REFUSED = "refused"
    LEFT = "left"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RoomTimes:
    """The window of times of a room around its reception."""

    opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime

    @property
    def credentials_until(self) -> datetime:
        """Until when what opens the relays is good."""
        return self.closes_at + CREDENTIALS_AFTER


def times_of(start: datetime, end: datetime, *, opens: timedelta, closes: timedelta) -> RoomTimes:
    """Compute when the room of a reception opens and closes.

    Args:
        start: When the reception begins.
        end: When it ends.
        opens: How long before the start one may come in.
        closes: How long after the end the room stays, unless the official ends it.
    """
    return RoomTimes(start - opens, start, end, end + closes)


def room_phase(
    times: RoomTimes, *, is_confirmed: bool, ended_at: datetime | None, now: datetime
) -> Phase | None:
    """Tell why nobody can be in the room now; None when it is open.

    An end before the room opened belongs to a time that was moved since, and says nothing.
    """
    if ended_at is not None and times.opens_at <= ended_at:
        return Phase.ENDED
    if not is_confirmed or now >= times.closes_at:
        return Phase.CLOSED
    return Phase.EARLY if now < times.opens_at else None


def may_end(times: RoomTimes, *, has_met: bool, now: datetime) -> bool:
    """Return whether staff may end the reception for everybody: for good, so not before anybody came.

    Args:
        times: Of the room.
        has_met: Whether the citizen has been let in.
        now: The present moment.
    """
    return has_met or now >= times.starts_at


def places_for_guests(max_people: int) -> int:
    """Return how many guests may be in a room at once: citizen and official keep their places."""
    return max(0, max_people - PARTIES)


def seat_phase(seat: Seat) -> Phase:
    """Return where somebody stands in an open room."""
    match seat:
        case Seat.ADMITTED:
            return Phase.ADMITTED
        case Seat.REFUSED | Seat.REMOVED:
            return Phase.REFUSED
        case Seat.LEFT:
            return Phase.LEFT
        case Seat.WAITING:
            return Phase.WAITING


def is_here(seat: Seat, last_seen_at: datetime, *, now: datetime) -> bool:
    """Return whether somebody is in the room."""
    return seat in {Seat.WAITING, Seat.ADMITTED} and last_seen_at > now - HERE


def poll_ms(phase: Phase, *, changed_at: datetime | None, now: datetime) -> int:
    """Return in how many milliseconds a page asks next.

    Args:
        phase: Where the participant stands.
        changed_at: When somebody last came in, went or was admitted.
        now: The present moment.
    """
    if phase is not Phase.ADMITTED:
        return POLL_MS_WAITING
    if changed_at is not None and abs(now - changed_at) < CONNECTING:
        return POLL_MS_CONNECTING
    return POLL_MS_CONNECTED


def clean_media(value: object) -> dict[str, bool]:
    """Return what a page says of its devices, and nothing else that it may have sent."""
    if not isinstance(value, Mapping):
        return {}
    return {name: value[name] for name in MEDIA if isinstance(value.get(name), bool)}


def clean_quality(value: object) -> dict[str, float]:
    """Return the numbers of a line, cut off at what can be; anything else is left out."""
    if not isinstance(value, Mapping):
        return {}
    cleaned: dict[str, float] = {}
    for name, most in QUALITY.items():
        number = value.get(name)
        if isinstance(number, bool) or not isinstance(number, int | float):
            continue
        bounded = float(min(max(number, 0), most))
        if not math.isnan(bounded):
            cleaned[name] = round(bounded, 1)
    return cleaned


def merge_quality(
    known: Mapping[str, Mapping[str, float]], sample: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Add a sample to what is known of a line: number of samples, mean and worst of each number."""
    merged = {name: dict(numbers) for name, numbers in known.items()}
    for name, number in sample.items():
        before = merged.get(name)
        if before is None:
            merged[name] = {"samples": 1, "mean": number, "worst": number}
            continue
        samples = before["samples"] + 1
        worse = min if name in _WORSE_IS_LESS else max
        merged[name] = {
            "samples": samples,
            "mean": round(before["mean"] + (number - before["mean"]) / samples, 2),
            "worst": worse(before["worst"], number),
        }
    return merged
