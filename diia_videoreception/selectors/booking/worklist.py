"""What a moderator works on: the waiting applications, one case with all around it, free times."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connections
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from diia_videoreception.models import (
    Agency,
    AgencyModerator,
    Application,
    ApplicationSignature,
    CasePresence,
    Clarification,
    Correction,
    Document,
    Official,
)
from diia_videoreception.rules.numbers import NumberError, parse_number
from diia_videoreception.rules.phones import PhoneError, normalise_phone
from diia_videoreception.rules.times import DECISION_DUE
from diia_videoreception.rules.transitions import (
    AWAITING_DECISION,
    MODERATORS_ACTS,
    OUTCOMES,
    RECEPTION_STATES,
    UNDECIDED_STATES,
    Act,
    acts_from,
    fits_proposal,
    fits_request,
)
from diia_videoreception.selectors.access import (
    StaffUser,
    applications_of,
    applications_visible_to,
    roles_of,
    sees_all,
    with_parties,
)
from diia_videoreception.selectors.booking.answer_tasks import (
    has_answer_to_come,
    has_late_answer,
)
from diia_videoreception.selectors.booking.availability import (
    Day,
    SlotState,
    by_day,
    free_among,
    scheduled_slots,
)
from diia_videoreception.selectors.booking.clarifications import waits_for_reply, waits_for_us
from diia_videoreception.selectors.booking.move_requests import (
    asks_to_move,
    is_requested,
    with_last_request,
)
from diia_videoreception.selectors.booking.proposals import is_proposed, with_last_proposal
from diia_videoreception.selectors.booking.terms import overdue, with_term
from diia_videoreception.selectors.counting import Counted
from diia_videoreception.selectors.letters import has_failed_letters
from diia_videoreception.selectors.searching import applications_having_words, is_among
from integrations.common.indexes import is_postgresql

MIN_PHONE_DIGITS = 5
"""From here digits with spaces or dashes between them are taken for a part of one phone."""

ASSIGNED = "assignment__right__user"
MAX_COUNTED = 100
MAX_WAITING = 1_000
MAX_TODAY = 50

_PHONE_SIGNS = frozenset("0123456789+()-–./ \u00a0")
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)


def work_list(user: StaffUser) -> QuerySet[Application]:
    """Return the applications of the user's agencies.

    The agencies are asked for first: with their keys the database walks the index of the newest.
    """
    if sees_all(user):
        return applications_visible_to(user)
    return applications_of(roles_of(user).agencies.keys())


def document_counts(rows: Collection[Application]) -> dict[int, int]:
    """Count the documents of each of these applications, by key; of those without any nothing."""
    counted = (
        Document.objects.filter(application__in=[row.pk for row in rows], replaced_by=None)
        .order_by()
        .values_list("application")
        .annotate(Count("pk"))
    )
    return dict(counted)


def find_applications(rows: QuerySet[Application], search: str) -> QuerySet[Application]:
    """Return those of the rows that a search by number, phone, person, official or topic means.

    Args:
        rows: What the actor may see, by a selector of theirs.
        search: A number or a phone as people write it; else words, of which every one must occur.
    """
    try:
        return rows.filter(number=str(parse_number(search)))
    except NumberError:
        pass
    return applications_having_words(rows, _phone_digits(search) or search)


def _phone_digits(search: str) -> str:
    """Return the digits of a phone or of a part of one; nothing where it is something else."""
    try:
        return normalise_phone(search)
    except PhoneError:
        digits = "".join(char for char in search if char.isdecimal())
        is_phone = len(digits) >= MIN_PHONE_DIGITS and not set(search) - _PHONE_SIGNS
        return digits if is_phone else ""


def waits_for_decision(now: datetime) -> Q:
    """Describe undecided applications whose time has not come, and of which no question is open."""
    return waits_for_us(now) & Q(start__gt=now)


def newest_waiting(now: datetime) -> Q:
    """Describe the same for a list that is not sorted by the time of the reception.

    Nearly all that are submitted wait: PostgreSQL, which takes state and time for independent, would
    expect few of them, and sort all. Of an expression it expects many, and walks an index.
    """
    is_to_come = GreaterThan(Coalesce("start", "start"), now)
    return waits_for_us(now) & Q(is_to_come)


def priority_first(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Order those of `newest_waiting`: first who claims priority, each newest first, as an index has them."""
    return rows.order_by("-claims_priority", "-submitted_at", "-pk")


