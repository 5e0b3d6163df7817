"""Whom a race is about; everybody else sees what is committed."""

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Official
from tests.factories import ScheduleRuleFactory
from tests.steps.moderation import moderator_of


@pytest.fixture
def official(transactional_db: None) -> Official:
    return ScheduleRuleFactory().official


@pytest.fixture
def moderator(official: Official) -> AbstractBaseUser:
    return moderator_of(official.agency)


@pytest.fixture
def other(official: Official) -> AbstractBaseUser:
    """Another moderator of the same agency."""
    return moderator_of(official.agency, name="another")
