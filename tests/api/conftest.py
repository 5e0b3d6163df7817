"""A program that acts for a citizen with an access token of the portal."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from diia_videoreception.models import Citizen, Official
from integrations.identity.base import IdentifierKind, Identity, Level
from tests.factories import ConsentAcceptanceFactory, ScheduleRuleFactory
from tests.harness import portal
from tests.harness.clock import NOW

API = "/videoreception/api/v1"
START = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
"""Tuesday, 1 December 2026, 10:30 in Kyiv; bookable at `NOW`."""


def identity(
    number: int = 0, *, level: Level = Level.SUBSTANTIAL, auth_time: datetime = NOW
) -> Identity:
    from integrations.identity.rnokpp import rnokpp_check_digit

    first_nine = f"{284_721_360 + number:09}"
    return Identity(
        provider="portal",
        subject=f"person-{number}",
        identifier_kind=IdentifierKind.RNOKPP,
        identifier=f"{first_nine}{rnokpp_check_digit(first_nine)}",
        last_name="Мельник",
        first_name="Ірина",
        level=level,
        method="bankid",
        auth_time=auth_time,
        email=f"citizen{number}@example.com",
    )


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
        token = portal.access_token(identity(number, level=level), now=datetime.now(UTC))
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
