"""Reminding a citizen of what waits for their answer: a proposed time, or a question of the agency."""

import uuid
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalAct, Letter
from diia_videoreception.selectors.booking.clarifications import open_clarification
from diia_videoreception.selectors.booking.proposals import open_proposal
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking.moderation import lock_case
from diia_videoreception.services.transactions import locking_act

PAUSE = timedelta(hours=24)
"""So long after a reminder nobody is reminded again."""


@locking_act
def remind(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, version: int, now: datetime
) -> Letter:
    """Send the letter about what is open once more, and the text message to who wants them; nothing else changes.

    Args:
        version: Of the application that the moderator was looking at.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked, or nothing waits for the citizen's answer.
        RemindedAlready: they were reminded less than a day ago.
    """
    application = lock_case(moderator, public_id, version, now=now)
    kind, facts = _open_matter(application, now=now)
    about = Letter.objects.filter(application=application, kind=kind, facts__reminder=True)
    if about.filter(created_at__gt=now - PAUSE).exists():
        raise errors.RemindedAlready
    journal.record(
        JournalAct.REMIND_TO_ANSWER,
        subject=application,
        staff_id=moderator.pk,
        now=now,
        details={"kind": kind.value},
    )
    return letters.queue(kind, application=application, now=now, facts={**facts, "reminder": True})


def _open_matter(
    application: Application, *, now: datetime
) -> tuple[Letter.Kind, dict[str, object]]:
    proposal = open_proposal(application, now=now)
    if proposal is not None:
        return Letter.Kind.PROPOSAL, letters.facts_of_proposal(proposal)
    asked = open_clarification(application, now=now)
    if asked is not None:
        return Letter.Kind.CLARIFICATION, letters.facts_of_clarification(asked)
    raise errors.WrongState
