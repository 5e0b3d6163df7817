"""Training of the staff of a centre (B-80): who begins and finishes is recorded, and nothing else is ever written.

What happens in between is kept in the session of who trains. `nothing_leaves` holds that at the one
place that all of it passes: no row of a letter, a message, a time or a case can come of a training page.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from diia_videoreception.errors import NotFound
from diia_videoreception.models import JournalAct
from diia_videoreception.rules.training import EXERCISES, TrainingVisit
from diia_videoreception.services import journal
from diia_videoreception.services.centres.guard import member_in
from diia_videoreception.services.transactions import act


class WrittenInTraining(RuntimeError):
    """Something in a training page has tried to change the database."""


@contextmanager
def nothing_leaves() -> Iterator[None]:
    """Let the database be read only: whatever would leave the portal begins with a row.

    Raises:
        WrittenInTraining: at the first statement that changes something.
    """
    with connection.execute_wrapper(_refuse_writing):
        yield


def _refuse_writing(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    if not str(sql).lstrip().upper().startswith("SELECT") or "FOR UPDATE" in str(sql).upper():
        raise WrittenInTraining
    return execute(sql, params, many, context)


@act
def begin(
    centre_id: uuid.UUID, exercise: int, *, staff: AbstractBaseUser, now: datetime
) -> TrainingVisit:
    """Begin an exercise; it needs no right to act, for it helps nobody.

    Raises:
        NotFound: who asks does not work in the centre, or there is no such exercise.
        MemberBlocked, CentreSuspended: they may not work there now.
    """
    member = member_in(centre_id, staff)
    if not 0 <= exercise < len(EXERCISES):
        raise NotFound
    journal.record(
        JournalAct.BEGIN_TRAINING,
        subject=member.centre,
        staff_id=staff.pk,
        now=now,
        details={"exercise": EXERCISES[exercise].key},
    )
    return TrainingVisit(centre=str(centre_id), exercise=exercise)


@act
def finish(visit: TrainingVisit, *, staff: AbstractBaseUser, now: datetime) -> None:
    """Note that an exercise was gone through, and whether on the way that it is about.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `begin`.
    """
    member = member_in(uuid.UUID(visit.centre), staff)
    journal.record(
        JournalAct.FINISH_TRAINING,
        subject=member.centre,
        staff_id=staff.pk,
        now=now,
        details={"exercise": visit.about.key, "as_advised": visit.is_as_advised},
    )
