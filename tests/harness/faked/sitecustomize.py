"""Lets Python sleep under faketime, see tests/harness/dates.py.

faketime 0.9.10 refuses every clock_nanosleep to a moment of a clock that it does not fake, which is
how time.sleep waits. Python loads this file by its name before anything else.
"""

import select
import time


def _sleep(seconds: float, /) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = _sleep
