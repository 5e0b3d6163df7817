"""What the same act costs in a small and in a large database of PostgreSQL, side by side in one run.

The small one has ten thousand applications, enough to fill each page; the large one as many as
BENCH_ROWS says. Each act runs in
turns in both; the fastest of its rounds are compared, so that what disturbs a machine counts little.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench import Figure
from tests.bench.growth.acts import ACTS, Act, World
from tests.bench.growth.dataset import fill
from tests.harness import databases

SMALL = 10_000
LARGE = int(os.environ.get("BENCH_ROWS", "100000"))
ROUNDS = 7
MAX_GROWTH = 1.3
NOISE_SECONDS = 0.001
"""What the clock and the neighbours add to any act; growth below it is none."""


@dataclass(frozen=True)
class Cost:
    """What one act cost: the fastest round in seconds, and its queries."""

    seconds: float
    queries: int


def figures() -> list[Figure]:
    """Give for each act how it grows, and how many queries it takes in the large database."""
    if not databases.is_ours():
        raise SystemExit("Growth is measured in a PostgreSQL of its own: TEST_DATABASE=postgres.")
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    name = str(connection.settings_dict["NAME"])
    small, large = f"{name}_small", f"{name}_large"
    connection.close()
    for database, rows in ((small, SMALL), (large, LARGE)):
        databases.run("createdb", "--template", name, database)
        with _using(database):
            fill(rows, now=now)
    found: list[Figure] = []
    for act in ACTS:
        costs = _measure(act, small, large, now=now)
        found.extend(_figures(act, costs[small], costs[large]))
    return found


def _figures(act: Act, small: Cost, large: Cost) -> Iterator[Figure]:
    growth = large.seconds / (small.seconds + NOISE_SECONDS)
    print(
        f"{act.name:<52} {small.seconds * 1000:9.1f} ms {large.seconds * 1000:9.1f} ms"
        f" {growth:6.2f} {large.queries:4} queries",
        flush=True,
    )
    yield Figure(f"growth: {act.name}", growth, MAX_GROWTH)
    if act.max_queries:
        yield Figure(f"queries: {act.name}", large.queries, act.max_queries)


def _measure(act: Act, *names: str, now: datetime) -> dict[str, Cost]:
    times: dict[str, list[float]] = {name: [] for name in names}
    queries: dict[str, int] = {}
    for round_number in range(ROUNDS + 1):
        for name in names:
            with _using(name):
                run = act.prepare(World(now))
                if round_number == 0:
                    with CaptureQueriesContext(connection) as captured:
                        run()
                    queries[name] = len(captured)
                    continue
                begun = perf_counter()
                run()
                times[name].append(perf_counter() - begun)
    return {name: Cost(min(times[name]), queries[name]) for name in names}


@contextmanager
def _using(database: str) -> Iterator[None]:
    """Let the default connection speak to another database of the same server."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
