"""What has waited too long: the alarm a day before, the lapse at the start, what nobody answered."""

from collections import defaultdict
from datetime import datetime
from functools import partial

from diia_videoreception.models import (
    Agency,
    Application,
    Clarification,
    JournalAct,
    Letter,
    MoveRequest,
    Proposal,
)
from diia_videoreception.rules.times import DECISION_DUE
from diia_videoreception.rules.transitions import UNDECIDED_STATES, Act
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import clarifications, move_requests, occupancy, proposals
from diia_videoreception.services.booking.states import change_state
from diia_videoreception.services.outbox import sum_of_acts
from diia_videoreception.services.transactions import act

BATCH = 100


def alarm_agencies(*, now: datetime) -> int:
    """Tell each agency once of every application undecided 24 hours before its start.

    Returns:
        How many applications were reported.
    """
    waiting = Application.objects.filter(
        state__in=UNDECIDED_STATES,
        start__gt=now,
        start__lte=now + DECISION_DUE,
        alarmed_at__isnull=True,
    ).select_related("official__unit__agency")
    by_agency: dict[Agency, list[Application]] = defaultdict(list)
    for application in waiting.order_by("start")[:BATCH]:
        by_agency[application.official.agency].append(application)
    return sum_of_acts(
        partial(_alarm, agency=agency, applications=applications, now=now)
        for agency, applications in by_agency.items()
    )


@act
def _alarm(*, agency: Agency, applications: list[Application], now: datetime) -> int:
    keys = [application.pk for application in applications]
    # Looked at again under the lock: somebody may have decided or alarmed meanwhile.
    waiting = Application.objects.filter(
        pk__in=keys, state__in=UNDECIDED_STATES, alarmed_at__isnull=True
    )
    locked = list(waiting.select_for_update().order_by("pk"))
    if not locked:
        return 0
    waiting.update(alarmed_at=now)
    letters.queue_agency_alarm(agency=agency, applications=locked, now=now)
    for application in locked:
        journal.record(JournalAct.ALARM, subject=application, now=now)
    return len(locked)


def lapse_undecided(*, now: datetime) -> int:
    """End every application that was not decided before its start; the citizens are told.

    Returns:
        How many applications lapsed.
    """
    overdue = Application.objects.filter(state__in=UNDECIDED_STATES, start__lte=now)
    keys = list(overdue.order_by("start").values_list("pk", flat=True)[:BATCH])
    return sum_of_acts(partial(_lapse, application_id=key, now=now) for key in keys)


@act
def _lapse(*, application_id: int, now: datetime) -> int:
    found = Application.objects.get(pk=application_id)
    occupancy.lock_all(occupancy.resources_of(found))
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("citizen", "clarification")
        .get(pk=application_id)
    )
    if application.state not in UNDECIDED_STATES:
        return 0
    change_state(application, Act.LAPSE, now=now)
    journal.record(JournalAct.LAPSE, subject=application, now=now)
    letters.queue(Letter.Kind.LAPSED, application=application, now=now)
    return 1


def expire_proposals(*, now: datetime) -> int:
    """Note which proposed times nobody has answered, and tell the agencies; they have ended by themselves.

    Returns:
        How many were noted.
    """
    overdue = Proposal.objects.filter(answer="", deadline__lte=now)
    keys = list(overdue.order_by("deadline").values_list("pk", flat=True)[:BATCH])
    return sum_of_acts(partial(proposals.expire, key, now=now) for key in keys)


def expire_clarifications(*, now: datetime) -> int:
    """Note which questions nobody has answered, and tell the agencies: the applications wait for a decision.

    Returns:
        How many were noted.
    """
    overdue = Clarification.objects.filter(outcome="", deadline__lte=now)
    keys = list(overdue.order_by("deadline").values_list("application_id", flat=True)[:BATCH])
    return sum_of_acts(partial(clarifications.expire, key, now=now) for key in keys)


def expire_move_requests(*, now: datetime) -> int:
    """Note which requests to move a reception nobody has answered, and tell the citizens.

    Returns:
        How many were noted; they have ended by themselves.
    """
    overdue = MoveRequest.objects.filter(answer="", deadline__lte=now)
    keys = list(overdue.order_by("deadline").values_list("pk", flat=True)[:BATCH])
    return sum_of_acts(partial(move_requests.expire, key, now=now) for key in keys)
