"""Visits that have ended, as the statistics of a centre find them."""

from datetime import datetime, timedelta
from typing import Any

from diia_videoreception import models
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld
from tests.steps.mandates import consent_of


def ended_visits(
    member: models.CentreMember,
    count: int,
    *,
    mode: str = "side_by_side",
    minutes: int = 10,
    started_at: datetime = NOW - timedelta(hours=2),
    **values: Any,
) -> list[models.CentreVisit]:
    """So many visits of a member that are over."""
    values = {"outcome": "consulted", "end_reason": "done", "phase": "close"} | values
    ended = started_at + timedelta(minutes=minutes)
    return models.CentreVisit.objects.bulk_create(
        models.CentreVisit(
            centre=member.centre,
            member=member,
            mode=mode,
            started_at=started_at,
            changed_at=ended,
            ended_at=ended,
            **values,
        )
        for _ in range(count)
    )


def rated(centre: models.Centre, *values: int) -> None:
    models.VisitRating.objects.bulk_create(
        models.VisitRating(centre=centre, day=NOW.date(), mode="self_service", value=value)
        for value in values
    )


def applied(
    citizen: models.Citizen,
    official: models.Official,
    world: CentreWorld | None = None,
    *,
    at: datetime,
) -> models.Application:
    """An application that a citizen has filed alone, or the administrator of a centre for them."""
    values: dict[str, Any] = {}
    if world is not None:
        values = {
            "channel": "intermediary",
            "centre": world.centre,
            "mandate": models.Mandate.objects.first() or consent_of(citizen, world),
            "entered_by": world.member,
            "confirmed_at": at,
            "confirmed_with": "sms_code",
        }
    made: models.Application = ApplicationFactory(
        citizen=citizen, official=official, submitted_at=at, **values
    )
    return made
