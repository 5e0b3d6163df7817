"""Another official receives: whose time is taken and free, what stays, who is told, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import (
    Absence,
    Application,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
    Reception,
    ScheduleRule,
)
from diia_videoreception.selectors.access import receptions_of
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.free_officials import officials_free_at
from diia_videoreception.selectors.letters import worth_sending
from diia_videoreception.services.booking import absences
from diia_videoreception.services.letters.calendars import calendar_of_letter
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import ApplicationFactory, OfficialFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps import move_requests
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import propose
from tests.steps.reassigning import colleague_of, reassign

pytestmark = pytest.mark.any_database

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def other(official: Official) -> Official:
    return colleague_of(official)


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


@pytest.fixture
def confirmed(submitted: Application, moderator: AbstractBaseUser) -> Application:
    decided = decide("confirm", submitted, moderator)
    Letter.objects.all().delete()
    return decided


def signs_in(official: Official, name: str) -> Any:
    user = get_user_model().objects.create_user(name, email=f"{name}@example.gov.ua")
    official.user = user
    official.save()
    return user


def free_times(official: Official) -> set[datetime]:
    days = availability.calendar(
        official, first=START.date(), last=START.date(), citizen=None, now=NOW
    )
    return {slot.start for day in days for slot in day.slots if slot.state == "free"}


def test_the_time__is_the_others_and_free_with_the_first(
    submitted: Application, official: Official, other: Official, moderator: AbstractBaseUser
) -> None:
    assert START in free_times(other)
    assert START not in free_times(official)

    given = reassign(submitted, moderator, other)

    seen = Application.objects.get(pk=submitted.pk)
    assert (seen.official, seen.state, seen.start, seen.version) == (other, "submitted", START, 2)
    assert seen.decided_at is None
    assert given == seen
    assert START not in free_times(other)
    assert START in free_times(official)
    record = JournalRecord.objects.get(act="application.reassign")
    assert record.details == {"was": official.pk, "official": other.pk}
    assert record.actor_id == str(moderator.pk)


def test_the_end__follows_the_schedule_of_who_receives(
    submitted: Application, other: Official, moderator: AbstractBaseUser
) -> None:
    other.slot_minutes = 15
    other.save()

    given = reassign(submitted, moderator, other)

    assert given.end == START + timedelta(minutes=15)
    assert Occupancy.objects.get(application=given).end == given.end


def test_the_citizen__is_told_of_what_waits_for_a_decision(
    submitted: Application, official: Official, other: Official, moderator: AbstractBaseUser
) -> None:
    given = reassign(submitted, moderator, other)

    letter = Letter.objects.get()
    assert letter.kind == "reassigned"
    text = render(letter).text
    assert f"Попередня посадова особа: {official.full_name}" in text
    assert f"Посадова особа: {other.full_name}" in text
    assert "установа ще має його підтвердити" in text
    assert "логін" not in text.lower()
    assert calendar_of_letter(letter) is None
    assert worth_sending([letter], given, now=NOW) == [letter]


def test_a_confirmed_reception__keeps_its_time_and_gets_a_new_login(
    confirmed: Application, other: Official, moderator: AbstractBaseUser
) -> None:
    before = Reception.objects.get(application=confirmed)

    given = reassign(confirmed, moderator, other)

    after = Reception.objects.get(application=given)
    assert after.conference == before.conference
    # The earlier official knows the earlier one.
    assert after.login != before.login
    assert after.password != before.password
    assert after.calendar_sequence == before.calendar_sequence + 1
    assert given.state == "confirmed"
    letter = Letter.objects.get(kind="reassigned")
    calendar = calendar_of_letter(letter)
    assert calendar is not None
    assert b"METHOD:REQUEST" in calendar.content
    assert f"SEQUENCE:{after.calendar_sequence}".encode() in calendar.content
    text = render(letter).text
    assert "Установа передала Ваш прийом іншій посадовій особі." in text
    assert "Логін і пароль нові" in text
    assert after.login in text


def test_a_request_to_move__ends_with_the_official_of_its_times(
    confirmed: Application, moderator: AbstractBaseUser, other: Official
) -> None:
    wish = move_requests.ask(confirmed, START + timedelta(hours=1))

    reassign(Application.objects.get(pk=confirmed.pk), moderator, other)

    wish.refresh_from_db()
    assert (wish.answer, wish.answered_at) == ("superseded", NOW)
    letter = Letter.objects.get(kind="reassigned", copy_of=None)
    assert "Це прохання закрито" in " ".join(render(letter).text.split())
    again = move_requests.ask(Application.objects.get(pk=confirmed.pk), START + timedelta(hours=1))
    assert again.is_open(NOW), "of the new official's times"


def test_both_officials__are_told_and_only_one_sees_the_reception(
    confirmed: Application, official: Official, other: Official, moderator: AbstractBaseUser
) -> None:
    first, second = signs_in(official, "persha"), signs_in(other, "druha")
    confirmed.refresh_from_db()

    given = reassign(confirmed, moderator, other)

    told = {one.address: one for one in Letter.objects.filter(citizen=None)}
    assert told[first.email].kind == "official_cancelled"
    assert told[second.email].kind == "official_confirmed"
    gone, come = render(told[first.email]).text, render(told[second.email]).text
    assert official.full_name in gone
    assert other.full_name not in gone
    assert other.full_name in come
    calendar = calendar_of_letter(told[first.email])
    assert calendar is not None
    assert b"METHOD:CANCEL" in calendar.content
    assert list(receptions_of(second)) == [given]
    assert not receptions_of(first).exists()


def test_given_on_before_the_letter_went__the_one_between_is_not_told(
    confirmed: Application, official: Official, other: Official, moderator: AbstractBaseUser
) -> None:
    signs_in(other, "druha")
    third = colleague_of(official)
    reassign(confirmed, moderator, other)
    letter = Letter.objects.get(kind="official_confirmed")

    reassign(Application.objects.get(pk=confirmed.pk), moderator, third)

    with pytest.raises(NothingToSend):
        render(letter)


def _absent(other: Official) -> None:
    row = Absence(official=other, start=START - HALF_HOUR, end=START + HALF_HOUR, reason="нарада")
    absences.save_absence(row, now=NOW)


REFUSED: dict[str, tuple[Any, type[errors.ActRefused]]] = {
    "taken": (
        lambda other: ApplicationFactory(official=other, start=START),
        errors.SlotTaken,
    ),
    "taken in part": (
        lambda other: ApplicationFactory(
            official=other, start=START + HALF_HOUR / 2, end=START + HALF_HOUR
        ),
        errors.SlotTaken,
    ),
    "absent": (_absent, errors.SlotTaken),
    "other hours": (
        lambda other: ScheduleRule.objects.filter(official=other).delete(),
        errors.OutsideSchedule,
    ),
    "receives nobody": (
        lambda other: Official.objects.filter(pk=other.pk).update(receives=False),
        errors.OfficialUnavailable,
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_who_is_not_free__is_neither_offered_nor_given_it(
    submitted: Application, other: Official, moderator: AbstractBaseUser, why: str
) -> None:
    assert [one.official for one in officials_free_at(submitted, now=NOW)] == [other]
    change, refusal = REFUSED[why]
    change(other)
    letters = Letter.objects.count()

    assert officials_free_at(submitted, now=NOW) == []
    with pytest.raises(refusal):
        reassign(submitted, moderator, other)

    seen = Application.objects.get(pk=submitted.pk)
    assert (seen.official, seen.version) == (submitted.official, 1)
    assert Letter.objects.count() == letters


def test_an_official_of_another_agency__is_not_given_it(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    foreign = ScheduleRuleFactory().official

    with pytest.raises(errors.OfficialUnavailable):
        reassign(submitted, moderator, foreign)
    with pytest.raises(errors.OfficialUnavailable):
        reassign(submitted, moderator, submitted.official)
    with pytest.raises(errors.NotFound):
        reassign(submitted, moderator, Official(pk=10**9))
    with pytest.raises(errors.NotFound):
        reassign(submitted, moderator_of(foreign.agency, name="stranger"), foreign)


def test_what_was_decided_meanwhile__is_not_given_away(
    confirmed: Application, other: Official, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.WrongState):
        reassign(confirmed, moderator, other, version=confirmed.version - 1)
    with pytest.raises(errors.WrongState):
        reassign(confirmed, moderator, other, now=START)


def test_beside_an_open_proposal__it_is_refused(
    submitted: Application, other: Official, moderator: AbstractBaseUser
) -> None:
    propose(submitted, moderator, START + HALF_HOUR)

    with pytest.raises(errors.ProposalOpen):
        reassign(Application.objects.get(pk=submitted.pk), moderator, other)


def test_a_longer_reception__does_not_run_into_another_of_the_citizen(
    submitted: Application, citizen: SignedIn, other: Official, moderator: AbstractBaseUser
) -> None:
    other.slot_minutes = 60
    other.save()
    ScheduleRule.objects.filter(official=other).update(starts="10:30")
    ApplicationFactory(official=OfficialFactory(), citizen=citizen.citizen, start=START + HALF_HOUR)

    with pytest.raises(errors.CitizenTimeTaken):
        reassign(submitted, moderator, other)
