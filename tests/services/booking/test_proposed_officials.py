"""Another time with another official: whose time is held, what the answer does, who is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Application, Letter, Occupancy, Official, Proposal
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import deadlines
from diia_videoreception.services.letters.calendars import calendar_of_letter
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps.letters import render
from tests.steps.moderation import decide
from tests.steps.proposals import answer, propose, withdraw
from tests.steps.reassigning import colleague_of

pytestmark = pytest.mark.any_database

LATER = START + timedelta(hours=1)


@pytest.fixture
def other(official: Official) -> Official:
    return colleague_of(official)


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


def times() -> set[tuple[str, int, Any]]:
    return {(row.kind, row.official_id, row.start) for row in Occupancy.objects.all()}


def test_until_the_answer__both_officials_have_their_time_for_the_citizen(
    submitted: Application, official: Official, other: Official, moderator: AbstractBaseUser
) -> None:
    proposal = propose(submitted, moderator, LATER, official=other)

    both = {("application", official.pk, START), ("proposal", other.pk, LATER)}
    assert times() == both
    assert Application.objects.get(pk=submitted.pk).official == official
    text = render(Letter.objects.get(kind="proposal")).text
    assert f"Хто Вас тоді прийме: {other.full_name}" in text
    with pytest.raises(errors.SlotTaken):
        decide(
            "confirm_other_time",
            ApplicationFactory(official=other, start=START),
            moderator,
            start=LATER,
        )

    answer("refuse", proposal)

    assert ("application", official.pk, START) in times()
    assert ("proposal", other.pk, LATER) not in times()


@pytest.mark.parametrize("state", ["submitted", "confirmed"])
def test_accepting__leads_to_the_other_official_at_the_other_time(
    submitted: Application,
    official: Official,
    other: Official,
    moderator: AbstractBaseUser,
    state: str,
) -> None:
    if state == "confirmed":
        decide("confirm", submitted, moderator)
    users = []
    for one, name in ((official, "persha"), (other, "druha")):
        one.user = get_user_model().objects.create_user(name, email=f"{name}@example.gov.ua")
        one.save()
        users.append(one.user)
    proposal = propose(submitted, moderator, LATER, official=other)
    Letter.objects.all().delete()

    answer("accept", proposal)

    seen = Application.objects.get(pk=submitted.pk)
    assert (seen.official, seen.start, seen.state) == (other, LATER, "confirmed")
    assert times() == {("application", other.pk, LATER)}
    letter = Letter.objects.get(citizen=seen.citizen)
    assert letter.kind == ("moved" if state == "confirmed" else "confirmation")
    text = render(letter).text
    assert f"Попередня посадова особа: {official.full_name}" in text
    assert f"Посадова особа: {other.full_name}" in text
    told = {one.address: one for one in Letter.objects.filter(address__endswith="@example.gov.ua")}
    assert told[users[1].email].kind == "official_confirmed"
    assert (users[0].email in told) == (state == "confirmed")
    if state == "confirmed":
        gone = told[users[0].email]
        assert gone.kind == "official_cancelled"
        assert gone.facts["start"] == START.isoformat()
        calendar = calendar_of_letter(gone)
        assert calendar is not None
        assert b"METHOD:CANCEL" in calendar.content
        assert official.full_name in render(gone).text


@pytest.mark.parametrize("how", ["withdraw", "expire", "decline"])
def test_without_a_yes__the_other_official_is_free_again(
    submitted: Application,
    official: Official,
    other: Official,
    moderator: AbstractBaseUser,
    how: str,
) -> None:
    proposal = propose(submitted, moderator, LATER, official=other)
    if how == "withdraw":
        withdraw(submitted, moderator)
    elif how == "expire":
        deadlines.expire_proposals(now=proposal.deadline)
    else:
        decide(
            "decline", Application.objects.get(pk=submitted.pk), moderator, refusal=Refusal("Ні.")
        )

    assert not Occupancy.objects.filter(official=other).exists()
    assert Application.objects.get(pk=submitted.pk).official == official


def test_the_present_official__named_again_is_no_other(
    submitted: Application, official: Official, moderator: AbstractBaseUser
) -> None:
    assert propose(submitted, moderator, LATER, official=official).official is None


def test_what_cannot_be__is_refused_and_writes_nothing(
    submitted: Application, other: Official, moderator: AbstractBaseUser
) -> None:
    foreign = ScheduleRuleFactory().official
    resting = colleague_of(other)
    resting.receives = False
    resting.save()
    busy = colleague_of(other)
    ApplicationFactory(official=busy, start=LATER)
    for official, start, refusal in (
        (foreign, LATER, errors.OfficialUnavailable),
        (resting, LATER, errors.OfficialUnavailable),
        (Official(pk=10**9), LATER, errors.NotFound),
        (other, START, errors.CitizenTimeTaken),
        (other, START - timedelta(days=2), errors.OutsideSchedule),
        (busy, LATER, errors.SlotTaken),
    ):
        with pytest.raises(refusal):
            propose(submitted, moderator, start, official=official)

    assert not Proposal.objects.exists()
    assert not Occupancy.objects.filter(kind="proposal").exists()
    assert Application.objects.get(pk=submitted.pk).version == 1


def test_the_deadline__is_looked_at_as_ever(
    submitted: Application, other: Official, moderator: AbstractBaseUser
) -> None:
    proposal = propose(submitted, moderator, LATER, official=other)

    with pytest.raises(errors.ProposalClosed):
        answer("accept", proposal, now=proposal.deadline)

    assert NOW < proposal.deadline
    assert Application.objects.get(pk=submitted.pk).official != other
