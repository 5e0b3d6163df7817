"""Which reminder is due, and when none is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from diia_videoreception.rules.reminders import Lead, due_reminder
from tests.harness.clock import NOW, START

BOTH = frozenset(Lead)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def due(before: timedelta, *, told_at: datetime = NOW, wanted: frozenset[Lead] = BOTH) -> str:
    return due_reminder(START, told_at=told_at, wanted=wanted, now=START - before) or ""


@pytest.mark.parametrize(
    ("before", "lead"),
    [
        (24 * HOUR + MINUTE, ""),
        (24 * HOUR, "day"),
        (3 * HOUR, "day"),
        (HOUR + MINUTE, "day"),
        (HOUR, "hour"),
        (MINUTE, "hour"),
        (0 * HOUR, ""),
        (-MINUTE, ""),
    ],
)
def test_reminder__is_the_nearest_of_those_that_are_due(before: timedelta, lead: str) -> None:
    assert due(before) == lead


@pytest.mark.parametrize(
    ("told", "before", "lead"),
    [
        (25 * HOUR, 24 * HOUR, "day"),
        (24 * HOUR, 23 * HOUR, ""),
        (5 * HOUR, 4 * HOUR, ""),
        (5 * HOUR, HOUR, "hour"),
        (HOUR, 30 * MINUTE, ""),
    ],
)
def test_a_time_just_told__is_not_reminded_of(
    told: timedelta, before: timedelta, lead: str
) -> None:
    assert due(before, told_at=START - told) == lead


def test_what_is_not_wanted__is_never_due() -> None:
    day = frozenset({Lead.DAY})
    assert due(30 * MINUTE, wanted=day) == "day", "late, and better than nothing"
    assert due(30 * MINUTE, wanted=frozenset()) == ""
    assert due(2 * HOUR, wanted=frozenset({Lead.HOUR})) == ""


@pytest.mark.parametrize("day", [datetime(2027, 3, 28), datetime(2027, 10, 31)])
def test_a_clock_change__moves_no_reminder(day: datetime) -> None:
    """Noon of a day whose night was an hour shorter or longer: 24 hours before is not noon."""
    noon = day.replace(hour=12, tzinfo=ZoneInfo("Europe/Kyiv"))
    start = noon.astimezone(UTC)
    before = start - 24 * HOUR
    assert before.astimezone(noon.tzinfo).hour != 12
    told = start - 48 * HOUR
    assert due_reminder(start, told_at=told, wanted=BOTH, now=before) is Lead.DAY
    assert due_reminder(start, told_at=told, wanted=BOTH, now=before - MINUTE) is None
