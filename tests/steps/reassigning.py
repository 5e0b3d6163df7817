"""Another official who is free when an official receives, and giving a case to them."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, Official
from diia_videoreception.services.booking import reassigning
from tests.factories import ScheduleRuleFactory
from tests.harness.clock import NOW


def colleague_of(official: Official, **values: str) -> Official:
    """Somebody of the same unit with the usual hours."""
    named = {f"official__{name}": value for name, value in values.items()}
    found: Official = ScheduleRuleFactory(official__unit=official.unit, **named).official
    return found


def reassign(
    application: Application,
    moderator: AbstractBaseUser,
    official: Official,
    *,
    version: int | None = None,
    now: datetime = NOW,
) -> Application:
    return reassigning.reassign(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version if version is None else version,
        official_id=official.pk,
        now=now,
    )
