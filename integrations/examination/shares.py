"""What one person may use of the places in the long run: a quarter of one, whatever their files cost.

Without this one person who sends expensive files one after another would have a place to themselves. A table
that all processes of the portal share says for each person until when what they have used is paid back.
"""

import fcntl
import math
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from integrations.examination.places import OwnPlacesTaken, number_of, open_in

ALLOWANCE_SECONDS: Final = 60.0
"""Ten ordinary files one after another, even on a busy machine, are not noticed."""
_PRICE: Final = 4
"""Each second of examination is paid back in four: while it runs, and three more of rest.

Who finds the only place taken comes six times (upload.js): with a place that is taken a quarter of the time,
all six fail once in four thousand files.
"""
_MAX_DEBT_SECONDS: Final = 300.0
_ROWS: Final = 65_536
"""Two people who share a row, one in tens of thousands, have one share together."""
_ROW: Final = struct.Struct("<d")


class OwnTimeSpent(OwnPlacesTaken):
    """This person's files have used all the time that one may; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} s")


@contextmanager
def share(folder: Path, *, person: str) -> Iterator[None]:
    """Charge what is done within to the person.

    Raises:
        OwnTimeSpent: The person must wait first.
        PlacesMisconfigured: The folder cannot be used.
    """
    descriptor = open_in(folder, "shares")
    try:
        row = number_of(person) % _ROWS * _ROW.size
        began = _now()
        excess = _debt(descriptor, row, began) - ALLOWANCE_SECONDS
        if excess > 0:
            raise OwnTimeSpent(math.ceil(excess))
        try:
            yield
        finally:
            _charge(descriptor, row, began)
    finally:
        os.close(descriptor)


def _charge(descriptor: int, row: int, began: float) -> None:
    # Two files of one person may end at once; nobody keeps this for longer than a write.
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    now = _now()
    until = began + _debt(descriptor, row, began) + _PRICE * (now - began)
    os.pwrite(descriptor, _ROW.pack(min(until, now + _MAX_DEBT_SECONDS)), row)
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def _debt(descriptor: int, row: int, now: float) -> float:
    stored = os.pread(descriptor, _ROW.size, row)
    debt = _ROW.unpack(stored)[0] - now if len(stored) == _ROW.size else 0.0
    # More than anybody can owe is of before the machine started anew.
    return debt if 0 < debt <= _MAX_DEBT_SECONDS else 0.0


def _now() -> float:
    """Return seconds since the machine started, the same for all processes; nobody sets this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
