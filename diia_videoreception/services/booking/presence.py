"""A page of a case tells that somebody works on it. That moves nothing of the case, and is in no journal."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Application, CasePresence
from diia_videoreception.rules.presence import IDLE
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.booking.presence import colleague_at_work
from diia_videoreception.services.transactions import act, insert_new


@act
def be_at(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, now: datetime
) -> CasePresence | None:
    """Note that a member of staff works on a case, and return the colleague who began before them.

    Raises:
        NotFound: the case is not of the moderator's agencies.
    """
    application = applications_visible_to(moderator).filter(public_id=public_id).first()
    if application is None:
        raise NotFound
    own = CasePresence.objects.filter(application=application, user=moderator.pk)
    if not own.filter(last_seen_at__gt=now - IDLE).update(last_seen_at=now):
        # After a pause one begins anew, behind whoever is at it by now.
        own.delete()
        insert_new(
            CasePresence(application=application, user_id=moderator.pk, since=now, last_seen_at=now)
        )
    return colleague_at_work(application, moderator, now=now)


def send_others_away(application: Application, moderator: AbstractBaseUser) -> None:
    """Forget who else works on a case, inside the act of whoever takes it."""
    CasePresence.objects.filter(application=application).exclude(user=moderator.pk).delete()
