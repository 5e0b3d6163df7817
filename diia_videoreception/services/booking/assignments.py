"""Who sees to a case: a moderator takes it, hands it to a colleague, or gives it back to all.

Nobody is kept from deciding by it, so that it neither moves the case nor its version.
"""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NotAModerator, NotFound, WrongState
from diia_videoreception.models import (
    AgencyModerator,
    Application,
    CaseAssignment,
    JournalAct,
    JournalRecord,
    Letter,
)
from diia_videoreception.rules.notes import MAX_NOTE
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.booking.assignments import (
    assignment_of,
    colleagues_in,
    is_assigned_to,
    right_in,
)
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking.notes import write_note
from diia_videoreception.services.booking.presence import send_others_away
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act, locked


@act
def take(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, seen: int, now: datetime
) -> Application:
    """Take a case, whoever has it or works on it; who had it is told. Taking what one has moves nothing.

    Args:
        seen: Key of the assignment that the page showed; 0 where there was none.

    Raises:
        NotFound: the case is not of the moderator's agencies.
        WrongState: somebody else has taken it, or was handed it, meanwhile.
        NotAModerator: the moderator has no right of their own, as superusers.
    """
    application = _locked(moderator, public_id)
    known = assignment_of(application)
    send_others_away(application, moderator)
    if is_assigned_to(application, moderator):
        return application
    right = right_in(application.official.agency, moderator)
    if right is None:
        raise NotAModerator
    _give(application, right, seen=seen, now=now)
    _record(JournalAct.TAKE_CASE, application, moderator, now, was=known, right=right)
    _tell_former(known, application, moderator, now=now)
    return application


@act
def hand_over(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    colleague: int,
    note: str,
    seen: int,
    now: datetime,
) -> Application:
    """Hand a case to a colleague, with an internal note if there is something to know; they are told.

    Args:
        colleague: Key of their right to moderate the agency.
        seen: As `take`.

    Raises:
        NotFound, WrongState: as `take`.
        NotAModerator: the colleague does not moderate the agency (any more), or has the case.
        Incomplete: the note is too long.
        NoteLimit: there are too many.
    """
    cleaned = typed_text(note, name="note", most=MAX_NOTE)
    application = _locked(moderator, public_id)
    known = assignment_of(application)
    suitable = colleagues_in(application.official.agency, besides=known)
    right = suitable.filter(pk=colleague).first()
    if right is None:
        raise NotAModerator
    _give(application, right, seen=seen, now=now)
    record = _record(JournalAct.HAND_OVER, application, moderator, now, was=known, right=right)
    if cleaned:
        write_note(record, application, cleaned, key=uuid.uuid4())
    if right.user_id != moderator.pk:
        letters.notify_of_case(Letter.CaseNews.GIVEN, application, right.user, now=now)
    _tell_former(known, application, moderator, now=now)
    return application


@act
def give_back(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, seen: int, now: datetime
) -> Application:
    """Give one's own case back to all; whose it is not any more, changes nothing.

    Raises:
        NotFound: as `take`.
        WrongState: somebody else has it.
    """
    application = _locked(moderator, public_id)
    known = assignment_of(application)
    if known is None:
        return application
    if known.right.user_id != moderator.pk or known.pk != seen:
        raise WrongState
    _record(JournalAct.GIVE_BACK, application, moderator, now, was=known, right=None)
    known.delete()
    return application


def _locked(moderator: AbstractBaseUser, public_id: uuid.UUID) -> Application:
    found = applications_visible_to(moderator).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    # Its row is the queue of those who want the case; who has it is read after.
    locked(Application.objects.filter(pk=found.pk)).get()
    return (
        applications_visible_to(moderator)
        .select_related("assignment__right__user")
        .get(pk=found.pk)
    )


def _give(application: Application, right: AgencyModerator, *, seen: int, now: datetime) -> None:
    known = CaseAssignment.objects.filter(application=application).first()
    shown = assignment_of(application)
    if (shown.pk if shown is not None else 0) != seen:
        raise WrongState
    if known is not None:
        known.delete()
    CaseAssignment.objects.create(application=application, right=right, created_at=now)


def _tell_former(
    known: CaseAssignment | None,
    application: Application,
    moderator: AbstractBaseUser,
    *,
    now: datetime,
) -> None:
    """Tell who had the case that they have it no more, unless they did it themselves."""
    if known is not None and known.right.user_id != moderator.pk:
        letters.notify_of_case(Letter.CaseNews.TAKEN, application, known.right.user, now=now)


def _record(
    what: JournalAct,
    application: Application,
    moderator: AbstractBaseUser,
    now: datetime,
    *,
    was: CaseAssignment | None,
    right: AgencyModerator | None,
) -> JournalRecord:
    return journal.record(
        what,
        subject=application,
        staff_id=moderator.pk,
        now=now,
        details={
            "was": was.right.user_id if was is not None else None,
            "user": right.user_id if right is not None else None,
        },
    )
