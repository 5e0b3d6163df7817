"""How a consent to help ends: with its visit, by its time, or because somebody takes it back."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from diia_videoreception.errors import WrongState
from diia_videoreception.models import (
    Application,
    CentreVisit,
    JournalAct,
    Mandate,
    MandateCode,
    MandateScope,
)
from diia_videoreception.rules.mandates import (
    AFTER_RECEPTION,
    BEFORE_CONSENT,
    TO_ANSWER,
    MandateState,
    MandateTerm,
    can_become,
)
from diia_videoreception.rules.transitions import OPEN_STATES
from diia_videoreception.services import journal
from diia_videoreception.services.booking import leaving
from diia_videoreception.services.transactions import act

BATCH = 200
EndedBy = Mandate.EndedBy


def change_state(mandate: Mandate, to: MandateState, **values: object) -> None:
    """Lead a consent to another state, inside an act, or nowhere.

    Raises:
        WrongState: there is no such way, or somebody else was first.
    """
    was = MandateState(mandate.state)
    if not can_become(was, to):
        raise WrongState
    found = Mandate.objects.filter(pk=mandate.pk, state=was.value)
    if not found.update(state=to.value, **values):
        raise WrongState
    mandate.state = to.value
    for name, value in values.items():
        setattr(mandate, name, value)


def end(mandate: Mandate, to: MandateState, by: Mandate.EndedBy, *, now: datetime) -> None:
    """End a consent with all that it allows, inside an act; a code that was sent for it is worth nothing any more.

    A time that is held under it is free at once; what a person holds in an account of their own is theirs.

    Raises:
        WrongState: as `change_state`.
    """
    change_state(mandate, to, ended_at=now, ended_by=by.value)
    if mandate.sealed_at is not None and not mandate.is_of_account:
        leaving.give_held_back(mandate.person, since=mandate.sealed_at, until=now, now=now)
    MandateScope.objects.filter(mandate=mandate, ended_at__isnull=True).update(ended_at=now)
    MandateCode.objects.filter(mandate=mandate).delete()


def end_with_visit(visit: CentreVisit, *, now: datetime) -> None:
    """End what was not given by the end of a visit, and what was given for it alone; within the act that ends it."""
    this_visit = Q(state=MandateState.ACTIVE.value, term=MandateTerm.THIS_VISIT.value)
    unfinished = Q(state__in=[state.value for state in BEFORE_CONSENT])
    found = Mandate.objects.filter(unfinished | this_visit, visit=visit)
    for mandate in found.select_for_update(no_key=True).order_by("pk"):
        is_active = mandate.state == MandateState.ACTIVE
        state = MandateState.COMPLETED if is_active else MandateState.REFUSED
        end(mandate, state, EndedBy.SYSTEM, now=now)


def expire_due(*, now: datetime) -> int:
    """End the consents whose time or reception is over, and those that nobody has given or sealed in half an hour.

    Returns:
        How many.
    """
    keys = _due(now).order_by("pk").values_list("pk", flat=True)[:BATCH]
    return sum(_expire(key, now=now) for key in list(keys))


def _due(now: datetime) -> QuerySet[Mandate]:
    unfinished = Q(state__in=[state.value for state in BEFORE_CONSENT])
    return Mandate.objects.filter(
        Q(state=MandateState.ACTIVE.value, expires_at__lte=now)
        | _after_receptions(now)
        | (unfinished & Q(created_at__lte=now - TO_ANSWER, asked_at__isnull=True))
        | (unfinished & Q(asked_at__lte=now - 2 * TO_ANSWER))
    )


def _after_receptions(now: datetime) -> Q:
    """Describe the consents until the reception of which a day has passed since, and nothing else is to come.

    Not while their visit is open: another time may be chosen in it.
    """
    since = Application.objects.filter(
        citizen=OuterRef("person"), submitted_at__gte=OuterRef("sealed_at")
    )
    to_come = since.filter(state__in=OPEN_STATES, end__gt=now - AFTER_RECEPTION)
    over = since.filter(end__lte=now - AFTER_RECEPTION)
    is_for_it = Q(state=MandateState.ACTIVE.value, term=MandateTerm.UNTIL_RECEPTION.value)
    open_visits = CentreVisit.objects.open().filter(mandate=OuterRef("pk"))
    return is_for_it & Q(Exists(over)) & ~Q(Exists(to_come)) & ~Q(Exists(open_visits))


@act
def _expire(key: int, *, now: datetime) -> int:
    """End one that is due, unless somebody has it in hand just now."""
    found = _due(now).filter(pk=key).select_for_update(skip_locked=True, no_key=True)
    mandate = found.first()
    if mandate is None:
        return 0
    end(mandate, _end_of(mandate, now=now), EndedBy.SYSTEM, now=now)
    journal.record(
        JournalAct.EXPIRE_MANDATE, subject=mandate, now=now, details={"state": mandate.state}
    )
    return 1


def _end_of(mandate: Mandate, *, now: datetime) -> MandateState:
    if mandate.state != MandateState.ACTIVE:
        return MandateState.REFUSED
    return MandateState.COMPLETED if mandate.is_live(now) else MandateState.EXPIRED
