"""What has waited too long: alarms, the lapse at the start, what nobody answered."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet

from diia_videoreception.models import (
    Agency,
    AnswerTask,
    Application,
    Clarification,
    JournalAct,
    Letter,
    MoveRequest,
    Proposal,
)
from diia_videoreception.rules.times import DECISION_DUE
from diia_videoreception.rules.transitions import UNDECIDED_STATES, Act
from diia_videoreception.selectors.booking.answer_tasks import late_tasks
from diia_videoreception.selectors.booking.terms import overdue
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
    return _alarm_each(_DAY_BEFORE, now=now)


def alarm_overdue(*, now: datetime) -> int:
    """Tell moderators and heads of each agency once of every application whose term has passed.

    Returns:
        How many applications were reported.
    """
    return _alarm_each(_TERM_PASSED, now=now)


@dataclass(frozen=True, slots=True)
class _Alarm:
    """What agencies are told once of an application.

    Attributes:
        due: Which applications are to be told of at a moment.
        mark: The column that says it was told.
        since: The column by which the longest waiting comes first.
    """

    due: Callable[[datetime], Q]
    mark: str
    since: str
    journal: JournalAct
    write: Callable[..., object]

    def waiting(self, now: datetime) -> QuerySet[Application]:
        return Application.objects.filter(self.due(now), **{f"{self.mark}__isnull": True})


def _a_day_before(now: datetime) -> Q:
    return Q(state__in=UNDECIDED_STATES, start__gt=now, start__lte=now + DECISION_DUE)


_DAY_BEFORE = _Alarm(
    _a_day_before, "alarmed_at", "start", JournalAct.ALARM, letters.queue_agency_alarm
)
_TERM_PASSED = _Alarm(
    overdue,
    "overdue_alarmed_at",
    "decide_by",
    JournalAct.ALARM_OVERDUE,
    partial(letters.queue_overdue_alarm, Letter.Kind.AGENCY_OVERDUE),
)


def alarm_late_answers(*, now: datetime) -> int:
    """Tell moderators and heads of each agency once of every answer that is to come and overdue.

    Returns:
        How many answers were reported.
    """
    by_agency: dict[Agency, list[int]] = defaultdict(list)
    late = late_tasks(now).filter(alarmed_at__isnull=True).select_related("application__agency")
    for task in late.order_by("due")[:BATCH]:
        by_agency[task.application.agency].append(task.pk)
    return sum_of_acts(
        partial(_alarm_of_answers, agency=agency, keys=keys, now=now)
        for agency, keys in by_agency.items()
    )


@act
def _alarm_of_answers(*, agency: Agency, keys: list[int], now: datetime) -> int:
    late = late_tasks(now).filter(pk__in=keys, alarmed_at__isnull=True)
    locked = list(late.select_for_update(of=("self",)).select_related("application").order_by("pk"))
    if not locked:
        return 0
    AnswerTask.objects.filter(pk__in=[task.pk for task in locked]).update(alarmed_at=now)
    applications = [task.application for task in locked]
    kind = Letter.Kind.AGENCY_ANSWERS_OVERDUE
    letters.queue_overdue_alarm(kind, agency=agency, applications=applications, now=now)
    for application in applications:
        journal.record(JournalAct.ALARM_ANSWER, subject=application, now=now)
    return len(locked)


def _alarm_each(alarm: _Alarm, *, now: datetime) -> int:
    by_agency: dict[Agency, list[int]] = defaultdict(list)
    waiting = alarm.waiting(now).order_by(alarm.since)
    for application in waiting.select_related("agency")[:BATCH]:
        by_agency[application.agency].append(application.pk)
    return sum_of_acts(
        partial(_alarm, agency=agency, keys=keys, alarm=alarm, now=now)
        for agency, keys in by_agency.items()
    )


@act
def _alarm(*, agency: Agency, keys: list[int], alarm: _Alarm, now: datetime) -> int:
    # Looked at again under the lock: somebody may have decided, extended or alarmed meanwhile.
    waiting = alarm.waiting(now).filter(pk__in=keys)
    locked = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    if not locked:
        return 0
    told = Application.objects.filter(pk__in=[one.pk for one in locked])
    told.update(**{alarm.mark: now})
    alarm.write(agency=agency, applications=locked, now=now)
    for application in locked:
        journal.record(alarm.journal, subject=application, now=now)
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
