"""Free times in four processes beside a bare view of the framework and beside the peer.

Officials are asked at random, each tenth time after a write that concerns them. The sides take
turns; of each turn the medians are compared, and of all turns the median is given.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diia_videoreception.models import Absence, Occupancy, Official, ScheduleRule
from tests.bench import Figure
from tests.bench.choosing import peer
from tests.factories import AgencyFactory, CitizenFactory, OfficialFactory, UnitFactory
from tests.harness import databases
from tests.harness.sides import Side, side
from tests.steps.api import API, UNLIMITED

PROCESSES = 4
OFFICIALS = 500
ROUNDS = int(__import__("os").environ.get("R", "15"))
EACH = 30
FRESH_ROUNDS = 5
SLOT = timedelta(minutes=30)
WORKING_DAYS = 5
MAX_OF_BARE = 1 / 0.30
MAX_OF_PLAIN = 2
MAX_OF_PEER = 1 / 5


def figures() -> list[Figure]:
    """Fill the database, and measure."""
    monday = _monday()
    agency = fill(monday)
    found = list(_queries(monday))
    reason = peer.install()
    with ExitStack() as stack:
        env = _portal(monday, agency)
        portal = stack.enter_context(side(f"{__package__}.process", PROCESSES, env=env))
        other = None
        if reason:
            print(f"The peer is missing, so that nothing is compared with it: {reason}")
        else:
            other = stack.enter_context(_peer(monday))
        found += _beside(portal, other)
        found += _pages(portal)
        found += _fresh(env)
    return found


def _monday() -> date:
    day = timezone.localdate() + timedelta(days=7)
    return day + timedelta(days=-day.weekday() % 7)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def fill(monday: date) -> int:
    """Give each official working days of 9:00 to 18:00, every second time of a week taken.

    Of the next week only rows are there, so that a bare view finds as many as a week has times.

    Returns:
        The key of an agency with sixty of them.
    """
    CitizenFactory.create_batch(8)
    officials: list[Official] = []
    agencies = [AgencyFactory() for _ in range(-(-OFFICIALS // 60))]
    for agency in agencies:
        units = [UnitFactory(agency=agency) for _ in range(6)]
        some = min(60, OFFICIALS - len(officials))
        officials += [OfficialFactory(unit=units[number % 6]) for number in range(some)]
    ScheduleRule.objects.bulk_create(
        [
            ScheduleRule(
                official=official,
                recurrence="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
                starts=time(9),
                ends=time(18),
                valid_from=monday - timedelta(days=70),
            )
            for official in officials
        ]
    )
    starts = [
        _midnight(monday + timedelta(days=day)) + timedelta(hours=9) + number * 2 * SLOT
        for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)
        for number in range(9)
    ]
    absences = Absence.objects.bulk_create(
        Absence(official=official, start=start, end=start + SLOT)
        for official in officials
        for start in starts
    )
    Occupancy.objects.bulk_create(
        Occupancy(
            kind=Occupancy.Kind.ABSENCE,
            official_id=absence.official_id,
            absence=absence,
            start=absence.start,
            end=absence.end,
            created_at=datetime.now(UTC),
        )
        for absence in absences
        if absence.start < _midnight(monday + timedelta(days=7))
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return int(agencies[0].pk)


def _queries(monday: date) -> Iterator[Figure]:
    official = Official.objects.order_by("?")[0]
    for name, days in (("a day", 1), ("a week", 7)):
        query = {"first": monday, "last": monday + timedelta(days=days - 1)}
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"{API}/officials/{official.pk}/slots", query)
        yield Figure(f"free times: queries for {name}", len(queries), 4)


def _portal(monday: date, agency: int) -> dict[str, str]:
    in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    changed = {
        "DIIA_VIDEORECEPTION": UNLIMITED,
        "CACHES": {"default": in_memory, "shared": in_memory},
    }
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
        "TEST_SERVER_SETTINGS": json.dumps(changed),
        "BENCH_MONDAY": monday.isoformat(),
        "BENCH_AGENCY": str(agency),
    }


def _peer(monday: date) -> AbstractContextManager[Side]:
    if connection.vendor == "postgresql":
        name = f"{connection.settings_dict['NAME']}_peer"
        databases.run("createdb", name)
        where = {"PEER_POSTGRES": name, "PEER_HOST": os.environ["TEST_POSTGRES_HOST"]}
    else:
        where = {"PEER_SQLITE": str(Path(settings.FOLDER) / "peer.sqlite3")}
    env = peer.environment(where, day=monday, officials=OFFICIALS)
    with side(peer.__name__, 1, env=env) as first:
        first.measure("prepare", 1)
    return side(peer.__name__, PROCESSES, env=env)


def _beside(portal: Side, other: Side | None) -> Iterator[Figure]:
    ways: dict[str, Callable[[], list[float]]] = {
        name: lambda name=name: portal.measure(name, EACH)  # type: ignore[misc]
        for name in ("day", "week", "cold week", "bare day", "bare week")
    }
    if other is not None:
        ways["peer"] = lambda: other.measure("day", EACH // 3)
    took = rounds(ways)
    for name in ("day", "week", "cold week"):
        bare = took["bare day" if name == "day" else "bare week"]
        yield _ratio(f"free times: {name}, beside a bare view", took[name], bare, MAX_OF_BARE)
    if other is not None:
        # The peer answers for one day; its page asks anew for the next.
        of_week = [WORKING_DAYS * seconds for seconds in took["peer"]]
        yield _ratio("free times: day, beside the peer", took["day"], took["peer"], MAX_OF_PEER)
        yield _ratio(
            "free times: week, beside five days of the peer", took["week"], of_week, MAX_OF_PEER
        )


def _pages(portal: Side) -> Iterator[Figure]:
    names = ("plain page", "nearest page", "kept page", "week page")
    took = rounds({name: lambda name=name: portal.measure(name, 3) for name in names})  # type: ignore[misc]
    title = "choosing: nearest times and filter for 60 officials"
    plain = took["plain page"]
    yield _ratio(f"{title}, beside none", took["kept page"], plain, MAX_OF_PLAIN)
    yield _ratio(f"{title}, first of a minute", took["nearest page"], plain, MAX_OF_PLAIN)


def _fresh(env: dict[str, str]) -> Iterator[Figure]:
    """Compare the first answers of processes that have just started."""
    took: dict[str, list[float]] = {"week": [], "bare week": []}
    for _ in range(FRESH_ROUNDS):
        for name, seconds in took.items():
            with side(f"{__package__}.process", 1, env=env) as fresh:
                seconds += fresh.measure(name, 1)
    title = "free times: week, first answer of a process, beside a bare view"
    yield _ratio(title, took["week"], took["bare week"], MAX_OF_BARE)


def rounds(ways: dict[str, Callable[[], list[float]]]) -> dict[str, list[float]]:
    """Let all ways take turns, after one turn that warms them; gives the median of each turn."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            seconds = median(way())
            if number:
                took[name].append(seconds)
    for name, medians in took.items():
        print(
            f"{name:<14} {median(medians) * 1000:8.2f} ms"
            f" ({min(medians) * 1000:.2f} to {max(medians) * 1000:.2f})",
            flush=True,
        )
    return took


def _ratio(name: str, ours: list[float], theirs: list[float], limit: float) -> Figure:
    """Compare turn by turn, so that what disturbs one turn disturbs both sides of it."""
    return Figure(name, median(a / b for a, b in zip(ours, theirs, strict=True)), limit)
