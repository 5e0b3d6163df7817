"""Weeks and parts of the day on the screen of free times (A-28)."""

from datetime import date, time

import pytest

from diia_videoreception.rules.times import PartOfDay, part_of_day, week_of


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2026, 12, 31), date(2027, 1, 3)])
def test_week_of__runs_from_monday_to_sunday_over_the_new_year(day: date) -> None:
    assert week_of(day) == (date(2026, 12, 28), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("moment", "part"),
    [
        (time(0), PartOfDay.MORNING),
        (time(11, 59, 59), PartOfDay.MORNING),
        (time(12), PartOfDay.AFTERNOON),
        (time(18), PartOfDay.AFTERNOON),
    ],
)
def test_part_of_day__noon_begins_the_afternoon(moment: time, part: PartOfDay) -> None:
    assert part_of_day(moment) == part
