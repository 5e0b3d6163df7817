"""A signed-in citizen at the form, with a held time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import Draft, Occupancy, Official
from diia_videoreception.selectors.actors import SignedIn
from tests.factories import NOW, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.steps.application import hold_time, sign_in_for_long, write_draft


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
    return sign_in_for_long(Client(), person.citizen)


@pytest.fixture
def hold(person: SignedIn, official: Official) -> Occupancy:
    return hold_time(person, official)


@pytest.fixture
def draft(person: SignedIn) -> Draft:
    return write_draft(person)
