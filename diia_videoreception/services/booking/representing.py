"""For whom an application is, and whether staff have looked at the document that allows it."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Application, JournalAct, Representation
from diia_videoreception.personal_data import encrypt
from diia_videoreception.rules.representation import Represented
from diia_videoreception.services import journal
from diia_videoreception.services.booking.moderation import lock_case
from diia_videoreception.services.transactions import locking_act


def name_represented(application: Application, represented: Represented) -> Representation:
    """Write down who is spoken for, inside the act that files the application."""
    return Representation.objects.create(
        application=application,
        kind=represented.kind.value,
        name=represented.name,
        born=represented.born,
        document=represented.document,
        number_encrypted=encrypt(represented.number),
        dated=represented.dated,
        until=represented.until,
    )


@locking_act
def check_authority(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    is_checked: bool,
    now: datetime,
) -> bool:
    """Note that the authority of the applicant has been looked at, or take that back; no state changes.

    Args:
        version: of the application as the moderator saw it.

    Returns:
        Whether anything has changed.

    Raises:
        NotFound: the application is not of the moderator's agencies, or its applicant speaks for themselves.
        WrongState: it has changed since the moderator looked.
    """
    application = lock_case(moderator, public_id, version, now=now)
    one = Representation.objects.filter(application=application).first()
    if one is None:
        raise NotFound
    if (one.checked_at is not None) == is_checked:
        return False
    one.checked_at = now if is_checked else None
    one.checked_by_id = moderator.pk if is_checked else None
    one.save(update_fields=["checked_at", "checked_by"])
    act = JournalAct.CHECK_AUTHORITY if is_checked else JournalAct.WITHDRAW_AUTHORITY_CHECK
    journal.record(act, subject=application, staff_id=moderator.pk, now=now)
    return True
