"""What 200 people who wait for their receptions cost another visitor, on each kind of server.

Everybody polls as the page does; the other visitor's page is asked for one after another, in turns
with and without those who wait.
"""

import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from statistics import median
from time import perf_counter
from typing import Any

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.bench import Figure
from tests.bench.acts import pollers
from tests.bench.acts.pollers import Waiter, ask
from tests.bench.acts.portal import official_with_times, settings_of_servers
from tests.harness.http import Servers, asgi_servers, servers
from tests.steps.people import sign_in
from tests.steps.rooms import make_meeting, own_room

COMMITS = True
WAITING = 200
ROUNDS = 3
PAGES = 60
"""Of the other visitor, in one round."""
MAX_RATIO = 1.5

Starts = Callable[[Mapping[str, object]], AbstractContextManager[Servers]]
KINDS: dict[str, tuple[Starts, bool]] = {
    "gunicorn 2 × 8 gthread": (lambda changed: servers(2, changed=changed, threads=8), False),
    "2 sync workers": (
        lambda changed: servers(2, changed=changed, worker_class="sync"),
        False,
    ),
    "uvicorn, 2 workers": (lambda changed: asgi_servers(2, changed=changed), True),
}
"""How each is started, and whether its connections come from a pool."""


def figures() -> list[Figure]:
    """Measure the other visitor's page on each kind of server."""
    portal: Any = settings_of_servers()["DIIA_VIDEORECEPTION"]
    portal |= {"CONFERENCE": own_room()}
    official, _starts = official_with_times(1)
    page = f"/videoreception/api/v1/officials/{official.pk}"
    with override_settings(DIIA_VIDEORECEPTION=portal):
        waiters = [_waiter() for _ in range(WAITING)]
    return [
        _figure(
            name,
            start,
            settings_of_servers(pooled=pooled) | {"DIIA_VIDEORECEPTION": portal},
            page,
            waiters,
        )
        for name, (start, pooled) in KINDS.items()
    ]


def _figure(
    name: str, start: Starts, changed: Mapping[str, object], page: str, waiters: list[Waiter]
) -> Figure:
    alone: list[float] = []
    among: list[float] = []
    with start(changed) as started:
        _seconds(started.url, page)
        for _ in range(ROUNDS):
            alone += _seconds(started.url, page)
            with _polling(started.url, waiters):
                among += _seconds(started.url, page)
    return Figure(
        f"room: another visitor's page beside {WAITING} who wait / alone, {name}",
        median(among) / median(alone),
        MAX_RATIO,
    )


def _waiter() -> Waiter:
    """A citizen who has come in, with a browser of their own."""
    meeting = make_meeting(start=timezone.now() + timedelta(minutes=5))
    meeting.enter(meeting.citizen, now=timezone.now())
    client = Client()
    sign_in(client, meeting.application.citizen, level="high")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    token = secrets.token_hex(16)
    return Waiter(
        path=reverse("diia_videoreception:room_poll", args=[meeting.public_id]),
        cookies=f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        token=token,
    )


def _seconds(url: str, page: str) -> list[float]:
    """How long each of the other visitor's pages took."""
    taken = []
    for _ in range(PAGES):
        start = perf_counter()
        status = ask(url, "GET", page)
        taken.append(perf_counter() - start)
        assert status == HTTPStatus.OK, status
    return taken


@contextmanager
def _polling(url: str, waiters: list[Waiter]) -> Iterator[None]:
    """Let everybody poll at their pace, from a process of its own, until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", pollers.__name__, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps([asdict(waiter) for waiter in waiters]) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "polling\n", "nobody polls"
    try:
        yield
    finally:
        polls, _ = process.communicate("enough\n")
        assert int(polls) > 0, "nobody has polled"
