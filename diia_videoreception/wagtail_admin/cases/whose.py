"""Who sees to a case, for every screen that names them."""

from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from diia_videoreception.models import Application, CasePresence
from diia_videoreception.selectors.booking.assignments import assignment_of
from diia_videoreception.wording import clock


def who_sees_to(application: Application) -> str:
    """Return the name of the moderator who has the case; empty where nobody does."""
    found = assignment_of(application)
    return str(get_user_display_name(found.right.user)) if found is not None else ""


def at_work_in_words(presence: CasePresence | None, zone: str) -> str:
    """Return who has begun to work on a case before the reader; empty where nobody has."""
    if presence is None:
        return ""
    return _(
        "%(who)s has been working on this application since %(since)s. Last active: %(last)s."
    ) % {
        "who": get_user_display_name(presence.user),
        "since": clock(presence.since, zone),
        "last": clock(presence.last_seen_at, zone),
    }


def seen_assignment(application: Application) -> int:
    """Return what a page sends back to tell who had the case when it was shown."""
    found = assignment_of(application)
    return found.pk if found is not None else 0
