"""Holds through the API over HTTP, beside the same statements sent by bare clients of the database.

Both sides run in turns in one run, with the same number of clients; the bare clients send what the
portal has sent for the same people and times, word for word.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import chain
from multiprocessing import get_context
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from diia_videoreception.models import Official
from tests.bench import Figure
from tests.bench.acts.portal import forget, official_with_times, served, settings_of_servers
from tests.harness.captcha import solved_captcha
from tests.races.rivals import Rival, make_rivals
from tests.steps.api import API

CLIENTS = {1: 20, 8: 80, 50: 150}
"""How many holds a round has, by the number of clients."""
ROUNDS = 5
BARE_PROCESSES = 4
OFFICIALS = 15
"""Who wants distinct times, wants them of so many; whoever wants the hot time, of one."""
MAX_RATIO = 2.5
"""At least 40 % of what the database alone does."""

Statements = list[str]


@dataclass(frozen=True)
class Wish:
    """What one person asks for."""

    rival: Rival
    official: Official
    start: datetime
    key: str

    def body(self) -> dict[str, object]:
        return {
            "official": self.official.pk,
            "start": self.start.isoformat(),
            "captcha": solved_captcha(),
        }

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.rival.token}", "Idempotency-Key": self.key}


def figures() -> list[Figure]:
    """Compare holds of distinct times and of one hot time with their statements alone."""
    most = max(CLIENTS.values())
    offers = [official_with_times(most // OFFICIALS) for _ in range(OFFICIALS)]
    distinct = [(official, start) for official, starts in offers for start in starts]
    found: list[Figure] = []
    with served() as servers:
        for kind, times in (("distinct", distinct), ("hot", distinct[:1] * most)):
            for clients, count in CLIENTS.items():
                # Tokens last ten minutes.
                rivals = make_rivals(count)
                wishes = [
                    Wish(rival, official, start, f"{kind}-{number}")
                    for number, (rival, (official, start)) in enumerate(
                        zip(rivals, times, strict=False)
                    )
                ]
                found += list(_compare(servers.url, kind, clients, wishes))
    return found


def _compare(url: str, kind: str, clients: int, wishes: Sequence[Wish]) -> Iterator[Figure]:
    sent = list(_statements_of(wishes))
    acts = [list(_act(statements)) for statements in sent]
    sides: dict[str, Callable[[], float]] = {
        "portal": lambda: _hold(url, clients, wishes),
        "request": lambda: _replay(clients, sent),
        "act": lambda: _replay(clients, [act for act in acts if act]),
    }
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, run in sides.items():
            forget()
            rates[name].append(run())
    forget()
    middle = {name: median(values) for name, values in rates.items()}
    said = ", ".join(
        f"{name} {middle[name]:.0f}/s ({min(values):.0f}-{max(values):.0f})"
        for name, values in rates.items()
    )
    print(f"holds, {clients} clients, {kind}: {said}; {len(sent[-1])} statements", flush=True)
    for name in ("request", "act") if kind == "distinct" else ("request",):
        ratios = [bare / ours for bare, ours in zip(rates[name], rates["portal"], strict=True)]
        yield Figure(
            f"acts: {kind} holds, {clients} clients, statements of the {name} / portal",
            median(ratios),
            MAX_RATIO,
        )


def _statements_of(wishes: Sequence[Wish]) -> Iterator[Statements]:
    """Give what the portal sends to the database for each wish, one after another."""
    changed = settings_of_servers()["DIIA_VIDEORECEPTION"]
    forget()
    with override_settings(DIIA_VIDEORECEPTION=changed):
        client = APIClient()
        for wish in wishes:
            # Whoever comes for the first time is written down once.
            client.get(f"{API}/applications", headers=wish.headers())
            with CaptureQueriesContext(connection) as captured:
                client.post(f"{API}/holds", wish.body(), format="json", headers=wish.headers())
            yield [query["sql"] for query in captured.captured_queries]


def _act(statements: Statements) -> Iterator[str]:
    """Give the statements of the transaction alone; none of who is refused before it."""
    if "BEGIN" in statements:
        yield from statements[statements.index("BEGIN") : statements.index("COMMIT") + 1]


def _hold(url: str, clients: int, wishes: Sequence[Wish]) -> float:
    """Let the clients hold over HTTP, each on its own connection; gives how many are told a second."""
    bodies = [json.dumps(wish.body()) for wish in wishes]

    def ask(share: int) -> list[int]:
        server = HTTPConnection(urlsplit(url).netloc, timeout=120)
        statuses = []
        for number in range(share, len(wishes), clients):
            headers = wishes[number].headers() | {"Content-Type": "application/json"}
            server.request("POST", f"{API}/holds", bodies[number], headers)
            answer = server.getresponse()
            answer.read()
            statuses.append(answer.status)
        server.close()
        return statuses

    with ThreadPoolExecutor(clients) as pool:
        begun = perf_counter()
        statuses = list(chain.from_iterable(pool.map(ask, range(clients))))
        seconds = perf_counter() - begun
    won = len({(wish.official.pk, wish.start) for wish in wishes})
    told = [status for status in statuses if status != HTTPStatus.SERVICE_UNAVAILABLE]
    # A machine that has more to do may say «busy», and nobody else gets what it did not give.
    if told.count(201) > won or not {*told} <= {201, 409}:
        raise RuntimeError(f"not all were told truly: {sorted(set(statuses))}")
    return len(told) / seconds


def _replay(clients: int, sent: Sequence[Statements]) -> float:
    """Let as many bare clients send the statements, from up to four processes; gives how many a second."""
    if not sent:
        return 0.0
    database = settings.DATABASES["default"]
    where = {
        "dbname": connection.settings_dict["NAME"],
        "host": database["HOST"],
        "user": database["USER"],
    }
    processes = min(BARE_PROCESSES, clients)
    shares = [(where, clients // processes or 1, sent[n::processes]) for n in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        spans = list(pool.map(_replay_share, shares))
    seconds = max(end for _, end in spans) - min(begun for begun, _ in spans)
    return len(sent) / seconds


def _replay_share(
    share: tuple[dict[str, str], int, Sequence[Statements]],
) -> tuple[float, float]:
    where, clients, sent = share
    connections = [psycopg.connect(**where, autocommit=True) for _ in range(clients)]

    def send(number: int) -> None:
        with connections[number].cursor() as cursor:
            for statements in sent[number::clients]:
                for statement in statements:
                    cursor.execute(statement.encode())

    with ThreadPoolExecutor(clients) as pool:
        begun = perf_counter()
        list(pool.map(send, range(clients)))
        end = perf_counter()
    for one in connections:
        one.close()
    return begun, end
