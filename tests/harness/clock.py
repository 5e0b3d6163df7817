"""The moment at which tests take place, unless they say another; and the clock of the machine."""

import os
from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday, 23 November 2026, 10:00 in Kyiv."""
START = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
"""Tuesday, 1 December 2026, 10:30 in Kyiv: a time that one can book at `NOW`."""

SETTING = (
    "LD_PRELOAD",
    "FAKETIME",
    "FAKETIME_DONT_FAKE_MONOTONIC",
    "PYTHONPYCACHEPREFIX",
    "PYTHONPATH",
)
"""What sets the clock of a process, see tests/harness/dates.py."""


def shown_clock() -> dict[str, str]:
    """What a child with an environment of its own needs to have the clock of this process."""
    faked = "FAKETIME" in os.environ
    return {name: os.environ[name] for name in SETTING if faked and name in os.environ}


def real_clock() -> dict[str, str]:
    """The environment of a child that keeps the machine's clock."""
    left_out = SETTING if "FAKETIME" in os.environ else ()
    return {name: value for name, value in os.environ.items() if name not in left_out}


def distance() -> int:
    """Seconds from the machine's clock to that of this process."""
    return int(os.environ.get("FAKETIME", "0"))
