"""«Календар»: everything that takes a time is there, told in words; nobody sees other people's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from diia_videoreception.models import Absence, Agency, Occupancy, Official
from diia_videoreception.services.booking.absences import save_absence
from tests import factories
from tests.harness import html
from tests.harness.clock import NOW, START
from tests.steps.admin import MARKER, World, client_of, staff
from tests.steps.proposals import propose
from tests.steps.waiting import fill, serve, wait

pytestmark = pytest.mark.any_database

VIEWS = ("index", "day", "month", "print")
TUESDAY = "2026-12-01"
MAX_QUERIES = 15 + 1
"""The second factor is asked for besides."""


def address(view: str = "index", **chosen: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    return reverse(f"videoreception_agenda:{view}") + (f"?{query}" if query else "")


def text(client: Any, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200, where
    return html.Page(response).text


def test_an_offer_to_who_waits__is_told_apart_and_names_nobody(world: World) -> None:
    full = fill(world.idle_official)
    wait(full, factories.signed_in(factories.CitizenFactory(last_name="Черговий")))
    full.first.occupancies.all().delete()
    serve()
    client = world.client("moderator")
    page = client.get(address(day=TUESDAY))
    assert page.content.decode().count("vr-event--queue") >= 2
    assert "Чекаємо відповіді до" in html.Page(page).text
    assert "Черговий" not in html.Page(page).text
    wait(full)
    official = reverse("videoreception_officials:inspect", args=[full.official.pk])
    assert "Чекають на вільний час: 2" in text(client, official)


def test_week__tells_apart_what_takes_a_time(world: World) -> None:
    proposed = propose(world.submitted, world.moderator, START + timedelta(days=1))
    Occupancy.objects.create(
        kind="hold",
        official=world.official,
        citizen=factories.CitizenFactory(last_name="Резервний"),
        start=START + timedelta(hours=1),
        end=START + timedelta(hours=1, minutes=30),
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )
    away = Absence(
        official=world.official,
        start=datetime(2026, 12, 3, tzinfo=UTC) - timedelta(hours=2),
        end=datetime(2026, 12, 4, tzinfo=UTC) - timedelta(hours=2),
        reason="лікарняний",
    )
    save_absence(away, now=NOW)

    response = world.client("moderator").get(address(day=TUESDAY))
    page, source = html.Page(response), response.content.decode()

    for kind in ("wanted", "set", "hold", "offer", "away", "free"):
        assert source.count(f"vr-event--{kind}") >= 2, "one in the legend, one in the table"
    assert "МельникОЗНАКА І. В. Подано" in page.text.replace("\u00a0", " ")
    assert "11:30 Резерв: заявку заповнюють до 10:15" in page.text
    assert "Резервний" not in page.text
    assert "Чекаємо відповіді до" in page.text
    assert "увесь день Лікарняний" in page.text
    assert "перший о 9:00" in page.text
    case = reverse("videoreception_applications:inspect", args=[world.submitted.public_id])
    assert page.leads_to(case)
    assert proposed.deadline > NOW


def test_day__lists_times_in_order_and_prints_with_room_for_notes(world: World) -> None:
    client = world.client("moderator")
    for view in ("day", "print"):
        page = text(client, address(view, day=TUESDAY))
        assert f"Мельник{MARKER}" in page
        assert f"Питання {MARKER}" in page
    assert "9:30, 10:00" in text(client, address("day", day=TUESDAY))
    assert "відрядження" in text(client, address("day", day="2026-12-08"))
    assert "прийомів немає" in text(client, address("day", day="2026-12-05"))


def test_month__counts_and_names_nobody(world: World) -> None:
    page = text(world.client("moderator"), address("month", day=TUESDAY))

    assert "Грудень 2026 року" in page
    assert "1 грудня 1 чекає рішення 7 вільних" in page
    assert "2 грудня 1 прийом 7 вільних" in page
    assert "1 відсутність" in page
    assert f"Мельник{MARKER}" not in page


def test_whole_agency_is_taken__is_said(world: World) -> None:
    Official.objects.filter(pk=world.official.pk).update(slot_minutes=240)
    page = text(world.client("moderator"), address("month", day=TUESDAY))
    assert "1 грудня 1 чекає рішення усе зайнято" in page
    assert "усе зайнято" in text(world.client("moderator"), address(day=TUESDAY))


def test_hours_that_are_over__are_not_called_taken(world: World, time_machine: Any) -> None:
    time_machine.move_to(NOW + timedelta(hours=9), tick=False)
    page = text(world.client("moderator"), address())
    assert "години прийому минули" in page
    assert "усе зайнято" not in page
    assert "23 листопада 0 прийомів" in text(world.client("moderator"), address("month"))


@pytest.mark.parametrize("view", VIEWS)
def test_an_official__sees_the_own_appointed_receptions_only(world: World, view: str) -> None:
    other = factories.OfficialFactory(unit=world.unit, last_name="Сторонній")
    factories.ScheduleRuleFactory(official=other)
    factories.ApplicationFactory(
        official=other,
        start=START,
        state="confirmed",
        decided_at=NOW,
        citizen=factories.CitizenFactory(last_name="Чужий"),
    )
    client = world.client("receiver")
    waiting = text(client, address(view, day=TUESDAY))
    assert "Чужий" not in waiting
    assert "Сторонній" not in waiting
    # What nobody has decided yet takes the time, but is not the official's to know.
    assert f"Мельник{MARKER}" not in waiting
    appointed = client.get(address(view, day="2026-12-02")).content.decode()
    if view != "month":
        assert "Мельник" in appointed
        assert "videoreception/official/" in appointed or view == "print"
    assert client.get(address(view, official=other.pk)).status_code == 404
    assert client.get(address(view, unit=world.unit.pk)).status_code == 404


@pytest.mark.parametrize("view", VIEWS)
def test_others_agencies_units_and_officials__are_not_found(world: World, view: str) -> None:
    client = world.client("foreigner")
    foreign = {"agency": world.agency.pk, "unit": world.unit.pk, "official": world.official.pk}
    for name, key in foreign.items():
        assert client.get(address(view, **{name: key})).status_code == 404
        for odd in ("x", "-1", "9" * 30, "²"):
            assert client.get(address(view, **{name: odd})).status_code == 404
    assert client_of(staff("stranger")).get(address(view)).status_code == 302
    assert world.client("moderator").post(address(view)).status_code == 405


def test_a_substitute__has_no_calendar_of_the_official(world: World) -> None:
    client = client_of(world.substitute.user)
    for view in VIEWS:
        answer = client.get(address(view, official=world.official.pk))
        assert answer.status_code in {302, 403, 404}
    assert reverse("videoreception_agenda:index") not in client.get("/admin/").content.decode()


def test_filters__narrow_to_a_unit_with_its_parts_and_to_an_official(world: World) -> None:
    part = factories.UnitFactory(agency=world.agency, parent=world.unit, name="Сектор")
    inner = factories.OfficialFactory(unit=part, last_name="Внутрішня")
    other = factories.UnitFactory(agency=world.agency, name="Інший")
    outer = factories.OfficialFactory(unit=other, last_name="Зовнішня")
    client = world.client("moderator")

    def rows(**chosen: Any) -> str:
        return html.Page(client.get(address(**chosen))).one("table[role=table] tbody").text

    assert "Внутрішня" in rows(unit=world.unit.pk)
    assert "Зовнішня" not in rows(unit=world.unit.pk)
    assert "Зовнішня" in rows(unit=other.pk)
    assert "Внутрішня" not in rows(official=outer.pk)
    assert client.get(address(unit=other.pk, official=inner.pk)).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "x", "2027-03-28"])
def test_odd_days__show_some_day(world: World, day: str) -> None:
    for view in VIEWS:
        assert world.client("moderator").get(address(view, day=day)).status_code == 200


def test_zone_of_the_agency__is_named_and_kept(world: World) -> None:
    Agency.objects.filter(pk=world.agency.pk).update(time_zone="America/New_York")
    page = text(world.client("moderator"), address("day", day=TUESDAY))
    assert "America/New_York" in page
    assert "2:00" in page


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("who", ["moderator", "receiver", "superuser"])
def test_calendar_of_many_officials__takes_few_queries(
    world: World, view: str, who: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        official = factories.OfficialFactory(unit=world.unit, user=world.receiver)
        factories.ScheduleRuleFactory(official=official)
        factories.ApplicationFactory(official=official, start=START + timedelta(days=number % 3))
    client = world.client(who)
    client.get(address(view))
    with django_assert_max_num_queries(MAX_QUERIES):
        assert client.get(address(view, day=TUESDAY)).status_code == 200


def test_home_page_and_menu__lead_to_the_calendar(world: World) -> None:
    where = reverse("videoreception_agenda:index")
    assert world.client("moderator").get("/admin/").content.decode().count(where) >= 2
    assert where in world.client("receiver").get("/admin/").content.decode()
