"""A hold that runs out while its owner waits in the queue of the official (A-35)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from diia_videoreception.errors import HoldExpired
from diia_videoreception.models import Application, Draft, Occupancy, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import applications, holds, occupancy
from diia_videoreception.services.booking.drafts import DraftAnswers, save_answers
from tests.factories import CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START

pytestmark = pytest.mark.django_db


@pytest.fixture
def official() -> Official:
    return ScheduleRuleFactory().official


@pytest.fixture
def citizen(official: Official) -> SignedIn:
    actor = signed_in(CitizenFactory())
    hold_at(actor, official, START)
    return actor


@pytest.fixture
def lost_while_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else, whose clock is ahead, drops the hold before the official's lock is had."""
    lock: Callable[..., Official] = occupancy.lock_official

    def late(*args: Any) -> Official:
        Occupancy.objects.filter(kind=Occupancy.Kind.HOLD).delete()
        return lock(*args)

    monkeypatch.setattr(occupancy, "lock_official", late)


def hold_at(actor: SignedIn, official: Official, start: datetime) -> Occupancy:
    return holds.reserve(
        actor=actor, official_id=official.pk, start=start, captcha=solved_captcha(), now=NOW
    )


def test_filing__says_that_the_hold_has_ended_and_keeps_the_draft(
    citizen: SignedIn, lost_while_waiting: None
) -> None:
    answers = DraftAnswers(topic="Питання", phone="067 123 45 67")
    draft = save_answers(citizen=citizen.citizen, answers=answers, now=NOW)

    with pytest.raises(HoldExpired):
        applications.submit(
            actor=citizen,
            draft_token=draft.token,
            captcha=solved_captcha(),
            channel=Application.Channel.WEB,
            now=NOW,
        )

    assert not Application.objects.exists()
    assert Draft.objects.get().topic == "Питання"


def test_moving__says_that_the_hold_has_ended(
    citizen: SignedIn, official: Official, lost_while_waiting: None
) -> None:
    with pytest.raises(HoldExpired):
        hold_at(citizen, official, START + timedelta(hours=1))
