"""The state of an application in words, with the icon and colour that go with them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models import Application
from diia_videoreception.rules.transitions import State


@dataclass(frozen=True, slots=True)
class Tag:
    """Words first; `kind` is a colour of the stylesheet, empty for none."""

    text: str | Promise
    icon: str
    kind: str = ""


_TAGS = {
    State.SUBMITTED: Tag(pgettext_lazy("application", "Submitted"), "letter", "info"),
    State.IN_REVIEW: Tag(_("Under consideration"), "letter", "info"),
    State.CLARIFICATION: Tag(_("Clarification needed"), "chat", "attention"),
    State.CONFIRMED: Tag(_("Time confirmed"), "check", "success"),
    State.DECLINED: Tag(pgettext_lazy("application", "Declined"), "alert", "error"),
    State.ANSWERED: Tag(_("Answered in writing"), "letter", "success"),
    State.NOT_CONSIDERED: Tag(_("Consideration ended"), "info", "attention"),
    State.CANCELLED: Tag(pgettext_lazy("application", "Cancelled"), "info"),
    State.LAPSED: Tag(_("Not considered in time"), "alert", "attention"),
    State.COMPLETED: Tag(_("The reception took place"), "ok"),
    State.CITIZEN_ABSENT: Tag(_("The reception did not take place"), "info"),
    State.AGENCY_ABSENT: Tag(_("The reception did not take place"), "alert", "attention"),
}
_MOVED = Tag(_("Time changed"), "calendar", "attention")
_PROPOSED = Tag(_("Another time proposed"), "calendar", "attention")
_OVER = Tag(_("Time has passed"), "clock")


def tag_of(application: Application, *, now: datetime, is_proposed: bool = False) -> Tag:
    """Return how the state of an application is shown; nobody may have noted what became of a reception.

    Args:
        is_proposed: Whether another time waits for the answer of the citizen.
    """
    if is_proposed:
        return _PROPOSED
    if application.state == State.CONFIRMED and application.end <= now:
        return _OVER
    if application.state == State.CONFIRMED and application.start != application.requested_start:
        return _MOVED
    return _TAGS[application.state_at(now)]
