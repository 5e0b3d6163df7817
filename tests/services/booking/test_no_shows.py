"""Who did not come waits before they apply to the same agency again, where the agency says so."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors
from diia_videoreception.models import (
    Absence,
    Agency,
    Application,
    JournalAct,
    Objection,
    Occupancy,
    Official,
    Participant,
    Room,
    ScheduleException,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.booking import holds
from tests.factories import ApplicationFactory, ConsentAcceptanceFactory, ScheduleRuleFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.people import sign_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def absent(official: Official, citizen: SignedIn) -> Application:
    """Two days ago the citizen did not come; the agency lets them wait for a week."""
    Agency.objects.update(absence_pause_days=7)
    official.unit.agency.refresh_from_db()
    return ApplicationFactory(
        official=official,
        citizen=citizen.citizen,
        start=NOW - 2 * DAY,
        state="citizen_absent",
        decided_at=NOW - 2 * DAY,
    )


def reserve(official: Official, citizen: SignedIn, **how: Any) -> Occupancy:
    values: dict[str, Any] = {"start": START, "now": NOW} | how
    return holds.reserve(actor=citizen, official_id=official.pk, captcha=solved_captcha(), **values)


def test_who_did_not_come__is_told_until_when_and_what_they_can_do(
    official: Official, citizen: SignedIn, absent: Application
) -> None:
    with pytest.raises(errors.AbsencePause) as refused:
        reserve(official, citizen)

    assert refused.value.until == absent.end + 7 * DAY
    assert absent.number in str(refused.value)
    assert "заперечення" in str(refused.value)
    last = absent.end + 7 * DAY
    with pytest.raises(errors.AbsencePause):
        reserve(official, citizen, now=last - HOUR, start=START + 14 * DAY)
    assert reserve(official, citizen, now=last, start=START + 14 * DAY)


def test_other_agencies_and_people__are_not_concerned(
    official: Official, citizen: SignedIn, absent: Application
) -> None:
    Application.objects.update(citizen=ConsentAcceptanceFactory().citizen)
    assert reserve(official, citizen)


def of_another_agency(absent: Application) -> None:
    other = ScheduleRuleFactory().official
    Application.objects.update(official=other, agency=other.agency)


def off(absent: Application) -> None:
    Agency.objects.update(absence_pause_days=None)


def over(absent: Application) -> None:
    Application.objects.update(state="agency_absent")


def objected(absent: Application) -> None:
    Objection.objects.create(
        application=absent,
        outcome="citizen_absent",
        text="Я був.",
        created_at=NOW,
        due=date(2026, 12, 1),
    )


def switched(absent: Application) -> None:
    journal.record(JournalAct.SWITCH_CONFERENCE, subject=absent, staff_id=1, now=absent.start)


def official_never_came(absent: Application) -> None:
    Room.objects.create(
        application=absent, conference="own", created_at=absent.start, opened_at=absent.start
    )


def citizen_at_the_door(absent: Application) -> None:
    official_never_came(absent)
    for role in ("official", "citizen"):
        Participant.objects.create(
            room=Room.objects.get(), role=role, state="waiting", last_seen_at=absent.start
        )


def away(absent: Application) -> None:
    Absence.objects.create(
        official=absent.official, start=absent.start - HOUR, end=absent.start + HOUR
    )


def closed(absent: Application) -> None:
    day = absent.start.astimezone(ZoneInfo("Europe/Kyiv")).date()
    ScheduleException.objects.create(official=absent.official, date=day)


@pytest.mark.parametrize(
    "doubt",
    [
        of_another_agency, off, over, objected, switched, official_never_came, citizen_at_the_door,
        away, closed,
    ],
)  # fmt: skip
def test_what_is_not_the_citizens_own__lets_nobody_wait(
    official: Official, citizen: SignedIn, absent: Application, doubt: Callable[[Application], None]
) -> None:
    doubt(absent)
    assert reserve(official, citizen)


def test_an_objection_that_was_refused__gives_the_pause_back(
    official: Official, citizen: SignedIn, absent: Application
) -> None:
    objected(absent)
    Objection.objects.update(answered_at=NOW, answer="Вас не було.")
    with pytest.raises(errors.AbsencePause):
        reserve(official, citizen)


@pytest.mark.parametrize("days", [0, 31])
def test_the_database__holds_30_days(official: Official, days: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.update(absence_pause_days=days)


@pytest.mark.usefixtures("frozen")
def test_the_page_of_times__says_it_before_anybody_tries(
    client: Client, official: Official, citizen: SignedIn, absent: Application
) -> None:
    sign_in(client, citizen.citizen)
    chosen = {"agency": official.agency.pk, "official": official.pk}
    page = Page(client.get(reverse("diia_videoreception:choose"), chosen))
    assert "Знову подати заявку до цієї установи можна з:" in page.text
    assert absent.number in page.text
