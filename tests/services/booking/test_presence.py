"""Who works on a case: the first is shown to the second, keeps nobody, and is forgotten after a pause."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Application, CasePresence, JournalRecord, Official
from diia_videoreception.services.booking import assignments, presence
from diia_videoreception.services.housekeeping.cleaning import clean
from tests.factories import ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.steps.moderation import decide, moderator_of

MINUTE = timedelta(minutes=1)
IDLE = 15 * MINUTE


@pytest.fixture
def official(db: None) -> Official:
    return ScheduleRuleFactory().official


@pytest.fixture
def first(official: Official) -> AbstractBaseUser:
    return moderator_of(official.agency)


@pytest.fixture
def second(official: Official) -> AbstractBaseUser:
    return moderator_of(official.agency, name="second")


def beat(application: Application, user: AbstractBaseUser, minutes: int = 0) -> CasePresence | None:
    return presence.be_at(
        moderator=user, public_id=application.public_id, now=NOW + minutes * MINUTE
    )


def test_the_second__sees_the_first_and_not_the_other_way(
    submitted: Application, first: AbstractBaseUser, second: AbstractBaseUser
) -> None:
    assert beat(submitted, first) is None
    beat(submitted, first, 3)

    seen = beat(submitted, second, 5)

    assert seen is not None
    assert (seen.user, seen.since, seen.last_seen_at) == (first, NOW, NOW + 3 * MINUTE)
    assert beat(submitted, first, 6) is None
    assert CasePresence.objects.count() == 2


def test_a_pause__lets_the_other_be_the_first(
    submitted: Application, first: AbstractBaseUser, second: AbstractBaseUser
) -> None:
    beat(submitted, first)
    beat(submitted, second, 1)

    assert beat(submitted, second, 15) is None
    seen = beat(submitted, first, 16)

    assert seen is not None
    assert (seen.user, seen.since) == (second, NOW + MINUTE)


def test_taking__makes_one_the_first_and_keeps_nobody_from_deciding(
    submitted: Application, first: AbstractBaseUser, second: AbstractBaseUser
) -> None:
    beat(submitted, first)
    beat(submitted, second, 1)
    records = JournalRecord.objects.count()

    assignments.take(moderator=second, public_id=submitted.public_id, seen=0, now=NOW + 2 * MINUTE)

    assert JournalRecord.objects.count() == records + 1
    seen = beat(submitted, first, 3)
    assert seen is not None
    assert seen.user == second
    submitted.refresh_from_db()
    assert submitted.version == 1
    assert decide("confirm", submitted, first).state == "confirmed"


def test_a_foreign_moderator__is_not_at_it(submitted: Application) -> None:
    with pytest.raises(errors.NotFound):
        beat(submitted, moderator_of(name="foreign"))

    assert not CasePresence.objects.exists()


def test_who_is_gone__is_forgotten(submitted: Application, first: AbstractBaseUser) -> None:
    beat(submitted, first)

    clean(now=NOW + IDLE - MINUTE)
    assert CasePresence.objects.exists()
    clean(now=NOW + IDLE)

    assert not CasePresence.objects.exists()
