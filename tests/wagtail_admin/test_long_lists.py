"""Lists of any length cost what the first thousand rows cost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask

from diia_videoreception import models
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.wagtail_admin.cases import filters as screens
from diia_videoreception.wagtail_admin.panels import ABOUT_WORKFLOWS
from diia_videoreception.wagtail_admin.scoped import CountingPaginator
from tests import factories
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World

LIST = reverse("videoreception_applications:index")
MAX_QUERIES = 15


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def add_documents(application: models.Application, count: int) -> None:
    for number in range(count):
        models.Document.objects.create(
            application=application,
            name=f"{number}.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            path=f"{application.pk}/{number}",
            created_at=NOW,
        )


def test_a_long_list__says_that_it_goes_on(
    world: World, moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CountingPaginator, "MAX_ROWS", 2)

    shown = text(moderator.get(LIST))

    assert "Більше ніж 2. Показано перші з них." in shown
    assert "Скористайтеся пошуком або фільтром" in shown
    monkeypatch.setattr(CountingPaginator, "MAX_ROWS", 3)
    shown = text(moderator.get(LIST))
    assert "Усього: 3" in shown
    assert "Скористайтеся пошуком" not in shown


@pytest.mark.parametrize("page", ["10000000000", "-1", "щось", "0"])
def test_a_page_that_is_not_there__is_the_nearest(moderator: Client, page: str) -> None:
    response = moderator.get(LIST, {"p": page})
    assert response.status_code == 200
    assert "Усього: 3" in text(response)


def test_work_list__takes_as_many_queries_for_many_as_for_few(
    world: World, moderator: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(20):
        application = factories.ApplicationFactory(official=world.idle_official)
        add_documents(application, 2)

    with django_assert_max_num_queries(MAX_QUERIES):
        response = moderator.get(LIST)

    assert "Усього: 23" in text(response)


def test_document_counts__are_those_of_each_row(world: World) -> None:
    add_documents(world.confirmed, 2)

    counts = worklist.document_counts([world.submitted, world.confirmed, world.held])

    assert counts == {world.submitted.pk: 1, world.confirmed.pk: 2}


def test_many_officials__are_asked_for_by_name(
    world: World, moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Page(moderator.get(LIST)).has_field("official")
    monkeypatch.setattr(screens, "MAX_OFFERED", 1)

    page = moderator.get(LIST)
    found = moderator.get(LIST, {"official_name": world.official.last_name.upper()})
    none = moderator.get(LIST, {"official_name": "Нема Такого"})

    assert not Page(page).has_field("official")
    assert "Усього: 3" in text(found)
    assert "Нічого не знайдено." in text(none)


def test_receptions_without_an_outcome__are_counted_to_a_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.Application.objects.update(
        state="confirmed", decided_at=NOW, start=NOW - timedelta(hours=1), end=NOW
    )
    assert worklist.counts_for(world.moderator, now=NOW).over == 3
    monkeypatch.setattr(worklist, "MAX_COUNTED", 2)
    assert worklist.counts_for(world.moderator, now=NOW).over == 2


def test_receptions_of_today__leave_out_those_over_where_there_are_very_many(
    world: World, moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours, application in zip(
        (-2, 1, 2), (world.submitted, world.confirmed, world.held), strict=True
    ):
        start = NOW + timedelta(hours=hours)
        models.Application.objects.filter(pk=application.pk).update(
            state="confirmed", decided_at=NOW, start=start, end=start + timedelta(minutes=30)
        )
    link = "Усі прийоми сьогодні"
    assert link not in text(moderator.get("/admin/"))
    monkeypatch.setattr(worklist, "MAX_TODAY", 2)

    listed = worklist.receptions_today(world.moderator, now=NOW)

    assert [one.pk for one in listed] == [world.confirmed.pk, world.held.pk]
    assert link in text(moderator.get("/admin/"))


def test_panels_of_workflows__stay_with_those_who_approve(world: World, moderator: Client) -> None:
    def panels() -> set[type]:
        found = moderator.get("/admin/").context["panels"]
        return {type(panel) for panel in found} & set(ABOUT_WORKFLOWS)

    assert panels() == set()
    task = GroupApprovalTask.objects.create(name="Перевірка")
    task.groups.add(Group.objects.create(name="Редактори"))
    assert panels() == set()

    world.moderator.groups.add(task.groups.get())

    assert panels() == set(ABOUT_WORKFLOWS)


@pytest.mark.parametrize(
    "dates",
    [
        {"start_to": "9999-12-31"},
        {"start_from": "0001-01-01"},
        {"start_after": "0001-01-01", "start_before": "9999-12-31"},
    ],
)
def test_dates_at_the_edge_of_the_calendar__find_what_lies_between(
    world: World, moderator: Client, dates: dict[str, str]
) -> None:
    assert "Усього: 3" in text(moderator.get(LIST, dates))


@pytest.mark.only_postgres
def test_what_a_page_shows__is_read_by_its_keys(world: World) -> None:
    """A row has more tables than the planner orders by itself: it would join all rows first."""
    with connection.cursor() as cursor:
        # What is tried is whether an index fits, not what a planner thinks of so few rows.
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = worklist.work_list(world.moderator).order_by("-submitted_at", "-pk")[:50]

    plan = worklist.in_full(rows).explain()

    assert re.search(r"Cond: \(\S*id = ANY \(", plan), plan
