"""Absences of officials: of whom staff may save one, and what they learn when they may not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import AbsenceExists, NotFound, TimeHeld, TimeOccupied
from diia_videoreception.models import Absence, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import holds
from diia_videoreception.services.booking.absences import save_by_staff
from tests.factories import AgencyFactory, ApplicationFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.moderation import moderator_of


@pytest.fixture
def absence(official: Official) -> Absence:
    ApplicationFactory(official=official, start=START)
    return Absence(official=official, start=START, end=START + timedelta(hours=1))


def test_absence__over_an_application_tells_the_agency_which(
    absence: Absence, official: Official
) -> None:
    with pytest.raises(TimeOccupied):
        save_by_staff(absence, staff=moderator_of(official.agency), now=NOW)


def test_absence__over_a_time_that_somebody_is_booking_says_until_when(
    official: Official, citizen: SignedIn
) -> None:
    holds.reserve(
        actor=citizen, official_id=official.pk, start=START, captcha=solved_captcha(), now=NOW
    )
    wanted = Absence(official=official, start=START, end=START + timedelta(hours=1))

    with pytest.raises(TimeHeld, match="До 10:15 за київським часом"):
        save_by_staff(wanted, staff=moderator_of(official.agency), now=NOW)


def test_absence__over_another_one_is_told_of_that_one(official: Official) -> None:
    """Not of applications that are not there."""
    moderator = moderator_of(official.agency)
    hour = timedelta(hours=1)
    there = save_by_staff(
        Absence(official=official, start=START, end=START + 2 * hour), staff=moderator, now=NOW
    )
    wanted = Absence(official=official, start=START + hour, end=START + 3 * hour)

    with pytest.raises(AbsenceExists, match=r"з 01\.12\.2026, 10:30 до 01\.12\.2026, 12:30"):
        save_by_staff(wanted, staff=moderator, now=NOW)

    there.end = START + hour
    save_by_staff(there, staff=moderator, now=NOW)
    assert save_by_staff(wanted, staff=moderator, now=NOW).pk


def test_absence__of_another_agency_tells_nothing_of_its_applications(absence: Absence) -> None:
    stranger: AbstractBaseUser = moderator_of(AgencyFactory())
    with pytest.raises(NotFound):
        save_by_staff(absence, staff=stranger, now=NOW)
