"""Asking a citizen to check camera, microphone, sound and connection before the reception (A-09)."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalAct, Letter
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.booking.equipment import equipment_of
from diia_videoreception.services import journal, letters
from diia_videoreception.services.transactions import act


@act
def ask_for_check(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, now: datetime
) -> Application:
    """Send the letter «Перевірте камеру і мікрофон»; the cabinet shows the same until it is done.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        CheckNotAskable: the reception has begun or will not be, or the person was asked less than a
            day ago and has not checked yet.
    """
    application = (
        applications_visible_to(moderator)
        .select_for_update(of=("self",))
        .filter(public_id=public_id)
        .first()
    )
    if application is None:
        raise errors.NotFound
    if not equipment_of(application, now=now).can_ask:
        raise errors.CheckNotAskable
    journal.record(JournalAct.ASK_DEVICE_CHECK, subject=application, staff_id=moderator.pk, now=now)
    letters.queue(Letter.Kind.CHECK_DEVICE, application=application, now=now)
    return application
