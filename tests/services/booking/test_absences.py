"""Absences of officials: what is told where one cannot be saved."""

from datetime import timedelta

import pytest

from diia_videoreception.errors import AbsenceExists, TimeHeld, TimeOccupied
from diia_videoreception.models import Absence, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import holds
from diia_videoreception.services.booking.absences import save_absence
from tests.factories import ApplicationFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START


@pytest.fixture
def absence(official: Official) -> Absence:
    ApplicationFactory(official=official, start=START)
    return Absence(official=official, start=START, end=START + timedelta(hours=1))


def test_absence__over_an_application_tells_the_agency_which(
    absence: Absence, official: Official
) -> None:
    with pytest.raises(TimeOccupied):
        save_absence(absence, now=NOW)


def test_absence__over_a_time_that_somebody_is_booking_says_until_when(
    official: Official, citizen: SignedIn
) -> None:
    holds.reserve(
        actor=citizen, official_id=official.pk, start=START, captcha=solved_captcha(), now=NOW
    )
    wanted = Absence(official=official, start=START, end=START + timedelta(hours=1))

    with pytest.raises(TimeHeld, match="До 10:15 за київським часом"):
        save_absence(wanted, now=NOW)


def test_absence__over_another_one_is_told_of_that_one(official: Official) -> None:
    """Not of applications that are not there."""
    hour = timedelta(hours=1)
    there = save_absence(Absence(official=official, start=START, end=START + 2 * hour), now=NOW)
    wanted = Absence(official=official, start=START + hour, end=START + 3 * hour)

    with pytest.raises(AbsenceExists, match=r"з 01\.12\.2026, 10:30 до 01\.12\.2026, 12:30"):
        save_absence(wanted, now=NOW)

    there.end = START + hour
    save_absence(there, now=NOW)
    assert save_absence(wanted, now=NOW).pk
