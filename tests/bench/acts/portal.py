"""The portal as it is served in production, over the database of the bench, with one official in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import connection

from diia_videoreception import models
from diia_videoreception.conf import RATES
from diia_videoreception.selectors.booking.availability import scheduled_slots
from tests.factories import ScheduleRuleFactory
from tests.harness.http import Servers, servers

PROCESSES, THREADS = 4, 8


def settings_of_servers(*, pooled: bool = False) -> dict[str, object]:
    """Warm connections, a cache outside the database, and no limit that a bench would meet.

    Args:
        pooled: Whether connections are lent by a pool, as docs/install.md has it under ASGI; else each thread
            keeps its own.
    """
    kept: dict[str, object] = (
        {"OPTIONS": {"pool": {"min_size": 2, "max_size": THREADS}}}
        if pooled
        else {"CONN_MAX_AGE": 60}
    )
    database = {
        name: connection.settings_dict[name] for name in ("ENGINE", "NAME", "USER", "HOST", "PORT")
    }
    return {
        "DATABASES": {"default": database | kept},
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "DIIA_VIDEORECEPTION": {
            **settings.DIIA_VIDEORECEPTION,
            "HOLDS_PER_DAY": 100_000,
            "THROTTLE": dict.fromkeys(RATES, "1000000/min"),
        },
    }


@contextmanager
def served() -> Iterator[Servers]:
    """Serve the portal by four processes of eight threads until the end of the block."""
    with servers(PROCESSES, changed=settings_of_servers(), threads=THREADS) as started:
        yield started


def official_with_times(count: int) -> tuple[models.Official, list[datetime]]:
    """Make an official, and give so many times in the coming days that can be booked."""
    official = ScheduleRuleFactory(
        recurrence="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", starts=time(6), ends=time(23, 30)
    ).official
    official.slot_minutes, official.horizon_days = 10, 180
    official.save()
    today = datetime.now(UTC).date()
    slots = scheduled_slots(
        official, first=today + timedelta(days=5), last=today + timedelta(days=30)
    )
    return official, [slot.start for slot in slots][:count]


def forget() -> None:
    """Take back what holds have left, but the people."""
    tables = (
        models.Occupancy,
        models.HoldUse,
        models.SpentProof,
        models.IdempotentAnswer,
    )
    names = ", ".join(model._meta.db_table for model in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")
