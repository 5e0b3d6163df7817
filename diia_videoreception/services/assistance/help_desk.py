"""Help by telephone: an application opens by two facts that the person tells, for half an hour.

Each try is written down, whatever became of it; so is each look.
"""

import uuid
from datetime import date, datetime, timedelta
from functools import partial

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import FactsDoNotFit, HelpOver, NotFound
from diia_videoreception.models import Application, JournalAct
from diia_videoreception.rules.help_desk import SignInTrouble
from diia_videoreception.selectors.booking.help_desk import (
    application_helped,
    asked_about,
    citizen_helped,
    fitting,
    helps_citizens,
)
from diia_videoreception.selectors.journal import sign_in_cases
from diia_videoreception.services import journal
from diia_videoreception.services.accounts.sessions import end_by_staff
from diia_videoreception.services.letters.resending import send_again
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.services.transactions import act, lock_citizen

REPORT_EVERY = timedelta(hours=1)


def open_by_facts(
    *, staff: AbstractBaseUser, typed: str, surname: str, day: date, now: datetime
) -> list[Application]:
    """Open the applications that a number or phone and both facts mean, the newest first.

    To be called outside of transactions: what was tried stays written whatever becomes of it.

    Args:
        typed: The number of an application or the contact phone in it, as people write them.
        surname: What the person says theirs is.
        day: What they say is the day of the reception, by the clock of the agency.

    Raises:
        NotFound: this member of staff is not of the help desk.
        TooManyRequests: they ask too often, or about this number or phone.
        FactsDoNotFit: nothing fits; which of the three it was is not told.
    """
    if not helps_citizens(staff):
        raise NotFound
    require_rate("help_desk", f"staff {staff.pk}", now=now)
    asked = asked_about(typed)
    if asked is not None:
        # Else the day could be guessed, of one person by many of the help desk.
        require_rate("help_desk_about", " ".join(asked), now=now)
    found = fitting(staff, asked, surname=surname, day=day)
    _write_down(staff, found, now=now)
    if not found:
        raise FactsDoNotFit
    return found


@act
def _write_down(staff: AbstractBaseUser, found: list[Application], *, now: datetime) -> None:
    if not found:
        journal.record(JournalAct.MISS_FACTS, subject=staff, staff_id=staff.pk, now=now)
    for application in found:
        journal.record(JournalAct.OPEN_FOR_HELP, subject=application, staff_id=staff.pk, now=now)


def send_letter_again(
    *, staff: AbstractBaseUser, public_id: uuid.UUID, letter_id: uuid.UUID, now: datetime
) -> bool:
    """Send a letter about an open application again, as `send_again` does.

    Raises:
        NotFound: the application is not open to them, or the letter not about it.
        LetterOutOfDate, LetterSentAgain: as `send_again`.
    """
    return send_again(
        moderator=staff,
        public_id=public_id,
        letter_id=letter_id,
        now=now,
        among=partial(application_helped, public_id=public_id, now=now),
    )


def end_sessions(*, staff: AbstractBaseUser, public_id: uuid.UUID, now: datetime) -> int:
    """Sign the person of an open application out everywhere; returns how many sessions there were.

    Raises:
        HelpOver: it is not open to them.
    """
    application = _open(staff, public_id, now=now)
    return end_by_staff(
        staff=staff,
        public_id=application.citizen.public_id,
        now=now,
        among=lambda user: citizen_helped(user, public_id, now=now),
    )


@act
def report_sign_in(
    *, staff: AbstractBaseUser, public_id: uuid.UUID, trouble: SignInTrouble, now: datetime
) -> bool:
    """Open a sign-in case for who sorts them out, once an hour for the same trouble.

    Returns:
        Whether there was none yet.

    Raises:
        HelpOver: the application is not open to them.
    """
    citizen = _open(staff, public_id, now=now).citizen
    # Of two who report at once the second finds the case of the first.
    lock_citizen(citizen)
    details: dict[str, object] = {
        "reason": trouble.value,
        "provider": "",
        "method": "",
        "others": [],
    }
    recent = sign_in_cases().filter(
        subject_id=str(citizen.public_id), details=details, moment__gt=now - REPORT_EVERY
    )
    if recent.exists():
        return False
    journal.record(
        JournalAct.SIGN_IN_CASE, subject=citizen, staff_id=staff.pk, now=now, details=details
    )
    return True


def _open(staff: AbstractBaseUser, public_id: uuid.UUID, *, now: datetime) -> Application:
    application = application_helped(staff, public_id, now=now).first()
    if application is None:
        raise HelpOver
    return application
