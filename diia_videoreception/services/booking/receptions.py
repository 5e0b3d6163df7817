"""Where a reception is held, and showing the conference password to its two parties (A-55)."""

import uuid
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import LevelTooLow, NotFound, PasswordNotShown, WrongState
from diia_videoreception.models import Application, JournalAct, Letter, Reception
from diia_videoreception.personal_data import encrypt
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.accesses import accesses_of_day, has_access
from diia_videoreception.selectors.booking.applications import application_of, password_is_shown
from diia_videoreception.services import journal, letters
from diia_videoreception.services.transactions import act
from integrations.conference.base import ConferenceAccess


@act
def reveal_password(*, actor: SignedIn, public_id: uuid.UUID, now: datetime) -> str:
    """Give the password of the citizen's own reception, and write down that it was shown.

    Raises:
        NotFound: the application is not this citizen's.
        LevelTooLow: the agency receives only people who are known more surely.
        PasswordNotShown: it is too early or too late.
    """
    application = application_of(actor.citizen, public_id)
    if application is None:
        raise NotFound
    if not actor.satisfies(application.official.agency.minimum_level):
        raise LevelTooLow
    if not password_is_shown(application, now=now):
        raise PasswordNotShown
    journal.record(JournalAct.REVEAL_PASSWORD, subject=application, citizen=actor.citizen, now=now)
    return application.reception.password


@act
def reveal_password_to_moderator(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, now: datetime
) -> str:
    """Give the password to the agency, the other party of the reception, and write that down.

    The agency opens the conference with it, so it is shown from the confirmation until shortly after.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it is not confirmed any more, or the reception is over.
    """
    application = (
        applications_visible_to(moderator)
        .select_related("reception")
        .filter(public_id=public_id)
        .first()
    )
    if application is None:
        raise NotFound
    if not has_access(application, now=now):
        raise WrongState
    return _reveal(application, moderator, now=now)


@act
def reveal_passwords_of_day(
    *, moderator: AbstractBaseUser, day: date, now: datetime
) -> dict[int, str]:
    """Give the passwords of a day's receptions, by primary key, and write each down.

    Those of receptions that are over stay hidden.
    """
    return {
        application.pk: _reveal(application, moderator, now=now)
        for application in accesses_of_day(moderator, day=day, now=now).receptions
        if has_access(application, now=now)
    }


def _reveal(application: Application, moderator: AbstractBaseUser, *, now: datetime) -> str:
    journal.record(
        JournalAct.REVEAL_PASSWORD_TO_MODERATOR,
        subject=application,
        staff_id=moderator.pk,
        now=now,
    )
    return application.reception.password


def tell_of_guest(application: Application, invitation: uuid.UUID, *, now: datetime) -> None:
    """Tell the citizen by letter of a guest whom the agency invites, so that they may object before.

    In the transaction of the caller. Who it is, the letter looks up: names of guests are not kept in it.
    """
    facts: dict[str, object] = {"invitation": str(invitation)}
    letters.queue(Letter.Kind.GUEST_INVITED, application=application, facts=facts, now=now)


def hold_elsewhere(
    application: Application,
    away_from: str,
    alias: str,
    access: ConferenceAccess | None,
    *,
    staff_id: int | None,
    is_told: bool = True,
    now: datetime,
) -> str:
    """Hold a confirmed reception in another conference, and tell both parties by letter.

    In the transaction of the caller. Nothing is done when it is held elsewhere than `away_from` by now.

    Args:
        is_told: Whether it changes anything for the parties; nobody is told of another engine
            behind the same page.

    Returns:
        The alias of the conference that it has then.
    """
    reception = Reception.objects.select_for_update().get(application=application)
    if reception.conference != away_from:
        return str(reception.conference)
    reception.conference = alias
    reception.login = access.login if access else ""
    reception.password_encrypted = encrypt(access.password) if access else ""
    reception.calendar_sequence += is_told
    reception.save()
    journal.record(
        JournalAct.SWITCH_CONFERENCE,
        subject=application,
        staff_id=staff_id,
        now=now,
        details={"from": away_from, "to": alias},
    )
    if is_told:
        letters.queue(Letter.Kind.SWITCHED, application=application, now=now)
        letters.notify_official(Letter.Kind.OFFICIAL_SWITCHED, application, now=now)
    return alias
