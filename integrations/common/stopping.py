"""The orderly end of a process that works until it is told to stop."""

import signal
from threading import Event
from types import FrameType


def stop_on_signals() -> Event:
    """Return an event that SIGTERM and Ctrl+C set; in the main thread."""
    stop = Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    return stop
