"""Who is working on a case right now."""

from datetime import datetime

from diia_videoreception.models import Application, CasePresence
from diia_videoreception.rules.presence import IDLE
from diia_videoreception.selectors.access import StaffUser


def colleague_at_work(
    application: Application, user: StaffUser, *, now: datetime
) -> CasePresence | None:
    """Return the colleague who has begun to work on a case before the user, and still does.

    Args:
        application: One that the user may see.
    """
    if not application.is_visited:
        return None
    here = CasePresence.objects.filter(application=application, last_seen_at__gt=now - IDLE)
    first = here.select_related("user").order_by("since", "pk").first()
    return first if first is not None and first.user_id != user.pk else None
