"""Whether and until when a citizen may object to what was noted of a reception."""

from datetime import datetime
from zoneinfo import ZoneInfo

from diia_videoreception.models import Application, Objection
from diia_videoreception.rules.objections import objection_until
from diia_videoreception.rules.transitions import OUTCOMES


def objection_to(application: Application) -> Objection | None:
    """Return what the citizen has said against the outcome; whoever may see the application may see it."""
    if application.state not in OUTCOMES.values():
        return None
    return Objection.objects.filter(application=application).select_related("application").first()


def is_settled(application: Application) -> bool:
    """Return whether the agency has answered an objection to what is noted, which stays from then on."""
    return Objection.objects.filter(application=application, answered_at__isnull=False).exists()


def may_object_until(application: Application) -> datetime | None:
    """Return until when the citizen may object; None where there is nothing to object to, or they have."""
    if application.state not in OUTCOMES.values() or application.decided_at is None:
        return None
    if hasattr(application, "objection"):
        return None
    return objection_until(application.decided_at, ZoneInfo(application.official.agency.time_zone))
