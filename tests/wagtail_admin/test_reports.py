"""«Звіти»: the numbers are those of the agency and the period, and nobody else's; no citizen is named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception import models
from tests import factories
from tests.harness import html
from tests.harness.clock import NOW
from tests.steps.admin import MARKER, World, client_of, staff

State = models.Application.State
MAX_QUERIES = 40
NOVEMBER = {"first": "2026-11-01", "last": "2026-11-23"}


def address(**chosen: Any) -> str:
    return reverse("videoreception_reports:index", query=chosen)


def table(page: html.Page, key: str) -> dict[str, list[str]]:
    """The rows of a section: the cells by the heading of each."""
    rows = page.all(f"section[aria-labelledby=report-{key}] tbody tr")
    return {row.one("th").text: [cell.text for cell in row.all("td")] for row in rows}


def happened(official: Any, day: int, state: State, **extra: Any) -> models.Application:
    """A reception of this November, filed four days before and answered after one."""
    start = datetime(2026, 11, day, 8, tzinfo=UTC)
    values = {"submitted_at": start - timedelta(days=4), "decided_at": start - timedelta(days=3)}
    return factories.ApplicationFactory(
        official=official, start=start, state=state, **(values | extra)
    )


@pytest.fixture
def month(world: World) -> World:
    """Eight receptions and refusals of November beside those of the world."""
    official = world.official
    for day in (3, 4, 10):
        case = happened(official, day, State.COMPLETED)
        models.Rating.objects.create(application=case, stars=5 if day < 5 else 2, created_at=NOW)
    happened(official, 11, State.CITIZEN_ABSENT)
    happened(official, 12, State.AGENCY_ABSENT)
    happened(official, 13, State.CONFIRMED)
    listed = models.RefusalReason.objects.create(agency=world.agency, text="Це питання до суду")
    happened(official, 17, State.DECLINED, reason=f"{listed.text}\nІмення {MARKER}")
    happened(official, 18, State.DECLINED, reason=f"Власні слова про людину {MARKER}")
    return world


def test_report__counts_what_happened_in_the_period(month: World) -> None:
    page = html.Page(month.client("moderator").get(address(**NOVEMBER)))

    # The world has one more that took place the day before.
    outcomes = table(page, "outcomes")
    assert outcomes["відбулися"][0] == "4"
    assert outcomes["заявник не з’явився"][0] == "1"
    assert outcomes["не відбулися через установу"][0] == "1"
    assert outcomes["ще не позначено"][0] == "1"
    assert table(page, "refusals") == {
        "Це питання до суду": ["1"],
        "інша причина, своїми словами": ["1"],
    }
    assert table(page, "ratings")["5 з 5"] == ["2"]
    load = table(page, "load")
    assert load[month.official.full_name][0] == "7"
    assert "4,0 з 5" in page.text
    assert "Від заявки до рішення 1,0 дня" in page.text


def test_report__tells_how_much_of_the_offered_time_is_taken(month: World) -> None:
    models.Application.objects.filter(pk=month.held.pk).delete()
    month.exception.delete()
    models.Holiday.objects.create(date=datetime(2026, 11, 9, tzinfo=UTC).date(), name="Свято")
    page = html.Page(month.client("moderator").get(address(first="2026-11-09", last="2026-11-13")))
    # Half an hour each on four of the days; the holiday is not offered.
    row = table(page, "load")[month.official.full_name]
    rule = month.rule
    offered = 4 * (rule.ends.hour - rule.starts.hour)
    assert row[:3] == ["4", "2,0", f"{offered},0"]
    assert row[3] == f"{200 / offered:.1f}".replace(".", ",")


def test_report__names_no_citizen_and_no_words_of_a_refusal(month: World) -> None:
    source = month.client("moderator").get(address(**NOVEMBER)).content.decode()
    for personal in (f"Мельник{MARKER}", f"Імення {MARKER}", f"Власні слова про людину {MARKER}"):
        assert personal not in source


def test_report__is_of_the_own_agency_alone(month: World) -> None:
    client = month.client("foreigner")
    page = html.Page(client.get(address(**NOVEMBER)))
    assert table(page, "outcomes")["відбулися"] == ["0", "—"]
    for name, key in (
        ("agency", month.agency.pk),
        ("unit", month.unit.pk),
        ("official", month.official.pk),
        ("agency", "all"),
        ("agency", "x"),
        ("unit", "9" * 30),
    ):
        assert client.get(address(**NOVEMBER, **{name: key})).status_code == 404
    assert client_of(staff("stranger")).get(address()).status_code == 302


def test_report__is_narrowed_to_an_official(month: World) -> None:
    client = month.client("moderator")
    page = html.Page(client.get(address(**NOVEMBER, official=month.idle_official.pk)))
    assert table(page, "outcomes")["відбулися"] == ["0", "—"]
    page = html.Page(client.get(address(**NOVEMBER, unit=month.unit.pk)))
    assert table(page, "outcomes")["відбулися"][0] == "4"


def test_who_moderates_several__sees_them_together_and_apart(month: World) -> None:
    second = month.foreign.official
    happened(second, 5, State.COMPLETED)
    models.AgencyModerator.objects.create(agency=second.agency, user=month.moderator)
    client = month.client("moderator")
    page = html.Page(client.get(address(**NOVEMBER, agency="all")))
    assert table(page, "outcomes")["відбулися"][0] == "5"
    load = table(page, "load")
    assert load[month.agency.name][0] == "7"
    assert load[second.agency.name][0] == "1"
    assert client.get(address(agency="all", official=second.pk)).status_code == 404
    # A superuser sees every agency, one at a time.
    assert month.client("superuser").get(address(agency="all")).status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2016-11-23", "2026-11-23", "щонайбільше 366 днів"),
        ("2026-11-23", "2026-11-01", "раніше за перший"),
        ("2026-11-01", "2036-11-23", "щонайбільше 366 днів"),
        ("2026-11-01", "2026-12-23", "ще не настав"),
        ("x", "2026-11-01", ""),
        ("0001-01-01", "9999-12-31", "не було"),
        ("2026-11-01", "99999-12-31", ""),
    ],
)
def test_a_period_that_cannot_be_reported__is_refused_in_words(
    world: World, first: str, last: str, words: str
) -> None:
    with CaptureQueriesContext(connection) as counted:
        response = world.client("moderator").get(address(first=first, last=last))
    assert response.status_code == 422
    assert words in html.Page(response).text
    assert not any("diia_videoreception_rating" in one["sql"] for one in counted)


def test_a_report__takes_a_bounded_number_of_statements(month: World) -> None:
    client = month.client("moderator")
    client.get(address())
    for more in range(2):
        for day in range(19 + more, 22):
            happened(factories.OfficialFactory(unit=month.unit), day, State.COMPLETED)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address(**NOVEMBER)).status_code == 200
        assert len(counted) <= MAX_QUERIES, [one["sql"][:120] for one in counted]


def test_quick_periods__lead_to_reports(world: World) -> None:
    client = world.client("moderator")
    page = html.Page(client.get(address()))
    links = [str(one.tree["href"]) for one in page.all(".vr-report__ready a")]
    assert len(links) == 5
    for link in links:
        assert client.get(link).status_code == 200
