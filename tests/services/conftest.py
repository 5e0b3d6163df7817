"""An official who receives on working days, and citizens who want a time."""

from datetime import UTC, datetime

import pytest

from diia_videoreception.models import Official
from diia_videoreception.selectors.actors import SignedIn
from tests.factories import CitizenFactory, ScheduleRuleFactory, signed_in


@pytest.fixture
def official(db: None) -> Official:
    """Receives on working days from 9:00 to 13:00, half an hour each."""
    return ScheduleRuleFactory().official


@pytest.fixture
def citizen(db: None) -> SignedIn:
    return signed_in(CitizenFactory())


@pytest.fixture
def slot_start() -> datetime:
    """Tuesday, 1 December 2026, 10:30 in Kyiv; bookable at `NOW`."""
    return datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
