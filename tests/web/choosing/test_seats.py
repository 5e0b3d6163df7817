"""Coming to a centre and speaking from there: the seat is chosen with the time, on pages (B-63)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import CentreWorkplace, Citizen, Occupancy, Official
from tests.factories import ApplicationFactory, OfficialFactory
from tests.harness.html import Page
from tests.steps.centres import centre, video_seat

CHOOSE = "/videoreception/choose/"
SEATS = "/videoreception/choose/seat/"
TIME, OTHER = "2026-12-01T08:30Z", "2026-12-01T09:00Z"

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(clock: datetime) -> CentreWorkplace:
    return video_seat(centre(name="ЦНАП міста Яворівка"), has_sign_language=True)


def chosen(official: Official, seat: CentreWorkplace) -> dict[str, Any]:
    return {"official": official.pk, "seat": seat.public_id}


def test_without_seats__nothing_is_promised(client: Client, official: Official) -> None:
    assert "ЦНАП" not in client.get(CHOOSE, {"official": official.pk}).text


def test_a_seat__is_found_by_its_place_and_leads_back_to_the_times(
    client: Client, official: Official, seat: CentreWorkplace
) -> None:
    page = Page(client.get(CHOOSE, {"official": official.pk}))
    assert "Прийти до ЦНАП і поговорити звідти" in page.text
    listed = client.get(SEATS, {"official": official.pk, "near": "явор"})
    assert "вул. Садова, 1" in listed.text
    assert "Допомога жестовою мовою" in listed.text
    assert f"seat={seat.public_id}" in listed.text
    assert "не знайдено" in client.get(SEATS, {"official": official.pk, "near": "Львів"}).text
    assert client.get(SEATS).status_code == 303, "a seat goes with an official"


def test_a_seat_that_is_paused_suspended_or_has_no_hours__is_not_offered(
    client: Client, official: Official, seat: CentreWorkplace
) -> None:
    CentreWorkplace.objects.update(state="paused")
    assert "Яворівка" not in client.get(SEATS, {"official": official.pk}).text
    page = client.get(CHOOSE, chosen(official, seat)).text
    assert "Це місце в центрі зараз не можна вибрати." in page
    CentreWorkplace.objects.update(state="working")
    seat.hours.all().delete()
    assert "Яворівка" not in client.get(SEATS, {"official": official.pk}).text


def test_free__is_a_time_when_official_and_seat_are(
    client: Client, official: Official, seat: CentreWorkplace
) -> None:
    """At 10:30 somebody else sits there, and the seat closes at 11:30."""
    other = ApplicationFactory(
        official=OfficialFactory(), start=datetime.fromisoformat(TIME), seat=seat
    )
    other.occupancies.update(seat=seat)
    seat.hours.update(closes="11:30")

    def free(**more: Any) -> list[str]:
        page = Page(client.get(CHOOSE, {"official": official.pk, "week": "2026-12-01"} | more))
        fields = page.all("input[name=time]:not([disabled])")
        return [str(one.attribute("value")) for one in fields]

    without, there = free(), free(seat=seat.public_id)
    assert TIME in without
    assert TIME not in there
    assert OTHER in there
    assert "2026-12-01T09:30Z" in without
    assert "2026-12-01T09:30Z" not in there


def test_both__are_held_shown_and_filed(
    client: Client,
    citizen: Citizen,
    official: Official,
    seat: CentreWorkplace,
    reserve: Callable[..., Any],
) -> None:
    reserve(TIME, seat=seat.public_id)

    hold = Occupancy.objects.get(kind="hold")
    assert (hold.official, hold.seat) == (official, seat)
    written = client.get("/videoreception/application/").text
    assert "Куди прийти" in written
    assert "ЦНАП міста Яворівка" in written


def test_a_taken_seat__is_refused_with_nothing_held(
    citizen: Citizen, official: Official, seat: CentreWorkplace, reserve: Callable[..., Any]
) -> None:
    other = ApplicationFactory(
        official=OfficialFactory(), start=datetime.fromisoformat(TIME), seat=seat
    )
    other.occupancies.update(seat=seat)

    shown = reserve(TIME, seat=seat.public_id)

    assert "Цей час щойно" in str(Page(shown).errors())
    assert not Occupancy.objects.filter(kind="hold").exists()


def test_a_hold__moves_to_a_seat_and_away_from_it_at_the_same_time(
    citizen: Citizen, seat: CentreWorkplace, reserve: Callable[..., Any]
) -> None:
    reserve(TIME)
    for wanted in (seat, None):
        held = Occupancy.objects.get(kind="hold")
        shown = {"held_official": held.official_id, "held_start": held.start.isoformat()}
        reserve(TIME, **(shown | ({"seat": wanted.public_id} if wanted else {})))
        assert Occupancy.objects.get(kind="hold").seat == wanted


def test_the_times_at_a_seat__cost_two_statements_more(
    client: Client,
    official: Official,
    seat: CentreWorkplace,
    django_assert_num_queries: Any,
) -> None:
    """The seat, and what is free there."""
    with django_assert_num_queries(7):
        client.get(CHOOSE, chosen(official, seat) | {"week": "2026-12-01"})
