"""Knows which requests a live server is answering in this process, so that a test leaves none behind.

A page that is closed lets its last requests run on; they would meet the database while it is emptied
for the next test.
"""

import threading
from time import monotonic, sleep
from typing import Any

from django.core.signals import request_finished, request_started

SECONDS = 30
"""How long a request may run on; what runs longer is left to itself."""

_answering: set[threading.Thread] = set()


def began(**_: Any) -> None:
    """Note that this thread begins to answer."""
    _answering.add(threading.current_thread())


def ended(**_: Any) -> None:
    """Note that this thread has answered."""
    _answering.discard(threading.current_thread())


request_started.connect(began)
request_finished.connect(ended)


def are_answered() -> bool:
    """Wait until every request in another thread is answered; tells whether they all were."""
    until = monotonic() + SECONDS
    while any(thread.is_alive() for thread in _answering - {threading.current_thread()}):
        if monotonic() > until:
            return False
        sleep(0.01)
    return True
