"""A signed-in citizen at the form, with a held time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import (
    Application,
    Citizen,
    CitizenSession,
    Draft,
    Occupancy,
    Official,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import drafts, holds
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import (
    NOW,
    ApplicationFactory,
    CitizenFactory,
    ScheduleRuleFactory,
    signed_in,
)
from tests.harness.captcha import solved_captcha
from tests.web import people

START = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
"""Tuesday, 1 December 2026, 10:30 in Kyiv."""

ANSWERS = {
    "topic": "Прошу роз’яснити, чому припинили компенсацію.",
    "phone": "067 123 45 67",
    "prior_number": "",
    "companion": "",
}


def url(name: str, *args: object) -> str:
    return reverse(f"diia_videoreception:{name}", args=args)


@pytest.fixture
def clock(time_machine: Any) -> Callable[[timedelta], None]:
    """The clock stands at NOW; `clock(timedelta(minutes=15))` sets it to that long after."""
    time_machine.move_to(NOW, tick=False)
    return lambda later: time_machine.move_to(NOW + later, tick=False)


@pytest.fixture
def official(db: None) -> Official:
    """Receives on working days from 9:00 to 13:00, half an hour each."""
    return ScheduleRuleFactory().official


@pytest.fixture
def person(db: None, clock: object) -> SignedIn:
    return signed_in(CitizenFactory())


@pytest.fixture
def client(person: SignedIn) -> Client:
    return sign_in(Client(), person.citizen)


def sign_in(client: Client, citizen: Citizen) -> Client:
    """Signs the citizen in for longer than any test moves the clock."""
    people.sign_in(client, citizen)
    long = NOW + timedelta(days=30)
    CitizenSession.objects.filter(citizen=citizen).update(idle_deadline=long, deadline=long)
    return client


def filed(person: SignedIn, **how: Any) -> Application:
    """An application of the person."""
    consent = person.citizen.consents.get()
    return ApplicationFactory(citizen=person.citizen, consent=consent, **how)


def hold_time(person: SignedIn, official: Official, start: datetime = START) -> Occupancy:
    return holds.reserve(
        actor=person, official_id=official.pk, start=start, captcha=solved_captcha(), now=NOW
    )


@pytest.fixture
def hold(person: SignedIn, official: Official) -> Occupancy:
    return hold_time(person, official)


def write_draft(person: SignedIn, *, by_program: bool = False, **changes: Any) -> Draft:
    answers = {"topic": ANSWERS["topic"], "phone": ANSWERS["phone"]} | changes
    return drafts.save_answers(
        citizen=person.citizen, answers=DraftAnswers(**answers), by_program=by_program, now=NOW
    )


@pytest.fixture
def draft(person: SignedIn) -> Draft:
    return write_draft(person)
