"""«Журнал»: an auditor reads every act in words, finds a case by its number, and sees whether the chain is whole."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import AgencyModerator, JournalAct, JournalRecord
from diia_videoreception.models.journal import AUDIT
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.selectors import journal as selectors
from diia_videoreception.selectors.accounts.staff import staff_reset_by
from diia_videoreception.selectors.journal import audits_journal
from diia_videoreception.services import journal
from diia_videoreception.services.journal.sealing import seal_journal, verify_part
from diia_videoreception.wagtail_admin import journal as screen
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import XHR, World, client_of, dump, staff, text_of
from tests.steps.second_factor import require, verify
from tests.wagtail_admin.routes import CASES, address_of

pytestmark = pytest.mark.any_database

ADDRESS = reverse("videoreception_journal:index")
MAX_QUERIES = 15 + 1
"""The second factor is asked for besides."""
DAY = timedelta(days=1)
VERIFY = {"verify": "1"}


@pytest.fixture
def auditor(world: World) -> Any:
    made = staff("auditor", last_name="Левченко")
    made.user_permissions.add(Permission.objects.get(codename=AUDIT))
    return made


@pytest.fixture
def client(auditor: Any) -> Client:
    return client_of(auditor)


def write(world: World, act: JournalAct = JournalAct.CONFIRM, *, now: Any = NOW, **how: Any) -> Any:
    subject = how.pop("subject", world.submitted)
    journal.record(act, subject=subject, now=now, **({"staff_id": world.moderator.pk} | how))
    return JournalRecord.objects.latest("pk")


def rows(client: Client, **asked: Any) -> list[list[str]]:
    page = Page(client.get(ADDRESS, asked))
    return [[cell.text for cell in row.all("td, th")] for row in page.all("tbody tr")]


def test_each_act__is_told_in_words_with_who_and_what(world: World, client: Client) -> None:
    write(world)
    write(world, JournalAct.SIGN_IN, subject=world.submitted.citizen, staff_id=None)
    seal_journal()
    (sign_in, confirmed) = rows(client)[:2]
    assert sign_in[0] == JournalAct.SIGN_IN.label
    assert str(world.submitted.citizen.public_id) in sign_in[3]
    assert confirmed[0] == JournalAct.CONFIRM.label
    assert world.moderator.username in confirmed[2]
    assert confirmed[3] == world.submitted.number
    assert "за київським часом" in confirmed[1]
    page = text_of(client.get(ADDRESS))
    for hidden in (world.submitted.topic, world.submitted.phone, world.submitted.citizen.last_name):
        assert hidden not in page


def test_a_case__is_found_by_its_number_in_any_spelling_and_at_any_time(
    world: World, client: Client
) -> None:
    world.submitted.number = format_number(2025, 101)
    world.submitted.save()
    write(world, now=NOW - 300 * DAY)
    assert rows(client) == []
    for spelling in (world.submitted.number, world.submitted.number.replace("-", "")):
        assert [row[3] for row in rows(client, number=spelling)] == [world.submitted.number]
    page = Page(client.get(ADDRESS, {"number": "ВП-1"}))
    assert "Заявки з таким номером немає." in page.text


def test_filters__are_kept_together(world: World, client: Client) -> None:
    write(world)
    write(world, JournalAct.GIVE_RIGHT, subject=world.head, staff_id=world.superuser.pk)
    write(world, JournalAct.CANCEL, staff_id=None, citizen=world.submitted.citizen)
    assert len(rows(client)) == 3
    assert [row[0] for row in rows(client, about="user")] == [str(JournalAct.GIVE_RIGHT.label)]
    assert [row[0] for row in rows(client, who="citizen")] == [str(JournalAct.CANCEL.label)]
    own = rows(client, staff=world.moderator.username, about="application")
    assert [row[0] for row in own] == [str(JournalAct.CONFIRM.label)]
    assert rows(client, staff=world.moderator.username, about="user") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-11-23", "last": "2026-11-22"},
        {"first": "2026-01-01", "last": "2026-11-22"},
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"first": "9999-12-31", "last": "9999-12-31"},
        {"first": "x"},
        {"about": "x"},
        {"staff": "nobody\0"},
        {"number": "\0"},
    ],
)
def test_what_cannot_be_asked__is_said(client: Client, asked: dict[str, str]) -> None:
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert rows(client, **asked) == []
    assert client.get(ADDRESS, asked | VERIFY).status_code == 200


@pytest.mark.parametrize("before", ["x", "9" * 30, "-1"])
def test_an_odd_page__is_not_found(client: Client, before: str) -> None:
    assert client.get(ADDRESS, {"before": before}).status_code == 404


def test_pages__follow_each_other_without_a_gap(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "ON_PAGE", 2)
    keys = [write(world, now=NOW - timedelta(minutes=n // 2)).pk for n in range(5)]
    first = Page(client.get(ADDRESS, VERIFY))
    assert "verify" not in first.link("Раніші записи")
    second = Page(client.get(ADDRESS + first.link("Раніші записи")))
    third = Page(client.get(ADDRESS + second.link("Раніші записи")))
    assert [len(page.all("tbody tr")) for page in (first, second, third)] == [2, 2, 1]
    assert len(keys) == 5
    assert "Раніші записи" not in third.text


def test_the_page__asks_few_queries_whatever_it_shows(world: World, client: Client) -> None:
    for subject in (world.submitted, world.head, world.official, world.agency):
        for _ in range(6):
            write(world, subject=subject)
    with CaptureQueriesContext(connection) as asked:
        assert len(rows(client)) == 24
    assert len(asked) <= MAX_QUERIES


def test_the_chain_of_a_period__is_verified(world: World, client: Client) -> None:
    assert "ще немає запечатаних записів" in text_of(client.get(ADDRESS, VERIFY))
    before = write(world, now=NOW - 20 * DAY)
    for _ in range(3):
        write(world)
    seal_journal()
    assert "Ланцюг цілий: записи з 2 до 4." in text_of(client.get(ADDRESS, VERIFY))
    tampered = JournalRecord.objects.get(sequence=3)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE diia_videoreception_journalrecord DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE diia_videoreception_journalrecord SET actor_id = '77777' WHERE id = %s",
            [tampered.pk],
        )
    assert "порушено на записі 3" in text_of(client.get(ADDRESS, VERIFY))
    assert verify_part(2, 2) is None
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM diia_videoreception_journalrecord WHERE id IN (%s, %s)",
            [before.pk, tampered.pk],
        )
    assert verify_part(2, 4) == 2, "the row before it is gone"
    assert verify_part(10, 20) == 10


def test_a_long_period__is_not_verified_at_once(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "MOST_VERIFIED", 2)
    for _ in range(4):
        write(world)
    seal_journal()
    assert "Оберіть коротший період" in text_of(client.get(ADDRESS, VERIFY))


def test_nobody_else__reads_it(world: World, auditor: Any, settings: Any) -> None:
    write(world)
    for who in ("moderator", "head", "receiver", "helper", "operator", "foreigner"):
        assert world.client(who).get(ADDRESS, **XHR).status_code == 403
        assert not selectors.records_found(
            getattr(world, who),
            selectors.JournalSearch(since=NOW - DAY, until=NOW + DAY),
        ).exists()
        assert ADDRESS not in text_of(world.client(who).get("/admin/"))
    assert ADDRESS in text_of(client_of(auditor).get("/admin/"))
    require(settings)
    auditor.is_verified = lambda: False
    assert not audits_journal(auditor)
    assert "second-factor" in client_of(auditor).get(ADDRESS)["Location"]


def test_an_auditor__sees_no_case_and_changes_nothing(
    world: World, auditor: Any, settings: Any
) -> None:
    addresses = {name: address_of(name, world) for name in CASES}
    require(settings)
    client, before = verify(client_of(auditor), auditor), dump()
    opened = {
        name.partition(":")[0]
        for name, address in addresses.items()
        if client.get(address, **XHR).status_code == 200
    }
    assert opened == {"videoreception_journal"}
    assert dump() == before


def test_no_head__resets_the_second_factor_of_an_auditor(world: World, auditor: Any) -> None:
    AgencyModerator.objects.create(agency=world.agency, user=auditor)
    assert world.moderator in set(staff_reset_by(world.head))
    assert auditor not in set(staff_reset_by(world.head))
