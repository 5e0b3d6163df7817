"""The agency's own number of a case: written, taken off, found, and not given twice where it says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Agency, Application, JournalRecord, Letter, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.worklist import find_applications
from diia_videoreception.services.booking import registering
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of

NUMBER = "К-17/2026"
YEAR = timedelta(days=60)


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


@pytest.fixture
def other(official: Official) -> Application:
    return ApplicationFactory(official=official, start=START + timedelta(hours=1))


def register(
    application: Application, moderator: AbstractBaseUser, number: str = NUMBER, **how: Any
) -> bool:
    values: dict[str, Any] = {"seen": "", "now": NOW} | how
    return registering.set_registration_number(
        moderator=moderator, public_id=application.public_id, number=number, **values
    )


def test_the_number__is_kept_found_and_told_in_letters(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    assert register(submitted, moderator, f" {NUMBER} \n")

    kept = Application.objects.get()
    assert (kept.registration_number, kept.version) == (NUMBER, submitted.version)
    for search in (NUMBER, "к 17 2026", submitted.number):
        assert find_applications(Application.objects.all(), search).get() == kept
    decide("confirm", kept, moderator)
    letter = Letter.objects.get(kind="confirmation", copy_of=None)
    assert NUMBER in render(letter).text
    assert register(kept, moderator, "", seen=NUMBER)
    assert not find_applications(Application.objects.all(), NUMBER).exists()
    assert NUMBER in render(letter).text, "an old letter reads as it was sent"
    assert JournalRecord.objects.filter(act="application.set_registration").count() == 2


def test_nobody__overwrites_what_they_have_not_seen(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    register(submitted, moderator)
    with pytest.raises(errors.WrongState):
        register(submitted, moderator, "К-18/2026")
    assert not register(submitted, moderator), "the same once more changes nothing"
    assert register(submitted, moderator, "К-18/2026", seen=NUMBER)
    with pytest.raises(errors.Incomplete):
        register(submitted, moderator, "1" * 61, seen="К-18/2026")
    stranger = moderator_of(ScheduleRuleFactory().official.agency, name="other")
    with pytest.raises(errors.NotFound):
        register(submitted, stranger)


@pytest.mark.parametrize("is_unique", [True, False])
def test_a_number__comes_twice_in_a_year_only_where_the_agency_lets_it(
    submitted: Application, other: Application, moderator: AbstractBaseUser, is_unique: bool
) -> None:
    Agency.objects.update(unique_registration=is_unique)
    register(submitted, moderator)
    if not is_unique:
        assert register(other, moderator)
        return
    with pytest.raises(errors.RegistrationTaken):
        register(other, moderator)
    assert Application.objects.get(pk=other.pk).registration_number == ""
    assert register(other, moderator, now=NOW + YEAR), "another year begins anew"
    assert register(other, moderator, "К-18/2026", seen=NUMBER)
    assert register(submitted, moderator, "", seen=NUMBER)
    third = ApplicationFactory(official=other.official, start=START + timedelta(hours=2))
    assert register(third, moderator), "what is taken off is free"


def test_agencies__do_not_share_their_numbers(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    foreign = ApplicationFactory(official=ScheduleRuleFactory().official)
    Agency.objects.update(unique_registration=True)
    register(submitted, moderator)
    assert register(foreign, moderator_of(foreign.official.agency, name="other"))
