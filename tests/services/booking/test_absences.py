"""Absences of officials: of whom staff may save one, and what they learn when they may not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NotFound, TimeOccupied
from diia_videoreception.models import Absence, Official
from diia_videoreception.services.booking.absences import save_by_staff
from tests.factories import AgencyFactory, ApplicationFactory
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


def test_absence__of_another_agency_tells_nothing_of_its_applications(absence: Absence) -> None:
    stranger: AbstractBaseUser = moderator_of(AgencyFactory())
    with pytest.raises(NotFound):
        save_by_staff(absence, staff=stranger, now=NOW)
