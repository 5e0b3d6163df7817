"""What the same act costs in a small and in a large database of PostgreSQL, side by side in one run.

The small one has two thousand applications, all of one agency, enough to fill each page; the large one
as many as BENCH_ROWS says. Each act runs in both in turns; the fastest of its rounds are compared, so
that what disturbs a machine counts little. What its statements read is compared besides.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from tests.bench import Figure
from tests.bench.growth import bulk
from tests.bench.growth.acts import ACTS, Act, World
from tests.bench.growth.plans import Work, work_of
from tests.bench.growth.store import copies, using

SMALL = 2_000
LARGE = int(os.environ.get("BENCH_ROWS", "100000"))
ROUNDS = 15
MAX_GROWTH = 1.3
NOISE_SECONDS = 0.001
"""What the clock and the neighbours add to any act; growth below it is none."""
NOISE_ROWS = 20
NOISE_BLOCKS = 30
"""One level more of the indexes that an act asks."""


@dataclass
class Cost:
    """What one act cost in one database: the seconds of its rounds, and what it read."""

    seconds: list[float] = field(default_factory=list)
    work: Work = field(default_factory=lambda: Work(0, 0, 0))


def figures() -> list[Figure]:
    """Give for each act how it grows, and how many queries it takes in the large database."""
    now = datetime.now(UTC)
    found: list[Figure] = []
    with copies(0, SMALL, LARGE) as names:
        print("| Act | small ms | large ms | spread | growth | rows | blocks | queries |")
        print("|---|---:|---:|---|---:|---:|---:|---:|")
        for act in ACTS:
            small, large = _measure(act, names[SMALL], names[LARGE], now=now)
            found.extend(_figures(act, small, large))
        found.extend(bulk.figures(names[0], names[LARGE], now=now))
    return found


def _figures(act: Act, small: Cost, large: Cost) -> Iterator[Figure]:
    growth = min(large.seconds) / (min(small.seconds) + NOISE_SECONDS)
    rows = large.work.rows / (small.work.rows + NOISE_ROWS)
    blocks = large.work.blocks / (small.work.blocks + NOISE_BLOCKS)
    print(
        f"| {act.name} | {min(small.seconds) * 1000:.1f} | {min(large.seconds) * 1000:.1f}"
        f" | {median(large.seconds) * 1000:.1f}, up to {max(large.seconds) * 1000:.1f}"
        f" | {growth:.2f} | {small.work.rows} → {large.work.rows}"
        f" | {small.work.blocks} → {large.work.blocks} | {large.work.queries} |"
        f" {' '.join(large.work.scanned)}",
        flush=True,
    )
    yield Figure(f"growth: {act.name}", growth, MAX_GROWTH)
    yield Figure(f"rows read: {act.name}", rows, MAX_GROWTH)
    yield Figure(f"blocks read: {act.name}", blocks, MAX_GROWTH)
    yield Figure(f"tables read from end to end: {act.name}", len(large.work.scanned), 0)
    if act.max_queries:
        yield Figure(f"queries: {act.name}", large.work.queries, act.max_queries)


def _measure(act: Act, *names: str, now: datetime) -> list[Cost]:
    costs = {name: Cost() for name in names}
    for round_number in range(ROUNDS + 1):
        for name, cost in costs.items():
            with using(name):
                run = act.prepare(World(now))
                if round_number == 0:
                    cost.work = work_of(run)
                    continue
                begun = perf_counter()
                run()
                cost.seconds.append(perf_counter() - begun)
    return list(costs.values())
