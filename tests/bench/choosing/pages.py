"""The choosing page: queries that do not grow with bookings, and its size."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diia_videoreception.models import Official
from diia_videoreception.selectors.booking import availability
from tests.bench import Figure
from tests.factories import (
    AgencyFactory,
    ApplicationFactory,
    OfficialFactory,
    ScheduleRuleFactory,
    UnitFactory,
)
from tests.steps.people import sign_in

UNITS, OFFICIALS = 60, 500


def figures() -> list[Figure]:
    """Measures a half-full day, a week, and the page of an agency with 500 officials."""
    chosen = _agency()
    day = _booked_day(chosen)
    client = Client()
    sign_in(client)
    client.get("/videoreception/choose/")
    with CaptureQueriesContext(connection) as page_queries:
        page = client.get("/videoreception/choose/", {"official": chosen.pk, "week": str(day)})
        page_cost = len(page_queries)
    found = client.get(
        "/videoreception/choose/", {"agency": chosen.agency.pk, "q": chosen.last_name[:3]}
    )
    return [
        Figure("choosing: queries for a half-full day", _queries(chosen, day, day), 1),
        Figure("choosing: queries for a week", _queries(chosen, day, day + timedelta(days=6)), 1),
        Figure("choosing: queries for a page of 500 officials", page_cost, 9),
        Figure("choosing: kB of that page", len(page.content) / 1000, 150),
        Figure("choosing: kB of a search that finds them all", len(found.content) / 1000, 150),
    ]


def _agency() -> Official:
    agency = AgencyFactory()
    units = [UnitFactory(agency=agency, position=number) for number in range(UNITS)]
    officials = [OfficialFactory(unit=units[number % UNITS]) for number in range(OFFICIALS)]
    return officials[OFFICIALS // 2]


def _booked_day(official: Official) -> date:
    """A day two weeks ahead on which every second time is booked."""
    day = datetime.now(UTC).date() + timedelta(days=14)
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    ScheduleRuleFactory(
        official=official,
        recurrence=f"FREQ=WEEKLY;BYDAY={weekday}",
        starts=time(9),
        ends=time(18),
        valid_from=day - timedelta(days=70),
    )
    slots = availability.scheduled_slots(official, first=day, last=day)
    for slot in slots[::2]:
        ApplicationFactory(official=official, start=slot.start)
    return day


def _queries(official: Official, first: date, last: date) -> int:
    official = Official.objects.select_related("unit__agency").get(pk=official.pk)
    with CaptureQueriesContext(connection) as queries:
        days = availability.calendar(
            official, first=first, last=last, citizen=None, now=datetime.now(UTC)
        )
    if not days[0].free or days[0].free == len(days[0].slots):
        raise AssertionError("the day is not half full")
    return len(queries)
