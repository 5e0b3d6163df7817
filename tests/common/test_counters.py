"""Rates are kept exactly: in sequence, side by side, over the end of a period and after a clock jump."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from diia_videoreception.models import RequestCounter
from diia_videoreception.services.throttling import require_rate
from integrations.common.addresses import client_address
from integrations.common.counters import clean, count
from integrations.common.rates import Rate, read_rate
from tests.harness.clock import NOW

RATE = Rate(6, 60)
SECOND = timedelta(seconds=1)


def ask(at: datetime = NOW, *, who: str = "somebody", rate: Rate = RATE) -> int | None:
    return count(RequestCounter, scope="test", who=who, rate=rate, now=at)


def passed(times: int, at: datetime = NOW, rate: Rate = RATE) -> int:
    return sum(ask(at, rate=rate) is None for _ in range(times))


@pytest.mark.parametrize(
    ("text", "rate"),
    [("30/min", Rate(30, 60)), ("1/s", Rate(1, 1)), ("20/day", Rate(20, 86_400))],
)
def test_a_rate__is_read(text: str, rate: Rate) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize("text", ["", "30", "0/min", "-1/min", "30/month", "٣/min", "30/min "])
def test_what_is_no_rate__is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        read_rate(text)


def test_one_too_many__waits_and_others_do_not(db: None) -> None:
    assert passed(10) == 6
    assert ask(who="somebody else") is None


def test_who_comes_when_told__is_let_in(db: None) -> None:
    passed(6)
    wait = ask()
    assert wait is not None

    assert ask(NOW + (wait - 1) * SECOND) is not None
    assert ask(NOW + wait * SECOND) is None


def test_who_asks_on_and_on__is_let_in_as_well(db: None) -> None:
    passed(6)

    later = [ask(NOW + n * SECOND) is None for n in range(1, 181)]

    assert 6 <= sum(later) <= 18


def test_the_end_of_a_period__gives_nothing_for_free(db: None) -> None:
    end = NOW.replace(second=59)
    assert passed(10, end) == 6
    assert passed(10, end + 2 * SECOND) == 0
    assert passed(10, end + 120 * SECOND) == 6


def test_a_server_whose_clock_is_behind__counts_with_the_others(db: None) -> None:
    passed(4, NOW)

    assert passed(10, NOW - 30 * SECOND) == 2


def test_a_clock_that_was_far_ahead__keeps_nobody_out(db: None) -> None:
    passed(10, NOW + timedelta(days=300))

    assert passed(10) == 6


def test_counters__name_nobody(db: None) -> None:
    ask(who="address 192.0.2.1")

    assert "192.0.2.1" not in str(RequestCounter.objects.values())


def test_counting__is_one_statement(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        ask()


@pytest.mark.django_db(transaction=True)
def test_side_by_side__no_count_is_lost(at_once: Callable[..., list[object]]) -> None:
    rate = Rate(40, 3600)

    answers = at_once(lambda _: passed(4, rate=rate), range(32))

    assert sum(map(int, map(str, answers))) == 40


@pytest.fixture
def lasting(transactional_db: None) -> Iterator[Callable[[], str]]:
    """The connection waits for the disk, as in production; tells whether it still does."""
    if connection.vendor != "postgresql":
        yield lambda: "on"
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")

        def shown() -> str:
            cursor.execute("SHOW synchronous_commit")
            return str(cursor.fetchone()[0])

        yield shown
        cursor.execute("RESET synchronous_commit")


@pytest.mark.parametrize(("scope", "waits"), [("times", False), ("hold", True)])
def test_looking__is_counted_without_waiting_for_the_disk(
    lasting: Callable[[], str], scope: str, waits: bool
) -> None:
    with CaptureQueriesContext(connection) as queries:
        require_rate(scope, "somebody", now=NOW)

    can_hurry = connection.vendor == "postgresql"
    assert ("synchronous_commit" in queries[0]["sql"]) is (can_hurry and not waits)
    assert RequestCounter.objects.get().hits == 1
    assert lasting() == "on", "for this one statement only"


def test_a_count_within_a_transaction__leaves_it_waiting(lasting: Callable[[], str]) -> None:
    with transaction.atomic():
        require_rate("times", "somebody", now=NOW)

        assert lasting() == "on"


def test_cleaning__takes_what_has_ended_and_no_more(db: None) -> None:
    for number in range(5):
        ask(who=str(number))
    ask(NOW + timedelta(minutes=2), who="of now")

    assert clean(RequestCounter, now=NOW + timedelta(minutes=1), batch=2) == 0
    assert clean(RequestCounter, now=NOW + timedelta(minutes=2, seconds=30), batch=2) == 5
    assert RequestCounter.objects.count() == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (None, "203.0.113.9", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (1, "", "192.0.2.1"),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2::77", "2001:db8:1:2::/64"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "вигадка", "unknown"),
    ],
)
def test_the_address__is_what_trusted_proxies_say(
    settings: Any, proxies: int | None, forwarded: str, address: str
) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": proxies}
    meta = {"REMOTE_ADDR": "192.0.2.1"}
    if forwarded:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded

    assert client_address(RequestFactory().get("/", **meta)) == address
