"""What staff are told of the time that is left for a decision, in lists, panels and on the page of a case."""

from datetime import datetime
from typing import TypedDict

from django.utils import timezone
from wagtail.admin.ui.tables import Column

from diia_videoreception.models import Application
from diia_videoreception.rules.transitions import UNDECIDED_STATES
from diia_videoreception.selectors.booking.terms import is_overdue
from diia_videoreception.selectors.booking.worklist import is_urgent, time_to_decide
from diia_videoreception.wording import decision_due, span_in_words


class Deadline(TypedDict):
    """For `admin/deadline.html`; the texts are empty where there is nothing to say."""

    overdue: str
    decide_by: str
    is_urgent: bool
    left: str


def deadline(application: Application, *, now: datetime) -> Deadline:
    """Return how an application stands to the time for its decision."""
    left = time_to_decide(application, now=now)
    passed = application.decide_by if is_overdue(application, now=now) else None
    return {
        "overdue": span_in_words(now - passed) if passed else "",
        "decide_by": decide_by_in_words(application),
        "is_urgent": is_urgent(application, now=now),
        "left": span_in_words(left) if left is not None else "",
    }


def decide_by_in_words(application: Application) -> str:
    """Return until when, as the citizen was told; empty when nothing is to be decided."""
    if application.state not in UNDECIDED_STATES:
        return ""
    zone = application.official.agency.time_zone
    return decision_due(
        application.start,
        zone,
        submitted_at=application.submitted_at,
        term=application.decide_by,
    )


class DeadlineColumn(Column):
    """How long a decision can wait; marks what is late, and what nobody has decided a day before its start."""

    cell_template_name = "diia_videoreception/admin/deadline_cell.html"

    def get_value(self, instance: Application) -> Deadline:
        return deadline(instance, now=timezone.now())