def in_full(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Return these rows, a page of a list, with what the list shows; only of these it is read."""
    full = with_last_request(with_last_proposal(with_parties())).select_related(ASSIGNED)
    keys = rows.values("pk")
    of_page = is_among("pk", keys) if is_postgresql(connections[rows.db]) else Q(pk__in=keys)
    return full.filter(of_page).order_by(*rows.query.order_by)


def waiting_for_decision(user: StaffUser, *, now: datetime) -> QuerySet[Application]:
    """Return the applications of the user's agencies that wait, the most urgent first."""
    return work_list(user).filter(waits_for_decision(now)).order_by("start", "pk")


def is_urgent(application: Application, *, now: datetime) -> bool:
    """Return whether an application still waits for a decision less than 24 hours before its start."""
    return application.state in UNDECIDED_STATES and now < application.start <= now + DECISION_DUE


def starting_on(
    user: StaffUser, rows: QuerySet[Application], *, first: date | None, last: date | None
) -> QuerySet[Application]:
    """Return those of the rows that start from the first to the last date by their own agency's calendar."""
    wanted = Q(pk__in=[])
    for name in _zones(user):
        of_zone = Q(agency__time_zone=name)
        if first is not None:
            of_zone &= Q(start__gte=_midnight(first, name))
        if last is not None:
            of_zone &= Q(start__lt=_midnight(last, name) + timedelta(days=1))
        wanted |= of_zone
    return rows.filter(wanted)


def _zones(user: StaffUser) -> set[str]:
    if not sees_all(user):
        return set(roles_of(user).agencies.values())
    return set(Agency.objects.order_by().values_list("time_zone", flat=True).distinct())


def _midnight(day: date, zone: str) -> datetime:
    """Give the first moment of a day; days at the edge of the calendar have none in every zone."""
    near = min(max(day, _FIRST_DAY), _LAST_DAY)
    return datetime.combine(near, time.min, ZoneInfo(zone))


def overdue_decisions(user: StaffUser, *, now: datetime) -> QuerySet[Application]:
    """Return those that wait longer than the term of their agency, the one that waits longest first."""
    return work_list(user).filter(overdue(now)).order_by("decide_by", "pk")


def time_to_decide(application: Application, *, now: datetime) -> timedelta | None:
    """Return how long an application can wait for its decision.

    None when it does not wait, is urgent, or the agency's term has passed.
    """
    waits = application.state_at(now) in AWAITING_DECISION
    if not waits or application.start <= now + DECISION_DUE:
        return None
    due = application.start - DECISION_DUE
    if application.decide_by is not None:
        due = min(due, application.decide_by)
    return due - now if due > now else None


def receptions_today(user: StaffUser, *, now: datetime) -> list[Application]:
    """Return the receptions of this day, also those that are over, each by the calendar of its agency.

    Of very many (`MAX_TODAY`) those are left out that are over, and those that begin last.
    """
    today = Q(pk__in=[])
    for name in _zones(user):
        day = now.astimezone(ZoneInfo(name)).date()
        begin, end = _midnight(day, name), _midnight(day + timedelta(days=1), name)
        today |= Q(agency__time_zone=name, start__gte=begin, start__lt=end)
    receptions = work_list(user).filter(today, state__in=RECEPTION_STATES).order_by("start", "pk")
    found = list(in_full(receptions[: MAX_TODAY + 1]))
    if len(found) > MAX_TODAY:
        found = list(in_full(receptions.filter(end__gt=now)[:MAX_TODAY]))
    return found


def lacks_outcome(now: datetime) -> Q:
    """Describe receptions that are over and of which nobody has noted whether they took place."""
    return Q(state=Application.State.CONFIRMED, end__lte=now)


class Counts(NamedTuple):
    """How many applications of the user's agencies want something, each up to a bound.

    Attributes:
        waiting: For a decision, up to `MAX_WAITING`.
        overdue: For a decision, though the agency's term has passed, up to `MAX_COUNTED`.
        answers: That are to come after receptions, up to `MAX_COUNTED`.
        late_answers: The same, of those whose term has passed.
        unsent: To come, with a letter that could not be sent, up to `MAX_COUNTED`.
        moves: Whose citizens ask for another time, up to `MAX_COUNTED`.
        over: Without an outcome, up to `MAX_COUNTED`; where nobody notes outcomes they become ever more.
        asked: For the answer of a citizen, up to `MAX_COUNTED`.
    """

    waiting: int
    overdue: int
    answers: int
    late_answers: int
    unsent: int
    moves: int
    over: int
    asked: int


def counts_for(user: StaffUser, *, now: datetime) -> Counts:
    """Count what the home page tells, by one query."""
    rows = work_list(user)
    counted = (
        Counted(rows.filter(waits_for_decision(now)), up_to=MAX_WAITING),
        Counted(rows.filter(overdue(now)), up_to=MAX_COUNTED),
        Counted(rows.filter(has_answer_to_come()), up_to=MAX_COUNTED),
        Counted(rows.filter(has_late_answer(now)), up_to=MAX_COUNTED),
        Counted(rows.filter(has_failed_letters(now)), up_to=MAX_COUNTED),
        Counted(rows.filter(asks_to_move(now)), up_to=MAX_COUNTED),
        Counted(rows.filter(lacks_outcome(now)), up_to=MAX_COUNTED),
        Counted(rows.filter(waits_for_reply(now)), up_to=MAX_COUNTED),
    )
    asked = get_user_model()._base_manager.filter(pk=user.pk or 0)
    return Counts(*asked.values_list(*counted).get())


def case_of(user: StaffUser, public_id: uuid.UUID) -> Application | None:
    """Return one application with what its page shows, if the user may see it."""
    asked = Clarification.objects.filter(application=OuterRef("pk"))
    headed = AgencyModerator.objects.filter(
        agency=OuterRef("agency"), user_id=user.pk or 0, is_head=True
    )
    corrected = Correction.objects.sent().filter(application=OuterRef("pk"))
    visited = CasePresence.objects.filter(application=OuterRef("pk")).exclude(user=user.pk or 0)
    others = Application.objects.filter(
        citizen=OuterRef("citizen"), official=OuterRef("official")
    ).exclude(pk=OuterRef("pk"))
    rows = with_last_request(with_last_proposal(work_list(user))).annotate(  # type: ignore[no-redef]
        was_asked=Exists(asked),
        is_of_head=Exists(headed),
        was_corrected=Exists(corrected),
        is_visited=Exists(visited),
        has_others=Exists(others),
    )
    return (
        with_term(rows)
        .select_related(
            "reception",
            "prior",
            "signature__evidence",
            "room",
            "answer_task__responsible",
            "rating",
            "answer_signature__scan",
            "closing",
            "representation",
            ASSIGNED,
        )
        .defer("answer_signature__archive_encrypted")
        .filter(public_id=public_id)
        .first()
    )


def is_seen_by_head(user: StaffUser, application: Application) -> bool:
    """Return whether who reads a case of `case_of` heads its agency; the acts of heads ask anew."""
    return sees_all(user) or (roles_of(user).is_head and application.is_of_head)


def acts_open_to_moderator(application: Application, *, now: datetime) -> frozenset[Act]:
    """Return what a moderator may do with a case of `case_of` now.

    Once it has begun, they only note what became of it.
    """
    acts = acts_from(application.state_at(now))
    if application.start <= now:
        return acts & OUTCOMES.keys()
    waits, asks = is_proposed(application, now=now), is_requested(application, now=now)
    return frozenset(
        act
        for act in acts & MODERATORS_ACTS
        if fits_proposal(act, is_open=waits) and fits_request(act, is_open=asks)
    )


def others_of_same_citizen(user: StaffUser, application: Application) -> QuerySet[Application]:
    """Return the person's other applications to the same official, newest first."""
    if not application.has_others:
        return Application.objects.none()
    return (
        applications_visible_to(user)
        .filter(citizen_id=application.citizen_id, official_id=application.official_id)
        .exclude(pk=application.pk)
    )


def document_visible_to(
    user: StaffUser, *, application_id: uuid.UUID, document_id: uuid.UUID
) -> Document | None:
    """Return a document of one of the applications that the user may see."""
    return Document.objects.filter(
        application__in=applications_visible_to(user),
        application__public_id=application_id,
        public_id=document_id,
    ).first()


def signature_visible_to(user: StaffUser, public_id: uuid.UUID) -> ApplicationSignature | None:
    """Return the citizen's signature on an application that the user may see."""
    return (
        ApplicationSignature.objects.filter(
            application__in=applications_visible_to(user), application__public_id=public_id
        )
        .select_related("application__official__unit__agency", "application__citizen", "evidence")
        .first()
    )


def free_days(
    official: Official,
    *,
    first: date,
    last: date,
    now: datetime,
    not_before: datetime | None = None,
    moving: Application | None = None,
) -> list[Day]:
    """Return the free times of an official on these local dates, for staff: no lead time, no horizon (A-31).

    Without `not_before` all that begin after `now` are given.

    With `moving` its present time counts as free and, where it is a time of the schedule, is given
    as own.
    """
    zone = ZoneInfo(official.agency.time_zone)
    slots = [
        slot
        for slot in scheduled_slots(official, first=first, last=last)
        if slot.start > now and slot.start >= (not_before or now)
    ]
    free = free_among(official, slots, now=now, besides=moving)
    own = moving.time if moving is not None else None
    marked = ((slot, SlotState.OWN if slot == own else SlotState.FREE) for slot in free)
    return by_day(marked, zone=zone)
