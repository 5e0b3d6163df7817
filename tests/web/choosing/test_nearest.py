"""A list of officials says when each is free next, in few queries and by the one algorithm."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from diia_videoreception.models import Absence, Holiday, Official, ScheduleException, ScheduleRule
from diia_videoreception.rules.slots import Interval
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.catalogue import units_with_officials
from diia_videoreception.selectors.booking.nearest import nearest_free_times, next_free_times
from diia_videoreception.selectors.booking.stored_times import StoredTimes
from diia_videoreception.services.booking.absences import save_absence
from tests.factories import (
    NOW,
    AgencyFactory,
    ApplicationFactory,
    OfficialFactory,
    ScheduleRuleFactory,
    UnitFactory,
)
from tests.harness.html import Page

CHOOSE = "/videoreception/choose/"


def shown_by_calendar(official: Official) -> datetime | None:
    slot = availability.whole_calendar(official, citizen=None, now=NOW).nearest()
    return slot.start if slot else None


def test_nearest__is_what_the_calendar_of_each_shows(official: Official) -> None:
    agency = official.agency
    Holiday.objects.create(date=date(2026, 12, 3), name="Свято")
    for number, recurrence in enumerate(("MO", "TU", "WE,FR", "SA", "TH")):
        other = OfficialFactory(unit=official.unit, slot_minutes=20 + 5 * number, pause_minutes=5)
        ScheduleRuleFactory(official=other, recurrence=f"FREQ=WEEKLY;BYDAY={recurrence}")
        first = shown_by_calendar(other)
        assert first is not None
        for step in range(number):
            start = first + step * timedelta(minutes=25 + 5 * number)
            ApplicationFactory(
                official=other, start=start, end=start + timedelta(minutes=20 + 5 * number)
            )
    away = OfficialFactory(unit=official.unit)
    ScheduleRuleFactory(official=away)
    save_absence(
        Absence(official=away, start=NOW, end=datetime(2026, 12, 11, 22, tzinfo=UTC)), now=NOW
    )
    once = OfficialFactory(unit=official.unit)
    ScheduleException.objects.create(
        official=once, date=date(2026, 12, 19), closed=False, starts=time(10), ends=time(11)
    )
    everybody = [one for node in units_with_officials(agency) for one in node.officials]

    found = nearest_free_times(agency, everybody, now=NOW)

    assert len(everybody) == 9
    assert {one.pk: found[one.pk] for one in everybody} == {
        one.pk: shown_by_calendar(one) for one in everybody
    }
    assert found[away.pk] == datetime(2026, 12, 14, 7, tzinfo=UTC)
    assert found[once.pk] == datetime(2026, 12, 19, 8, tzinfo=UTC)


def test_next_free_times__lay_out_hardly_more_than_they_offer(
    official: Official, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """A letter and a page name three times; a window has hundreds."""
    whole = list(availability.whole_calendar(official, citizen=None, now=NOW).free())
    laid_out: list[Interval] = []
    slots = StoredTimes.slots

    def noting(*arguments: Any) -> Iterator[Interval]:
        for slot in slots(*arguments):
            laid_out.append(slot)
            yield slot

    monkeypatch.setattr(StoredTimes, "slots", noting)
    not_before = whole[1].start
    with django_assert_num_queries(1):
        offered = next_free_times(official, not_before=not_before, now=NOW)

    assert offered == whole[1:4]
    assert len(whole) > 50
    assert len(laid_out) < 15, "those of days before the lead time among them"


@pytest.mark.parametrize("number", [2, 60])
def test_nearest__takes_one_query_and_none_for_a_minute(
    clock: datetime, db: None, number: int, django_assert_num_queries: Any
) -> None:
    agency = AgencyFactory()
    unit = UnitFactory(agency=agency)
    for official in OfficialFactory.create_batch(number, unit=unit):
        ScheduleRuleFactory(official=official)
        ApplicationFactory(official=official)
    everybody = [one for node in units_with_officials(agency) for one in node.officials]

    with django_assert_num_queries(1):
        first = nearest_free_times(agency, everybody, now=NOW)
    with django_assert_num_queries(0):
        assert nearest_free_times(agency, everybody, now=NOW) == first
    assert all(first.values())


def test_page__says_when_each_official_is_free(client: Client, official: Official) -> None:
    Official.objects.filter(last_name="Гончар’як").update(competence="Субсидії, пільги")

    page = client.get(CHOOSE, {"agency": official.agency.pk}).text

    assert "найближчий, орієнтовно: четвер, 26 листопада, 10:00" in page
    assert "зараз вільного часу немає" in page
    assert "Приймає з питань: Субсидії, пільги" in page


def test_page__leaves_out_who_has_no_free_time(client: Client, official: Official) -> None:
    page = client.get(CHOOSE, {"agency": official.agency.pk, "free": "1"}).text

    assert "Коваленко" in page
    assert "Гончар’як" not in page
    assert "Не показано: 1 особу без вільного часу." in page.replace("\u00a0", " ")


def test_page__of_a_chosen_official_shows_the_others_as_they_were(
    client: Client, official: Official
) -> None:
    cache.clear()
    cold = client.get(CHOOSE, {"official": official.pk}).text
    client.get(CHOOSE, {"agency": official.agency.pk})
    warm = client.get(CHOOSE, {"official": official.pk}).text

    assert "вільного часу немає" not in re.sub("в цьому тижні.*", "", cold)
    assert "зараз вільного часу немає" in warm
    assert ScheduleRule.objects.exists()


# --- One thing at a time on a phone ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "stage", "back"),
    [
        ("", "agency", None),
        ("agency={agency}", "official", "/videoreception/choose/"),
        ("official={official}", "time", "?agency={agency}"),
        (
            "official={official}&time=2026-12-01T08:30Z",
            "summary",
            "?agency={agency}&official={official}",
        ),
        ("official={official}&time=2026-12-01T08:00Z", "time", "?agency={agency}"),
    ],
)
def test_address__says_what_a_phone_shows(
    client: Client, official: Official, query: str, stage: str, back: str | None
) -> None:
    keys = {"agency": official.agency.pk, "official": official.pk}

    page = Page(client.get(f"{CHOOSE}?{query.format(**keys)}"))

    assert page.one("[data-vr-stage]").attribute("data-vr-stage") == stage
    links = [str(one.attribute("href")) for one in page.all("a.vr-back.vr-only-narrow")]
    assert len(links) == (back is not None)
    assert back is None or links[0].endswith(back.format(**keys))


def test_next__leads_to_the_address_of_the_summary(client: Client, reserve: Any) -> None:
    answer = reserve("2026-12-01T08:30Z", look="1")

    assert answer.status_code == 303
    assert "time=2026-12-01T08%3A30Z" in answer.url
    page = Page(client.get(answer.url))
    assert page.one("[data-vr-stage]").attribute("data-vr-stage") == "summary"


def test_next__without_a_time_says_so(reserve: Any) -> None:
    page = Page(reserve("", look="1"))

    assert page.one("[data-vr-stage]").attribute("data-vr-stage") == "time"
    assert page.leads_to("#times")
