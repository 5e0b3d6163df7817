"""What a process of the portal is asked for: free times, a bare view, pages; see `sides`."""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from diia_videoreception import models
from diia_videoreception.selectors.booking import stored_times
from diia_videoreception.services.booking.absences import remove_absence, save_absence
from diia_videoreception.web.citizen.choosing import choice
from tests.harness.sides import Task

SLOT = timedelta(minutes=30)
SLOTS_A_DAY = 18
DAYS = {"day": 1, "week": 7}
ROWS = {"day": SLOTS_A_DAY, "week": 5 * SLOTS_A_DAY}
API = "/videoreception/api/v1"
CHOOSE = "/videoreception/choose/"

Acts = Iterator[Callable[[], object]]


class World:
    """The officials of the filled database, asked at random from many addresses."""

    def __init__(self) -> None:
        self.random = Random(os.getpid())
        self.client = Client()
        self.monday = date.fromisoformat(os.environ["BENCH_MONDAY"])
        self.agency = int(os.environ["BENCH_AGENCY"])
        self.officials = list(models.Official.objects.values_list("pk", flat=True))

    def ask(self, url: str, query: dict[str, Any], size: int = 0) -> Callable[[], object]:
        """Give the act of asking, which fails where the answer is not what it should be."""
        address = ".".join(str(self.random.randrange(1, 250)) for _ in range(4))

        def act() -> None:
            answer = self.client.get(url, query, REMOTE_ADDR=address)
            if answer.status_code != 200 or (size and len(_rows(answer.json())) != size):
                raise RuntimeError(f"{url}: {answer.status_code} {answer.content[:300]!r}")

        return act


def _rows(answer: Any) -> list[object]:
    rows: list[object] = answer["slots"] if isinstance(answer, dict) else answer
    return rows


@lru_cache
def world() -> World:
    """Give the world of this process."""
    return World()


def free_times(what: str, *, cold: bool = False) -> Task:
    """Ask officials at random for their times, each tenth time after a write that concerns them."""

    def task(count: int) -> Acts:
        for number in range(count):
            official = world().random.choice(world().officials)
            if number % 10 == 9:
                WRITES[number // 10 % len(WRITES)](official)
            if cold:
                for kept in (stored_times._rules, stored_times._exceptions, stored_times._holidays):
                    kept.cache_clear()
            last = world().monday + timedelta(days=DAYS[what] - 1)
            query = {"first": world().monday, "last": last}
            yield world().ask(f"{API}/officials/{official}/slots", query, ROWS[what])

    return task


def bare(what: str) -> Task:
    """Ask the bare view for as many rows."""

    def task(count: int) -> Acts:
        for _ in range(count):
            official = world().random.choice(world().officials)
            yield world().ask(f"/bare/{official}/{ROWS[what]}/", {}, ROWS[what])

    return task


def week_page(count: int) -> Acts:
    """Open the choosing page of an official as a guest."""
    for _ in range(count):
        official = world().random.choice(world().officials)
        yield world().ask(CHOOSE, {"official": official, "week": world().monday})


def nearest_page(count: int) -> Acts:
    """Open the page of an agency with the filter, when nobody has asked within a minute."""
    for _ in range(count):
        cache.clear()
        yield world().ask(CHOOSE, {"agency": world().agency, "free": "1"})


def kept_page(count: int) -> Acts:
    """Open the same page within a minute."""
    address = {"agency": world().agency, "free": "1"}
    world().ask(CHOOSE, address)()
    for _ in range(count):
        yield world().ask(CHOOSE, address)


def plain_page(count: int) -> Acts:
    """Open the same page with the nearest times left out."""
    asked = choice.nearest_free_times
    choice.nearest_free_times = lambda *args, **kwargs: {}
    try:
        for _ in range(count):
            yield world().ask(CHOOSE, {"agency": world().agency})
    finally:
        choice.nearest_free_times = asked


# --- What officials and others write meanwhile ------------------------------------------------


def _free_start() -> datetime:
    """A time after those asked for, so that every answer has as many rows."""
    return datetime.combine(
        world().monday + timedelta(days=60), time(9), timezone.get_default_timezone()
    )


def _hold(official: int) -> None:
    now = timezone.now()
    citizen = models.Citizen.objects.order_by("pk")[os.getpid() % 8]
    models.Occupancy.objects.filter(citizen=citizen).delete()
    models.Occupancy.objects.create(
        kind=models.Occupancy.Kind.HOLD,
        official_id=official,
        citizen=citizen,
        start=_free_start() + os.getpid() % 8 * SLOT,
        end=_free_start() + (os.getpid() % 8 + 1) * SLOT,
        created_at=now,
        expires_at=now + timedelta(minutes=15),
    )


def _release(official: int) -> None:
    models.Occupancy.objects.filter(kind=models.Occupancy.Kind.HOLD, official=official).delete()


def _absence(official: int) -> None:
    start = _free_start() + timedelta(days=1, minutes=os.getpid() % 600)
    absence = models.Absence(official_id=official, start=start, end=start + timedelta(seconds=30))
    now = timezone.now()
    remove_absence(save_absence(absence, now=now), now=now)


def _rule(official: int) -> None:
    for rule in models.ScheduleRule.objects.filter(official=official):
        rule.ends = time(18, 0, world().random.randrange(60))
        rule.save()


def _holiday(official: int) -> None:
    # A Sunday: nobody receives then anyway.
    models.Holiday.objects.update_or_create(
        date=world().monday + timedelta(days=6), defaults={"name": f"Свято {os.getpid()}"}
    )


def _pause(official: int) -> None:
    models.Official.objects.filter(pk=official).update(pause_minutes=0)


WRITES = (_hold, _release, _absence, _rule, _holiday, _pause)


def tasks() -> dict[str, Task]:
    """Give what can be asked, by name."""
    named: dict[str, Task] = {
        "plain page": plain_page,
        "nearest page": nearest_page,
        "kept page": kept_page,
    }
    for name in DAYS:
        named |= {name: free_times(name), f"bare {name}": bare(name)}
    return named | {"cold week": free_times("week", cold=True), "week page": week_page}
