"""Moderators, and what they decide about applications."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Agency, AgencyModerator, Application
from diia_videoreception.services.booking import moderation
from tests.harness.clock import NOW


def moderator_of(*agencies: Agency, name: str = "moderator") -> AbstractBaseUser:
    user = get_user_model().objects.create_user(name)
    for agency in agencies:
        AgencyModerator.objects.create(agency=agency, user=user)
    return user


def decide(
    act: str,
    application: Application,
    moderator: AbstractBaseUser,
    *,
    version: int | None = None,
    now: datetime = NOW,
    **how: Any,
) -> Application:
    """`decide("decline", application, moderator, refusal=Refusal("…"))`: by default of its present version.

    Another time is one that the citizen has agreed to.
    """
    if act == "confirm_other_time":
        how = {"is_agreed": True} | how
    decided: Application = getattr(moderation, act)(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version if version is None else version,
        now=now,
        **how,
    )
    return decided
