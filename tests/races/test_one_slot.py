"""Many citizens, one time: exactly one gets it, on every database (A-33, A-35)."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.db import connection

from diia_videoreception.models import HoldUse, Occupancy, Official
from diia_videoreception.selectors.booking.availability import scheduled_slots
from tests.races.rivals import Rival, hold_all, make_rivals

ROUNDS = 10
PROCESSES = 4
RAISED = {
    **portal_settings.DIIA_VIDEORECEPTION,
    "HOLDS_PER_DAY": 1000,
    "THROTTLE": {"hold": "100000/min", "api_write": "100000/min"},
}


@pytest.fixture
def starts(official: Official) -> Iterator[datetime]:
    """Times of the coming days that a citizen may book now."""
    today = datetime.now(UTC).date()
    slots = scheduled_slots(
        official, first=today + timedelta(days=5), last=today + timedelta(days=25)
    )
    return iter([slot.start for slot in slots])


@pytest.fixture
def rivals(official: Official) -> list[Rival]:
    return make_rivals(50 if connection.vendor == "postgresql" else 20)


def test_one_of_many_gets_the_time__ten_times_in_a_row(
    start_servers: Callable[..., Any],
    official: Official,
    rivals: list[Rival],
    starts: Iterator[datetime],
) -> None:
    servers = start_servers(PROCESSES, changed={"DIIA_VIDEORECEPTION": RAISED})
    served_by: set[str] = set()
    for _ in range(ROUNDS):
        start = next(starts)

        outcomes = hold_all(servers.url, rivals, official, start)

        codes = Counter((outcome.status, outcome.code) for outcome in outcomes)
        assert codes == {(201, ""): 1, (409, "slot_taken"): len(rivals) - 1}, (
            servers.log.read_text()
        )
        served_by |= {outcome.served_by for outcome in outcomes}
        assert [row.start for row in Occupancy.objects.all()] == [start]
        Occupancy.objects.all().delete()
        HoldUse.objects.all().delete()
    # The kernel chooses for each connection, so that one round may leave a process out.
    assert len(served_by) == PROCESSES


def test_without_the_guards__several_get_it(
    start_servers: Callable[..., Any],
    official: Official,
    rivals: list[Rival],
    starts: Iterator[datetime],
) -> None:
    """Shows that the race above is one: it is lost when lock, check and constraint are away."""
    if connection.vendor == "postgresql":
        _drop_constraint()
    servers = start_servers(
        PROCESSES,
        changed={"DIIA_VIDEORECEPTION": RAISED},
        patches=["tests.races.rivals.remove_guards"],
    )
    taken = 0
    try:
        # Nothing forces them to meet: what is lost now and then is lost.
        while taken <= 1 and (start := next(starts, None)):
            outcomes = hold_all(servers.url, rivals, official, start)
            taken = sum(outcome.status == 201 for outcome in outcomes)
            Occupancy.objects.all().delete()
            HoldUse.objects.all().delete()
    finally:
        Occupancy.objects.all().delete()
        if connection.vendor == "postgresql":
            _restore_constraint()
    assert taken > 1


def _drop_constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE diia_videoreception_occupancy DROP CONSTRAINT occupancy_no_overlap"
        )


def _restore_constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE diia_videoreception_occupancy ADD CONSTRAINT occupancy_no_overlap "
            'EXCLUDE USING gist (tstzrange("start", "end") WITH &&, official_id WITH =)'
        )
