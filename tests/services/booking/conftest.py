"""An application that waits for a decision, and who makes it."""

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, Official
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps.moderation import moderator_of


@pytest.fixture
def moderator(official: Official) -> AbstractBaseUser:
    return moderator_of(official.agency)


@pytest.fixture
def submitted(official: Official) -> Application:
    return ApplicationFactory(official=official, start=START)
