"""What the choosing page asks the database: the same for sixty officials as for one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from diia_videoreception.models import Agency, Official
from tests.factories import AgencyFactory, ApplicationFactory, OfficialFactory, ScheduleRuleFactory
from tests.harness.clock import START
from tests.harness.html import Page
from tests.steps.people import sign_in

CHOOSE = "/videoreception/choose/"


@pytest.fixture(params=[1, 60])
def agency(request: Any, clock: datetime, db: None) -> Iterator[Agency]:
    """An agency with so many officials, and another one; nobody has asked within a minute."""
    cache.clear()
    AgencyFactory()
    rule = ScheduleRuleFactory()
    ApplicationFactory(official=rule.official, start=START)
    for official in OfficialFactory.create_batch(request.param - 1, unit=rule.official.unit):
        ScheduleRuleFactory(official=official)
        ApplicationFactory(official=official)
    yield rule.official.agency
    cache.clear()


def test_a_week__costs_a_guest_five_statements(
    client: Client, agency: Agency, django_assert_num_queries: Any
) -> None:
    """The request is counted; agencies, units, officials; all that the times follow from."""
    official = Official.objects.earliest("pk")

    with django_assert_num_queries(5):
        page = client.get(CHOOSE, {"official": official.pk, "week": "2026-12-01"})

    assert "зайнято" in page.text


def test_a_week__costs_a_citizen_four_more(
    client: Client, agency: Agency, django_assert_num_queries: Any
) -> None:
    """Both sessions, the own hold, and the terms agreed to."""
    sign_in(client)
    official = Official.objects.earliest("pk")

    with django_assert_num_queries(9):
        page = client.get(CHOOSE, {"official": official.pk, "week": "2026-12-01"})

    assert "зайнято" in page.text


@pytest.mark.parametrize("query", [{}, {"free": "1"}])
def test_nearest_times__cost_one_statement_a_minute(
    client: Client, agency: Agency, query: dict[str, str], django_assert_num_queries: Any
) -> None:
    # Sixty are folded by units; this one is open.
    wanted = {"agency": agency.pk, "unit": Official.objects.earliest("pk").unit_id, **query}
    with django_assert_num_queries(5):
        page = client.get(CHOOSE, wanted)
    with django_assert_num_queries(4):
        again = client.get(CHOOSE, wanted)

    for answer in (page, again):
        assert "найближчий, орієнтовно: четвер, 26 листопада, 10:00" in answer.text


def test_a_filtered_list__says_that_it_is_about_right(client: Client, agency: Agency) -> None:
    said = "Вільний час тут орієнтовний: список може відставати на хвилину."

    assert said in client.get(CHOOSE, {"agency": agency.pk, "free": "1"}).text
    assert said not in client.get(CHOOSE, {"agency": agency.pk}).text


def test_a_unit_of_very_many__shows_the_first_and_the_chosen(client: Client, official: Any) -> None:
    unit = official.unit
    people = OfficialFactory.create_batch(600, unit=unit, last_name="Сидоренко", position=2)
    last = OfficialFactory(unit=unit, last_name="Останній", position=3)

    opened = client.get(CHOOSE, {"agency": unit.agency_id, "unit": unit.pk})
    chosen = client.get(CHOOSE, {"official": last.pk})

    assert len(opened.content) < 150_000
    assert opened.text.count("Сидоренко") < len(people) / 2
    assert "Показано перших осіб цього підрозділу. Інших знайдіть за прізвищем." in opened.text
    assert "Останній" not in opened.text
    assert Page(chosen).choice(str(last.pk)).is_checked
