"""Who sees to a case, for every screen that names them."""

from wagtail.admin.utils import get_user_display_name

from diia_videoreception.models import Application
from diia_videoreception.selectors.booking.assignments import assignment_of


def who_sees_to(application: Application) -> str:
    """Return the name of the moderator who has the case; empty where nobody does."""
    found = assignment_of(application)
    return str(get_user_display_name(found.right.user)) if found is not None else ""


def seen_assignment(application: Application) -> int:
    """Return what a page sends back to tell who had the case when it was shown."""
    found = assignment_of(application)
    return found.pk if found is not None else 0
