"""A wall clock is the agency's and says so, wherever the reader is and whatever zone is active."""

import inspect
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.utils import timezone

from diia_videoreception import wording
from diia_videoreception.rules.times import NoSuchTimeError, from_wall_clock

KYIV = ZoneInfo("Europe/Kyiv")
MOMENT = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("write", "kyiv", "lisbon"),
    [
        (wording.clock, "10:30", "8:30 (часовий пояс Europe/Lisbon)"),
        (wording.wall_clock, "10:30", "8:30"),
        (
            wording.clock_and_zone,
            "10:30 за київським часом",
            "8:30 (часовий пояс Europe/Lisbon)",
        ),
        (
            wording.short_moment,
            "01.12.2026, 10:30",
            "01.12.2026, 8:30 (часовий пояс Europe/Lisbon)",
        ),
        (
            wording.day_and_clock,
            "вівторок, 1 грудня, 10:30",
            "вівторок, 1 грудня, 8:30 (часовий пояс Europe/Lisbon)",
        ),
        (
            wording.long_moment,
            "вівторок, 1 грудня 2026 року, 10:30",
            "вівторок, 1 грудня 2026 року, 8:30 (часовий пояс Europe/Lisbon)",
        ),
    ],
)
def test_wording__names_a_zone_that_is_not_the_portals(
    write: object, kyiv: str, lisbon: str
) -> None:
    assert callable(write)
    with timezone.override("Asia/Tokyo"):
        assert write(MOMENT) == kyiv
        assert write(MOMENT, "Europe/Kyiv") == kyiv
        assert write(MOMENT, "Europe/Lisbon") == lisbon


OWN_MODELS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith(("diia_videoreception", "device_check", "cms_pages"))
]


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model.__name__)
def test_name_of_a_row__holds_no_clock_time(model: type) -> None:
    assert "%H" not in inspect.getsource(model.__str__)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2026-12-10T09:00", "2026-12-10T07:00", "2026-12-10T07:00"),
        ("2026-10-25T03:30", "2026-10-25T00:30", "2026-10-25T01:30"),
        ("2027-03-28T04:00", "2027-03-28T01:00", "2027-03-28T01:00"),
    ],
)
def test_from_wall_clock__takes_the_hours_of_the_zone(typed: str, start: str, end: str) -> None:
    local = datetime.fromisoformat(typed)

    read = [from_wall_clock(local, KYIV, is_end=is_end).astimezone(UTC) for is_end in (False, True)]

    assert [f"{moment:%Y-%m-%dT%H:%M}" for moment in read] == [start, end]


def test_from_wall_clock__tells_the_next_hour_after_one_that_is_skipped() -> None:
    with pytest.raises(NoSuchTimeError) as refused:
        from_wall_clock(datetime(2027, 3, 28, 3, 30), KYIV)

    assert refused.value.next_time == datetime(2027, 3, 28, 4, 0)


@pytest.mark.parametrize("zone", ["", "Europe/Kyiv", "America/St_Johns"])
def test_very_many_moments__are_said_as_each_alone(zone: str) -> None:
    begin = datetime(2026, 10, 24, 20, 5, tzinfo=UTC)
    moments = [begin + number * timedelta(minutes=25) for number in range(120)]

    quick = list(wording.clocks_and_long_moments(moments, zone))

    assert quick == [
        (wording.wall_clock(moment, zone), wording.long_moment(moment, zone)) for moment in moments
    ]
    assert len(set(quick)) > 110
