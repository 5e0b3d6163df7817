"""Priority that citizens claim orders what waits for the moderators, and nothing else."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Occupancy
from diia_videoreception.selectors.booking import worklist
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.people import sign_in

LIST = reverse("videoreception_applications:index")
MARK = "заявлено першочерговість"


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


@pytest.fixture
def waiting(world: World) -> list[str]:
    """Numbers of what waits, the newest first; the oldest claims priority."""
    Application.objects.filter(pk=world.submitted.pk).update(
        claims_priority=True, submitted_at=NOW - timedelta(hours=9)
    )
    newer = [
        ApplicationFactory(
            official=world.official, submitted_at=NOW - timedelta(hours=hours)
        ).number
        for hours in (1, 2)
    ]
    return [*newer, world.submitted.number]


def numbers(client: Client, query: str) -> list[str]:
    page = client.get(LIST + query).content.decode()
    return list(dict.fromkeys(re.findall(r"ВП-\d{4}-\d{6}-\d", page)))


def test_what_waits__begins_with_those_who_claim_priority(
    moderator: Client, waiting: list[str]
) -> None:
    *newer, claims = waiting

    assert numbers(moderator, "?waiting=yes") == [claims, *newer]


def test_other_lists_and_columns_that_are_asked_for__do_not_heed_priority(
    moderator: Client, waiting: list[str]
) -> None:
    assert numbers(moderator, "?waiting=yes&ordering=-submitted_at") == waiting
    assert numbers(moderator, "?state=submitted") == waiting
    assert numbers(moderator, "?waiting=yes&ordering=submitted_at") == waiting[::-1]


def test_priority__is_told_in_words_and_leaves_the_deadlines_alone(
    world: World, moderator: Client, waiting: list[str]
) -> None:
    home = moderator.get("/admin/").content.decode()

    assert MARK in Page(moderator.get(LIST)).text
    assert MARK in home
    first_by_time = Application.objects.filter(number__in=waiting).earliest("start", "pk")
    assert min(waiting, key=home.index) == first_by_time.number
    case = reverse("videoreception_applications:inspect", args=[world.submitted.public_id])
    assert MARK in Page(moderator.get(case)).text
    Application.objects.update(claims_priority=False)
    assert MARK not in Page(moderator.get(LIST)).text
    assert MARK not in Page(moderator.get(case)).text


def test_a_citizen_and_a_sheet__say_that_papers_are_shown(world: World, moderator: Client) -> None:
    Application.objects.filter(pk=world.submitted.pk).update(claims_priority=True)
    key = [world.submitted.public_id]
    sheet = moderator.get(reverse("videoreception_applications:print", args=key))
    citizen = Client()
    sign_in(citizen, world.submitted.citizen)

    own = citizen.get(reverse("diia_videoreception:case", args=key))

    assert "Документи заявник покаже на прийомі." in Page(sheet).text
    assert "Під час прийому майте документи при собі." in Page(own).text


def test_priority__takes_nobody_s_time(world: World) -> None:
    before = list(Occupancy.objects.order_by("pk").values_list("pk", "start", "end", "kind"))
    Application.objects.update(claims_priority=True)
    assert list(worklist.waiting_for_decision(world.moderator, now=NOW)) == [world.submitted]
    assert (
        list(Occupancy.objects.order_by("pk").values_list("pk", "start", "end", "kind")) == before
    )


def many(one: Application) -> None:
    """Surround it by 3,000 of which every other waits, and those decided long ago have priority."""
    values = {
        field.attname: getattr(one, field.attname)
        for field in Application._meta.concrete_fields
        if field.attname not in {"id", "number", "public_id", "draft_token"}
    }
    decided = {"state": "completed", "decided_at": NOW, "claims_priority": True}
    rows = []
    for number in range(3000):
        own: dict[str, Any] = {"number": f"ВП-2020-{number:06}-0", "draft_token": uuid.uuid4()}
        rows.append(Application(**values | own | (decided if number % 2 else {})))
    Application.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Application._meta.db_table}")


@pytest.mark.only_postgres
def test_what_waits__is_read_by_an_index_and_never_sorted(world: World) -> None:
    many(world.submitted)
    with connection.cursor() as cursor:
        # What is tried is whether an index fits, not what a planner thinks of so few rows.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    for user in (world.moderator, world.superuser):
        rows = worklist.work_list(user).filter(worklist.newest_waiting(NOW))
        plan = worklist.priority_first(rows).values("pk")[:50].explain()
        assert "_waiting on " in plan, plan
        assert "Sort" not in plan, plan
