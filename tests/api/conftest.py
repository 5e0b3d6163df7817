"""A program that acts for a citizen with an access token of the portal."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from diia_videoreception.models import Citizen, Official
from integrations.common.levels import Level
from tests.factories import ConsentAcceptanceFactory, ScheduleRuleFactory
from tests.harness import portal
from tests.steps.api import API, identity


@pytest.fixture
def official(db: None) -> Official:
    """Receives on working days from 9:00 to 13:00, half an hour each."""
    return ScheduleRuleFactory().official


@pytest.fixture
def client_for(frozen: datetime, db: None) -> Callable[..., APIClient]:
    """`client_for(3)`: the program of citizen number 3, who has agreed to the terms."""

    def make(
        number: int = 0, *, consent: bool = True, level: Level = Level.SUBSTANTIAL
    ) -> APIClient:
        client = APIClient()
        token = portal.access_token(identity(number, level=level), now=timezone.now())
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        client.get(f"{API}/applications")
        citizen = Citizen.objects.order_by("pk").last()
        if consent and citizen is not None and not citizen.consents.exists():
            ConsentAcceptanceFactory(citizen=citizen)
        return client

    return make


@pytest.fixture
def client(client_for: Callable[..., APIClient]) -> APIClient:
    return client_for()
