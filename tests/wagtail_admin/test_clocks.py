"""Staff see and type the clock of the agency, whatever zone their own account has."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from diia_videoreception.models import Absence
from diia_videoreception.services.booking.absences import save_absence
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World

pytestmark = pytest.mark.any_database

# Absence and application of the world: 8 December 9:00–11:00 and 1 December 9:00 in Kyiv.
TOKYO = re.compile(r"\b1[68]:00")
UTC_CLOCK = re.compile(r"08\.12\.2026,? 0?7:00|01\.12\.2026,? 0?7:00")


@pytest.fixture(params=["", "Asia/Tokyo", "UTC"])
def moderator(world: World, request: Any) -> Client:
    """Somebody whose account in Wagtail has this zone."""
    profile = UserProfile.get_for_user(world.moderator)
    profile.current_time_zone = request.param
    profile.save()
    return world.client("moderator")


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return Page(response).text


def pages_of(world: World) -> list[str]:
    one = [world.absence.pk]
    return [
        "/admin/",
        reverse("videoreception_absences:index"),
        reverse("videoreception_absences:edit", args=one),
        reverse("videoreception_absences:delete", args=one),
        reverse("videoreception_absences:history", args=one),
        reverse("videoreception_officials:inspect", args=[world.official.pk]),
        reverse("videoreception_applications:index"),
        reverse("videoreception_applications:inspect", args=[world.submitted.public_id]),
        reverse("videoreception_applications:history", args=[world.submitted.public_id]),
        reverse("videoreception_applications:other_time", args=[world.submitted.public_id]),
        reverse("videoreception_applications:decline", args=[world.submitted.public_id]),
    ]


def test_no_screen__shows_a_clock_that_is_not_the_agencys(world: World, moderator: Client) -> None:
    for address in pages_of(world):
        page = text_of(moderator.get(address))
        assert not UTC_CLOCK.search(page), address
        assert not TOKYO.search(page.replace("16:00–18:00", "")), address


def test_absence__says_whose_clock_where_it_is_deleted(world: World, moderator: Client) -> None:
    page = text_of(
        moderator.get(reverse("videoreception_absences:delete", args=[world.absence.pk]))
    )

    assert "від 08.12.2026, 9:00 за київським часом до 08.12.2026, 11:00 за київським часом" in page


def test_history__says_whose_clock(world: World, moderator: Client) -> None:
    page = text_of(
        moderator.get(reverse("videoreception_absences:history", args=[world.absence.pk]))
    )

    assert "23.11.2026, 10:00 за київським часом" in page


def test_absence__is_typed_by_the_clock_of_the_agency(world: World, moderator: Client) -> None:
    edit = reverse("videoreception_absences:edit", args=[world.absence.pk])
    page = Page(moderator.get(edit))
    assert page.field("start").value[:16] == "2026-12-08 09:00"
    assert page.field("end").value[:16] == "2026-12-08 11:00"

    moderator.post(
        edit,
        {"official": world.official.pk, "reason": "", "start": "2026-12-10 9:00"}
        | {"end": "2026-12-10 12:00"},
    )

    absence = Absence.objects.get(pk=world.absence.pk)
    assert absence.start == datetime(2026, 12, 10, 7, tzinfo=UTC)
    assert absence.end == datetime(2026, 12, 10, 10, tzinfo=UTC)


def test_absence__over_a_repeated_hour_covers_both(world: World, moderator: Client) -> None:
    answer = moderator.post(
        reverse("videoreception_absences:add"),
        {
            "official": world.official.pk,
            "reason": "",
            "start": "2027-10-31 03:30",
            "end": "2027-10-31 03:45",
        },
    )

    assert answer.status_code == 302
    absence = Absence.objects.latest("pk")
    assert absence.start == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert absence.end == datetime(2027, 10, 31, 1, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2027-03-28 03:30", "Такої години немає: тоді годинник переводять уперед на 04:00."),
        ("2027-03-28T03:30+02:00", "Вкажіть дату й час так: 2026-12-10 09:00."),
        ("зранку", "Вкажіть дату й час так: 2026-12-10 09:00."),
        ("", "обов"),
    ],
)
def test_absence__explains_an_hour_that_there_is_not(
    world: World, moderator: Client, start: str, expected: str
) -> None:
    page = text_of(
        moderator.post(
            reverse("videoreception_absences:add"),
            {
                "official": world.official.pk,
                "reason": "",
                "start": start,
                "end": "2027-03-28 12:00",
            },
        )
    )

    assert expected in page
    assert "interpreted" not in page


@pytest.mark.parametrize(
    ("day", "found"), [("2026-12-01", True), ("2026-11-30", False), ("2026-12-02", False)]
)
def test_dates_of_the_list__are_those_of_the_agency(
    world: World, moderator: Client, day: str, found: bool
) -> None:
    world.submitted.start = datetime(2026, 11, 30, 22, 15, tzinfo=UTC)
    world.submitted.save()
    answer = moderator.get(
        reverse("videoreception_applications:index_results"), {"start_from": day, "start_to": day}
    )

    assert (world.submitted.number in text_of(answer)) == found


def test_name_of_an_absence__has_the_dates_of_the_agency(world: World) -> None:
    late = save_absence(
        Absence(
            official=world.idle_official,
            start=datetime(2026, 12, 9, 22, 30, tzinfo=UTC),
            end=datetime(2026, 12, 10, 21, tzinfo=UTC),
        ),
        now=NOW,
    )

    assert str(late).endswith(": 10.12.2026 – 10.12.2026")
