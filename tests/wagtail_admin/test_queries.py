"""How many queries a screen of the staff takes: the same for a few applications and for a million."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import Letter
from tests.harness.clock import START
from tests.steps import move_requests
from tests.steps.admin import World
from tests.steps.clarifications import ask
from tests.steps.proposals import propose

LIST = reverse("videoreception_applications:index")
MAX_QUERIES = 15
OF_SECOND_FACTOR = 1
"""Whether the person has one, or which one was given: asked once whatever the screen."""
OF_WHO_HAS_NONE = 2
"""Whether a role of theirs could have one, which the home page then offers."""
OF_WAGTAIL = 20
"""What Wagtail itself asks for the home page of somebody who edits pages."""
LISTS = [
    "",
    "?waiting=yes",
    "?waiting=outcome",
    "?waiting=move",
    "?waiting=overdue",
    "?waiting=answer",
    "?waiting=answer_overdue",
    "?letters=failed",
    "?whose=mine",
    "?whose=free",
    "?proposed=open",
    "?proposed=back",
    "?asked=open",
    "?asked=back",
    "?state=submitted",
    "?start_from=2026-12-01&start_to=2026-12-07",
    "?q=ВП-2025-000101-0",
    "?q=мельник",
    "?q=щось+чого+нема",
    "?p=1000000000",
]


@pytest.fixture
def no_more_than(django_assert_max_num_queries: Any) -> Callable[..., None]:
    def assert_no_more(client: Client, where: str, queries: int) -> None:
        # The first request of a process reads what later ones have: sites, content types.
        client.get(where)
        with django_assert_max_num_queries(queries):
            assert client.get(where).status_code == 200

    return assert_no_more


@pytest.mark.parametrize("who", ["moderator", "superuser"])
@pytest.mark.parametrize("query", LISTS)
def test_work_list__takes_few_queries(
    world: World, who: str, query: str, no_more_than: Callable[..., None]
) -> None:
    no_more_than(world.client(who), LIST + query, MAX_QUERIES + OF_SECOND_FACTOR)


@pytest.mark.parametrize("who", ["moderator", "superuser"])
def test_case__takes_few_queries(world: World, who: str, no_more_than: Callable[..., None]) -> None:
    for application in (world.submitted, world.confirmed):
        no_more_than(
            world.client(who), f"{LIST}{application.public_id}/", MAX_QUERIES + OF_SECOND_FACTOR
        )


def test_case_with_a_proposal__takes_no_more_than_a_decided_one(
    world: World, no_more_than: Callable[..., None]
) -> None:
    propose(world.submitted, world.moderator, START)
    # One more than a case that no member of staff has touched: their names.
    queries = MAX_QUERIES + OF_SECOND_FACTOR + 1
    no_more_than(world.client("moderator"), f"{LIST}{world.submitted.public_id}/", queries)


def test_case_with_a_question__takes_no_more_than_a_decided_one(
    world: World, no_more_than: Callable[..., None]
) -> None:
    ask(world.submitted, world.moderator)
    # One more than a case about which nobody was asked.
    queries = MAX_QUERIES + OF_SECOND_FACTOR + 1
    no_more_than(world.client("moderator"), f"{LIST}{world.submitted.public_id}/", queries)


def test_case_with_a_wish_to_move__takes_no_more_than_a_confirmed_one(
    world: World, no_more_than: Callable[..., None]
) -> None:
    client, where = world.client("moderator"), f"{LIST}{world.confirmed.public_id}/"
    client.get(where)
    with CaptureQueriesContext(connection) as without:
        client.get(where)
    move_requests.ask(world.confirmed, datetime.fromisoformat("2026-12-15T09:00+02:00"))

    no_more_than(client, where, len(without))


def test_home__takes_few_queries(world: World, no_more_than: Callable[..., None]) -> None:
    queries = MAX_QUERIES + OF_SECOND_FACTOR + OF_WHO_HAS_NONE
    no_more_than(world.client("moderator"), reverse("wagtailadmin_home"), queries)


def test_panels_of_a_superuser__take_few_queries(
    world: World, no_more_than: Callable[..., None]
) -> None:
    queries = OF_WAGTAIL + 5 + OF_SECOND_FACTOR + OF_WHO_HAS_NONE
    no_more_than(world.client("superuser"), reverse("wagtailadmin_home"), queries)


@pytest.mark.parametrize("screen", ["sign_in_cases", "integrations"])
def test_screens_of_superusers__take_few_queries(
    world: World, screen: str, no_more_than: Callable[..., None]
) -> None:
    where = reverse(f"videoreception_{screen}:index")
    no_more_than(world.client("superuser"), where, MAX_QUERIES)


def test_sending_a_letter_again__takes_few_queries(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = world.client("moderator")
    failed = Letter.objects.select_related("application").get(state=Letter.State.FAILED)
    client.get(LIST)

    # Two more begin and end the transaction; PostgreSQL is told how long to wait for a lock.
    with django_assert_max_num_queries(MAX_QUERIES + OF_SECOND_FACTOR + 3):
        client.post(f"{LIST}{failed.application.public_id}/letters/{failed.public_id}/")

    failed.refresh_from_db()
    assert failed.state == Letter.State.QUEUED
