"""What a citizen holds at this moment."""

import uuid
from datetime import datetime

from diia_videoreception.models import Citizen, HoldUse, Occupancy


def live_hold(citizen: Citizen, *, now: datetime) -> Occupancy | None:
    """Return the citizen's hold, if it has not ended."""
    return (
        Occupancy.objects.filter(citizen=citizen, kind=Occupancy.Kind.HOLD, expires_at__gt=now)
        .select_related("official__unit__agency", "seat__centre")
        .first()
    )


def last_hold_use(citizen: Citizen) -> HoldUse | None:
    """Return the hold the citizen made last, whatever became of it: for «reserve this time again»."""
    return (
        HoldUse.objects.filter(citizen=citizen)
        .select_related("official__unit__agency")
        .order_by("-created_at", "-pk")
        .first()
    )


def hold_use(citizen: Citizen, token: uuid.UUID) -> HoldUse | None:
    return HoldUse.objects.filter(citizen=citizen, token=token).first()
