"""An answer that begins after somebody has taken a time never offers it, in whichever process."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any
from urllib.request import urlopen

from diia_videoreception.models import Absence, Holiday, Official, ScheduleException
from diia_videoreception.selectors.booking.availability import scheduled_slots
from diia_videoreception.services.booking.absences import save_absence
from tests.races.rivals import hold_all, make_rivals
from tests.steps.api import API, UNLIMITED

PROCESSES = READERS = 4
HOLDS = 8
RAISED = {**UNLIMITED, "HOLDS_PER_DAY": 1000}

Answer = tuple[float, frozenset[datetime]]
"""When it was asked for, and the times that it offered."""


@dataclass(frozen=True)
class Asked:
    """What all ask for during a race, also when midnight comes meanwhile."""

    url: str
    official: Official
    first: date
    last: date


def _ask(asked: Asked) -> Answer:
    query = f"first={asked.first}&last={asked.last}"
    begun = monotonic()
    # A connection each: the kernel chooses the process anew.
    with urlopen(
        f"{asked.url}{API}/officials/{asked.official.pk}/slots?{query}", timeout=60
    ) as response:
        slots = json.load(response)["slots"]
    offered = (slot["start"] for slot in slots if slot["state"] == "free")
    return begun, frozenset(datetime.fromisoformat(start) for start in offered)


def _ask_on(asked: Asked, ended: Event) -> Iterator[Answer]:
    while not ended.is_set():
        yield _ask(asked)
    yield _ask(asked)


def _take_times(asked: Asked) -> Iterator[tuple[frozenset[datetime], float]]:
    """Take times one after the other: citizens, then staff; gives which, and when all was over."""
    official = asked.official
    slots = scheduled_slots(official, first=asked.first, last=asked.last)
    starts = [slot.start for slot in slots]
    for rival, start in zip(make_rivals(HOLDS), starts, strict=False):
        (outcome,) = hold_all(asked.url, [rival], official, start)
        assert outcome.status == 201
        yield frozenset({start}), monotonic()
    absence = Absence(official=official, start=starts[HOLDS + 1], end=starts[HOLDS + 3])
    save_absence(absence, now=datetime.now(UTC))
    yield frozenset(starts[HOLDS + 1 : HOLDS + 3]), monotonic()
    days = sorted({start.date() for start in starts}, reverse=True)
    Holiday.objects.create(date=days[0], name="Свято")
    yield _on(days[0], starts), monotonic()
    ScheduleException.objects.create(official=official, date=days[1])
    yield _on(days[1], starts), monotonic()
    official.schedule_rules.update(valid_until=days[3])
    yield _on(days[2], starts), monotonic()


def _on(day: date, starts: list[datetime]) -> frozenset[datetime]:
    return frozenset(start for start in starts if start.date() == day)


def _race(url: str, official: Official) -> list[datetime]:
    """Let all ask while times are taken; gives what was offered though it was taken before."""
    first = datetime.now(UTC).date() + timedelta(days=5)
    asked = Asked(url, official, first, first + timedelta(days=20))
    ended = Event()
    with ThreadPoolExecutor(READERS) as pool:
        _, before = _ask(asked)
        readers = [pool.submit(lambda: list(_ask_on(asked, ended))) for _ in range(READERS)]
        try:
            taken = list(_take_times(asked))
        finally:
            ended.set()
        answers = [answer for reader in readers for answer in reader.result()]
    assert all(starts and starts <= before for starts, _ in taken), "they were offered at first"
    return [
        start
        for begun, offered in answers
        for starts, when in taken
        if when < begun
        for start in starts & offered
    ]


def test_what_is_taken__is_offered_in_no_answer_that_begins_later(
    start_servers: Callable[..., Any], official: Official
) -> None:
    servers = start_servers(PROCESSES, changed={"DIIA_VIDEORECEPTION": RAISED})

    assert _race(servers.url, official) == []


def test_answers_that_a_process_keeps__are_found_out(
    start_servers: Callable[..., Any], official: Official
) -> None:
    """Shows that the race above is one: it is lost as soon as something is kept for a minute."""
    servers = start_servers(
        PROCESSES,
        changed={"DIIA_VIDEORECEPTION": RAISED},
        patches=["tests.races.test_free_times.keep_for_a_minute"],
    )

    assert _race(servers.url, official) != []


def keep_for_a_minute() -> None:
    """Let a server process keep what it has read of an official."""
    from diia_videoreception.selectors.booking import stored_times

    read, kept = stored_times.of_official, dict[int, tuple[float, Any]]()

    def keeping(key: int, **period: Any) -> Any:
        if key not in kept or kept[key][0] < monotonic() - 60:
            kept[key] = monotonic(), read(key, **period)
        return kept[key][1]

    stored_times.of_official = keeping
