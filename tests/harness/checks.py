"""Finished device checks, as the check itself would leave them."""

from datetime import datetime, timedelta
from typing import Any

from device_check.models import CheckRun
from diia_videoreception.models import Application

GOOD_STEPS: dict[str, Any] = {
    step: {"verdict": "ok", "problems": [], "measures": {}}
    for step in ("permission", "camera", "microphone", "speakers", "connection")
}


def finished_check(
    application: Application, *, at: datetime, verdict: str = "good", **steps: dict[str, Any]
) -> CheckRun:
    """A run of the application's citizen that ended at this moment; `steps` replace good ones."""
    return CheckRun.objects.create(
        subject=str(application.citizen.public_id),
        context=str(application.public_id),
        session_hash="0" * 64,
        started_at=at,
        finished_at=at,
        valid_until=at + timedelta(days=14),
        verdict=verdict,
        steps=GOOD_STEPS | steps,
        browser="Chrome 156, Windows",
    )


NO_MICROPHONE = {"verdict": "problem", "problems": ["no_device"], "measures": {}}
