"""The number under which an agency has registered a case in its own books."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, NotFound, RegistrationTaken, WrongState
from diia_videoreception.models import Application, JournalAct, RegistrationClaim
from diia_videoreception.models.applications import MAX_OUTGOING_NUMBER
from diia_videoreception.models.fields import zone
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act, insert_new, locked


@act
def set_registration_number(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    seen: str,
    number: str,
    now: datetime,
) -> bool:
    """Write the number of the agency's own books, or take it off, in whatever state the case is.

    Args:
        seen: The number that was on the page, so that nobody overwrites what they have not seen.

    Returns:
        Whether anything has changed.

    Raises:
        NotFound: the case is not of the moderator's agencies.
        Incomplete: the number is too long.
        WrongState: somebody else has written another one meanwhile.
        RegistrationTaken: another case has it, in an agency that gives none twice in a year.
    """
    wanted = clean_line(number)
    if len(wanted) > MAX_OUTGOING_NUMBER:
        most = _("The number may have %(most)s characters at most.") % {"most": MAX_OUTGOING_NUMBER}
        raise Incomplete(fields={"number": most})
    found = applications_visible_to(moderator).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    application = locked(Application.objects.filter(pk=found.pk)).select_related("agency").get()
    if application.registration_number == wanted:
        return False
    if application.registration_number != clean_line(seen):
        raise WrongState
    _claim(application, wanted, now=now)
    application.registration_number = wanted
    application.save(update_fields=["registration_number"])
    journal.record(JournalAct.SET_REGISTRATION, subject=application, staff_id=moderator.pk, now=now)
    return True


def _claim(application: Application, number: str, *, now: datetime) -> None:
    RegistrationClaim.objects.filter(application=application).delete()
    agency = application.agency
    if not number or not agency.unique_registration:
        return
    year = localtime(now, zone(agency.time_zone)).year
    claim = RegistrationClaim(application=application, agency=agency, year=year, number=number)
    if not insert_new(claim):
        raise RegistrationTaken
