"""The statistics of a centre: what is counted, what is hidden, periods, and the table to take away."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.rules.centre_figures import month_of
from diia_videoreception.selectors.centres.figures import figures
from tests.factories import CitizenFactory, ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import CentreWorld
from tests.steps.figures import applied, ended_visits, rated

pytestmark = pytest.mark.any_database
MONTH = month_of(NOW.date())


@pytest.fixture
def head(world: CentreWorld) -> Client:
    return world.proven_client("head")


def page_of(client: Client, world: CentreWorld, **asked: str) -> Page:
    address = reverse("diia_videoreception:centre_statistics", args=[world.centre.public_id])
    return Page(client.get(address, asked))


def row_of(page: Page, table: str, label: str) -> list[str]:
    found = [
        row for row in page.all(f"section[aria-labelledby={table}] tbody tr") if label in row.text
    ]
    return [cell.text for cell in found[0].all("td")]


def test_the_head__sees_counts_shares_and_lengths(head: Client, world: CentreWorld) -> None:
    ended_visits(world.member, 6, minutes=10)
    ended_visits(world.member, 14, mode="on_behalf", minutes=31, reason="no_eid", outcome="sent")
    ended_visits(world.member, 7, started_at=NOW - timedelta(days=45))
    rated(world.centre, 5, 5, 4, 4, 5)
    page = page_of(head, world)
    assert row_of(page, "modes", "Від імені людини") == ["14", "70 %"]
    assert row_of(page, "modes", "Допомога поруч") == ["6", "30 %"]
    assert row_of(page, "outcomes", "подала заявку") == ["14", "70 %"]
    assert row_of(page, "reasons", "електронного підпису") == ["14", "100 %"]
    numbers = [one.text for one in page.all(".vr-stat")]
    assert numbers[:3] == ["20", "31 хв", "4,6 з 5"]
    assert page.all("section[aria-labelledby=modes] svg.vr-share rect")[1].tree["width"] == "0"


def test_what_is_none_of_the_centres_visits__is_not_counted(
    head: Client, world: CentreWorld
) -> None:
    ended_visits(models.CentreMember.objects.get(user=world.foreign_head), 9)
    ended_visits(world.member, 8, end_reason="mistake", outcome="nothing")
    ended_visits(world.member, 6)
    rated(world.foreign, 1, 1, 1, 1, 1)
    page = page_of(head, world)
    assert page.all(".vr-stat")[0].text == "6"
    assert "Замало оцінок" in page.text


def test_visits_that_nobody_ended__lengthen_nothing(world: CentreWorld) -> None:
    ended_visits(world.member, 5, minutes=12)
    ended_visits(world.member, 5, minutes=720, end_reason="idle", outcome="nothing")
    found = figures(world.centre, MONTH)
    assert (found.visits, dict(found.minutes)) == (10, {12: 5})


def test_small_groups__are_not_shown(head: Client, world: CentreWorld) -> None:
    ended_visits(world.member, 20)
    ended_visits(world.member, 6, mode="paper", reason="other")
    ended_visits(world.member, 2, mode="on_behalf", reason="no_eid")
    page = page_of(head, world)
    assert row_of(page, "modes", "Від імені людини") == ["не показуємо", "—"]
    assert row_of(page, "modes", "Паперова форма") == ["не показуємо", "—"]
    assert row_of(page, "modes", "Допомога поруч") == ["20", "71 %"]
    assert "менше 5 людей, не показуємо" in page.text


def test_days_of_ones_own__are_checked(head: Client, world: CentreWorld) -> None:
    own = {"period": "own", "first": "01.11.2026", "last": "02.11.2026"}
    page = page_of(head, world, **own)
    assert "щонайменше 7 днів" in page.one("[role=alert]").text
    assert not page.has(".vr-stat")
    assert not page_of(head, world, period="2026-13").has(".vr-stat")
    page = page_of(head, world, period="own", first="01.11.2026", last="20.11.2026")
    assert "01.11.2026–20.11.2026" in page.text


def test_who_was_helped_and_came_alone__is_counted_once(world: CentreWorld) -> None:
    by_account, by_number, elsewhere, before = (CitizenFactory() for _ in range(4))
    official = ScheduleRuleFactory().official
    for citizen in (by_account, before):
        applied(citizen, official, world, at=NOW - timedelta(days=40))
    told = CitizenFactory()
    models.HelpedPerson.objects.create(
        citizen=told, claimed_hash=by_number.identifier_hash, created_at=NOW
    )
    applied(told, official, world, at=NOW - timedelta(days=40))
    for citizen in (by_account, by_account, by_number, elsewhere):
        applied(citizen, official, at=NOW - timedelta(days=1))
    applied(before, official, at=NOW - timedelta(days=50))
    assert figures(world.centre, MONTH).came_alone == 2
    assert figures(world.foreign, MONTH).came_alone == 0


def test_figures__are_counted_by_as_many_statements_for_any_number(world: CentreWorld) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            figures(world.centre, MONTH)
        return len(asked)

    none = statements()
    ended_visits(world.member, 30)
    assert statements() == none == 7


def download(client: Client, world: CentreWorld, **sent: str) -> Any:
    address = reverse("diia_videoreception:centre_statistics_table", args=[world.centre.public_id])
    return client.post(address, {"period": "2026-11", "first": "", "last": "", **sent})


def test_the_table__has_no_formulas_and_stands_in_the_journal(
    head: Client, world: CentreWorld
) -> None:
    models.Centre.objects.filter(pk=world.centre.pk).update(name="=cmd|' /C calc'!A0")
    ended_visits(world.member, 6)
    ended_visits(world.member, 2, mode="paper", reason="other")
    answer = download(head, world)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="statistics-2026-11-01.csv"'
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:2] == ["'=cmd|' /C calc'!A0", "листопад 2026"]
    assert ["Візити", "8", ""] in rows
    assert ["Паперова форма", "не показуємо", "не показуємо"] in rows
    record = models.JournalRecord.objects.get(act=models.JournalAct.EXPORT_STATISTICS)
    assert record.subject_id == str(world.centre.public_id)
    assert record.details == {"first": "2026-11-01", "last": "2026-11-30"}


def test_the_table__is_given_after_a_fresh_second_factor_alone(
    world: CentreWorld, time_machine: Any
) -> None:
    client = world.proven_client("head")
    for minutes in (10, 16):
        # Busy all the while, so that nobody is asked for having been away.
        time_machine.move_to(NOW + timedelta(minutes=minutes), tick=False)
        assert page_of(client, world).has(".vr-stat")
    assert "/second-factor/" in download(client, world)["Location"]
    assert not models.JournalRecord.objects.filter(act=models.JournalAct.EXPORT_STATISTICS).exists()
