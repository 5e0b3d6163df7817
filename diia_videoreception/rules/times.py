"""Small questions of the calendar that screens ask (A-28)."""

from datetime import date, time, timedelta
from enum import StrEnum

NOON = time(12)

DECISION_DUE = timedelta(hours=24)
"""How long before its start an application is to be decided; after that the agency is alarmed."""


class PartOfDay(StrEnum):
    """The groups in which the times of a day are shown."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday of the week of `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def part_of_day(local_time: time) -> PartOfDay:
    """The group of a local time; noon begins the afternoon."""
    return PartOfDay.MORNING if local_time.replace(tzinfo=None) < NOON else PartOfDay.AFTERNOON
