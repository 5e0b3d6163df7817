"""Accepting for review decides nothing: the citizen sees it, time and term stand, every decision follows as before."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalRecord, Letter, Occupancy, Official
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.booking.applications import application_of
from diia_videoreception.services.booking import deadlines
from diia_videoreception.services.letters.rendering import NothingToSend
from diia_videoreception.web.citizen.cabinet.states import tag_of
from diia_videoreception.web.citizen.cabinet.timeline import timeline_of
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps.clarifications import ask, reply
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of


@pytest.fixture
def official(db: None) -> Official:
    return ScheduleRuleFactory().official


@pytest.fixture
def submitted(official: Official) -> Application:
    return ApplicationFactory(official=official, start=START, decide_by=NOW + timedelta(days=2))


def test_accepting__is_told_in_the_cabinet_and_decides_nothing(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    seen = application_of(submitted.citizen, submitted.public_id)
    assert seen is not None
    assert str(tag_of(seen, now=NOW).text) == "Подано"

    decide("accept_for_review", submitted, moderator)

    seen = application_of(submitted.citizen, submitted.public_id)
    assert seen is not None
    assert (seen.state, seen.decided_at, seen.decide_by) == (
        "in_review",
        None,
        submitted.decide_by,
    )
    assert str(tag_of(seen, now=NOW).text) == "На розгляді"
    told = [str(step.title) for step in timeline_of(seen, now=NOW)]
    assert told == ["Установа прийняла заявку до розгляду", "Рішення установи"]
    assert Occupancy.objects.get(application=submitted).start == START
    assert list(worklist.waiting_for_decision(moderator, now=NOW)) == [submitted]
    letter = Letter.objects.get(copy_of=None)
    assert letter.kind == "accepted"
    told = render(letter)
    assert told.subject == f"Заявку № {submitted.number} прийнято до розгляду"
    assert f"адміністратор (модератор) установи: {submitted.agency.name}" in told.text
    assert "Рішення Ви отримаєте до: середа, 25 листопада 2026 року, 9:59" in told.text
    assert JournalRecord.objects.latest("pk").act == "application.accept_for_review"


def test_the_letter__is_not_sent_once_it_is_decided(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    decide("accept_for_review", submitted, moderator)
    submitted.refresh_from_db()
    decide("confirm", submitted, moderator)

    with pytest.raises(NothingToSend):
        render(Letter.objects.get(kind="accepted", copy_of=None))


def test_two_who_accept__one_is_told(submitted: Application, moderator: AbstractBaseUser) -> None:
    other = moderator_of(submitted.agency, name="other")
    decide("accept_for_review", submitted, moderator)

    with pytest.raises(errors.WrongState):
        decide("accept_for_review", submitted, other, version=1)
    with pytest.raises(errors.WrongState):
        decide("accept_for_review", submitted, other, version=2)


def test_what_has_begun_or_is_foreign__is_not_accepted(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.WrongState):
        decide("accept_for_review", submitted, moderator, now=START)
    with pytest.raises(errors.NotFound):
        decide("accept_for_review", submitted, moderator_of(name="foreign"))


def test_what_is_in_review__is_asked_about_decided_and_lapses(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    decide("accept_for_review", submitted, moderator)
    asked = ask(submitted, moderator)
    assert reply(asked).state == "in_review"

    deadlines.lapse_undecided(now=START)

    submitted.refresh_from_db()
    assert submitted.state == "lapsed"
