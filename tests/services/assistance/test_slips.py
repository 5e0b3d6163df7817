"""Slips of applications that were made in a centre, and what may be tried with their codes."""

import pytest

from diia_videoreception import errors, models
from diia_videoreception.rules.slips import MAX_TRIES
from diia_videoreception.services.assistance import slips
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld
from tests.steps.slips import made_in, slip_of

pytestmark = pytest.mark.any_database


def other(code: str) -> str:
    return ("2" if code[0] != "2" else "3") + code[1:]


def test_a_slip__is_kept_without_its_code_and_is_written_into_the_journal(
    world: CentreWorld,
) -> None:
    application = made_in(world.centre)
    first, second = slip_of(application), slip_of(application)
    kept = models.Slip.objects.get()
    assert kept.copies == 2
    assert first.code not in str(vars(kept))
    assert second.code not in str(vars(kept))
    acts = models.JournalRecord.objects.filter(subject_id=str(application.public_id))
    assert [one.act for one in acts] == ["application.slip_given"] * 2
    assert [one.details for one in acts] == [{"again": False}, {"again": True}]


def test_a_new_code__ends_the_one_before(world: CentreWorld) -> None:
    application = made_in(world.centre)
    first, second = slip_of(application), slip_of(application)
    with pytest.raises(errors.SlipCodeWrong):
        slips.case_with(application.number, first.code)
    assert slips.case_with(application.number, second.code) == application


def test_five_wrong_codes__lock_even_the_right_one_until_there_is_another(
    world: CentreWorld,
) -> None:
    application = made_in(world.centre)
    given = slip_of(application)
    for _ in range(MAX_TRIES):
        with pytest.raises(errors.SlipCodeWrong):
            slips.case_with(application.number, other(given.code))
    with pytest.raises(errors.SlipCodeWrong):
        slips.case_with(application.number, given.code)
    again = slips.give_again(
        world.centre.public_id, application.number, staff=world.consultant, now=NOW
    )
    assert slips.case_with(application.number, again.code) == application


def test_the_right_code__may_be_read_as_often_as_one_likes(world: CentreWorld) -> None:
    application = made_in(world.centre)
    given = slip_of(application)
    with pytest.raises(errors.SlipCodeWrong):
        slips.case_with(application.number, other(given.code))
    for _ in range(MAX_TRIES + 1):
        assert slips.case_with(application.number, given.code) == application
    assert models.Slip.objects.get().tries == 1


@pytest.mark.parametrize("number", ["", "ВП-2026-999999-9", "ВП-2026-000001-0", "x" * 500])
def test_a_number_that_is_not_there__gets_the_same_answer(world: CentreWorld, number: str) -> None:
    with pytest.raises(errors.SlipCodeWrong):
        slips.case_with(number, "R4KM27")


def test_nobody_else__makes_the_slip_of_a_citizen(world: CentreWorld) -> None:
    application = made_in(world.centre)
    at_home = ApplicationFactory()
    for citizen, found in ((CitizenFactory(), application), (at_home.citizen, at_home)):
        with pytest.raises(errors.NotFound):
            slips.give_own(citizen, found.public_id, now=NOW)
    assert not models.Slip.objects.exists()


def test_another_centre__makes_none(world: CentreWorld) -> None:
    application = made_in(world.centre)
    with pytest.raises(errors.Incomplete):
        slips.give_again(
            world.foreign.public_id, application.number, staff=world.foreign_head, now=NOW
        )
    with pytest.raises(errors.NotFound):
        slips.give_again(
            world.centre.public_id, application.number, staff=world.foreign_head, now=NOW
        )
    assert not models.Slip.objects.exists()
