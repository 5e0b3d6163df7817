"""A citizen with applications that moderators have decided about."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from diia_videoreception.models import Application, Citizen, Official
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps import moderation
from tests.steps.moderation import moderator_of
from tests.steps.people import sign_in


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def citizen(db: None) -> Citizen:
    return CitizenFactory()


@pytest.fixture
def client(citizen: Citizen) -> Client:
    client = Client()
    sign_in(client, citizen)
    return client


@pytest.fixture
def official(db: None) -> Official:
    return ScheduleRuleFactory().official


@pytest.fixture
def submitted(client: Client, citizen: Citizen, official: Official) -> Application:
    return ApplicationFactory(
        citizen=citizen, official=official, start=START, consent=citizen.consents.get()
    )


@pytest.fixture
def decide(official: Official) -> Callable[..., Application]:
    """`decide("decline", application, refusal=Refusal("…"))`: what a moderator does to it."""
    moderator = moderator_of(official.agency)

    def act(name: str, application: Application, **how: Any) -> Application:
        return moderation.decide(name, application, moderator, now=timezone.now(), **how)

    return act


@pytest.fixture
def confirmed(
    client: Client, submitted: Application, decide: Callable[..., Application]
) -> Application:
    return decide("confirm", submitted)
