"""Those who wait, as their pages poll: a process of its own, without the portal, so that it takes little of the machine."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Event
from time import monotonic, sleep
from urllib.parse import urlsplit

from diia_videoreception.rules.rooms import POLL_MS_WAITING

AT_ONCE = 16
"""Polls that may be on their way at a time; more would measure the client."""


@dataclass(frozen=True)
class Waiter:
    """One citizen’s page: where it asks, as whom."""

    path: str
    cookies: str
    token: str


def poll_until_told(url: str) -> None:
    """Poll for everybody who is named on the first line of the input, until the next line."""
    waiters = [Waiter(**one) for one in json.loads(sys.stdin.readline())]
    enough, pace = Event(), POLL_MS_WAITING / 1000
    polls = 0
    with ThreadPoolExecutor(AT_ONCE) as callers:

        def go(waiter: Waiter) -> None:
            status = _poll(url, waiter)
            assert status in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}, status

        def all_round() -> None:
            nonlocal polls
            begun = monotonic()
            for number, waiter in enumerate(waiters):
                # Spread over the pace, as pages are that were opened one after another.
                sleep(max(0, begun + number * pace / len(waiters) - monotonic()))
                if enough.is_set():
                    return
                callers.submit(go, waiter).add_done_callback(lambda one: one.result())
                polls += 1

        with ThreadPoolExecutor(1) as clock:
            rounds = clock.submit(lambda: [all_round() for _ in iter(enough.is_set, True)])
            print("polling", flush=True)
            sys.stdin.readline()
            enough.set()
            rounds.result()
    print(polls)


def _poll(url: str, waiter: Waiter) -> int:
    headers = {
        "Cookie": waiter.cookies,
        "X-CSRFToken": waiter.token,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    return ask(url, "POST", waiter.path, json.dumps({"window": "w1"}), headers)


def ask(
    url: str, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> int:
    """One request by a connection of its own, as a web server makes them."""
    address = urlsplit(url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


if __name__ == "__main__":
    poll_until_told(sys.argv[1])
