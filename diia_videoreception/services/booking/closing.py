"""Ending a consideration: the application repeats a settled one, or the law lets nobody consider it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import Application, Closing, JournalAct, Letter
from diia_videoreception.rules.closing import MAX_EARLIER_NUMBER, SETTLED, ClosingGround
from diia_videoreception.rules.numbers import NumberError, parse_number
from diia_videoreception.rules.proposals import MAX_REASON
from diia_videoreception.rules.refusals import MAX_GROUND, NextStep
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking.terms import heads_agency
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking.moderation import lock_case
from diia_videoreception.services.booking.states import change_state
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import locking_act


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a head writes of an application that is not considered.

    Attributes:
        earlier_number: Of the case that it repeats, as typed; empty for another ground.
    """

    ground: ClosingGround
    reason: str
    legal_ground: str
    earlier_number: str = ""


def checked(application: Application, wanted: Wanted, *, head: AbstractBaseUser) -> Wanted:
    """Return what the letter would say, to be looked at first.

    Raises:
        OnlyHeadCloses: somebody else would do it.
        Incomplete: reason or legal ground are missing or too long; or of a repeated one the earlier number,
            or that of this portal is not of a settled application of the same person to the same agency.
    """
    if not heads_agency(head, application.official.agency):
        raise errors.OnlyHeadCloses
    missing = _("Write the reason: the citizen will read it.")
    reason = typed_text(wanted.reason, name="reason", most=MAX_REASON, missing=missing)
    ground = typed_text(
        wanted.legal_ground,
        name="legal_ground",
        most=MAX_GROUND,
        missing=_("Write the article of the law: the citizen will read it."),
    )
    earlier = ""
    if wanted.ground is ClosingGround.REPEATED:
        earlier = _earlier(application, wanted.earlier_number)
    return Wanted(wanted.ground, reason, ground, earlier)


def _earlier(application: Application, typed: str) -> str:
    number = typed_text(
        " ".join(typed.split()),
        name="earlier_number",
        most=MAX_EARLIER_NUMBER,
        missing=_("Write the number of the case that this application repeats."),
    )
    try:
        known = str(parse_number(number))
    except NumberError:
        # Of the agency's own books.
        return number
    settled = Application.objects.filter(
        number=known,
        citizen_id=application.citizen_id,
        agency_id=application.agency_id,
        state__in=SETTLED,
    )
    if not settled.exclude(pk=application.pk).exists():
        text = _(
            "The application with this number is not of the same person to the same agency, or it was not "
            "settled on its merits."
        )
        raise errors.Incomplete(fields={"earlier_number": text})
    return known


@locking_act
def end_consideration(
    *,
    head: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    wanted: Wanted,
    now: datetime,
) -> Application:
    """End the consideration of an undecided application; its time is free, the citizen gets a letter.

    Raises:
        NotFound: the application is not of the agencies of this member of staff.
        OnlyHeadCloses, Incomplete: as `checked`.
        WrongState: it has changed since they looked, is decided, or its time has come.
    """
    application = lock_case(head, public_id, version, now=now)
    wanted = checked(application, wanted, head=head)
    if application.start <= now:
        raise errors.WrongState
    change_state(
        application,
        Act.END_CONSIDERATION,
        now=now,
        reason=wanted.reason,
        legal_ground=wanted.legal_ground,
        next_step=NextStep.NONE.value,
    )
    Closing.objects.create(
        application=application,
        ground=wanted.ground.value,
        earlier_number=wanted.earlier_number,
        closed_by_id=head.pk,
        closed_at=now,
    )
    journal.record(
        JournalAct.END_CONSIDERATION,
        subject=application,
        staff_id=head.pk,
        now=now,
        details={"ground": wanted.ground.value},
    )
    letters.queue(
        Letter.Kind.NOT_CONSIDERED,
        application=application,
        now=now,
        facts=letters.facts_of_closing(
            wanted.ground, wanted.reason, wanted.legal_ground, wanted.earlier_number
        ),
    )
    return application
