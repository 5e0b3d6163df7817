"""Slips for applications that were made in a centre, and reading by their code how a case stands (B-39, B-42)."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from diia_videoreception.errors import (
    Incomplete,
    NoTextMessages,
    NotFound,
    SlipCodeWrong,
)
from diia_videoreception.models import Application, Citizen, JournalAct, Slip
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.numbers import NumberError, parse_number
from diia_videoreception.rules.slips import CODE_LENGTH, MAX_SENT, MAX_TRIES, read_code
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services import journal, letters
from diia_videoreception.services.assistance.guard import member_at_work
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.services.transactions import act, locked
from integrations.common.readable_codes import readable_code


@dataclass(frozen=True, slots=True)
class GivenSlip:
    """A slip that has just been made; its code is known now and never again."""

    application: Application
    code: str = field(repr=False)


@act
def give_own(citizen: Citizen, public_id: uuid.UUID, *, now: datetime) -> GivenSlip:
    """Make the slip of a citizen who has applied at a place of a centre; an earlier code of it dies.

    Raises:
        NotFound: the application is not theirs, or was not made in a centre.
    """
    own = Application.objects.filter(citizen=citizen, public_id=public_id)
    return _give(own, now=now, citizen=citizen)


@act
def give_again(
    centre_id: uuid.UUID, number: str, *, staff: AbstractBaseUser, now: datetime
) -> GivenSlip:
    """Make another slip for who has lost theirs, or whose code works no more.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not help people in this centre now.
        Incomplete: no application with this number was made in the centre.
    """
    member = member_at_work(staff, centre_id, now=now, on_behalf=False)
    try:
        of_centre = Application.objects.filter(
            centre=member.centre, number=str(parse_number(number))
        )
        return _give(of_centre, now=now, staff_id=staff.pk)
    except (NumberError, NotFound):
        text = _("There is no application with this number that was made in your centre.")
        raise Incomplete(fields={"number": text}) from None


def _give(
    found: QuerySet[Application],
    *,
    now: datetime,
    citizen: Citizen | None = None,
    staff_id: int | None = None,
) -> GivenSlip:
    application = locked(found.filter(centre__isnull=False)).first()
    if application is None:
        raise NotFound
    code = readable_code(CODE_LENGTH)
    values = {"code_hash": _hash(application, code), "tries": 0, "made_at": now}
    slip, is_new = Slip.objects.get_or_create(application=application, defaults=values)
    if not is_new:
        Slip.objects.filter(pk=slip.pk).update(copies=F("copies") + 1, **values)
    journal.record(
        JournalAct.GIVE_SLIP,
        subject=application,
        citizen=citizen,
        staff_id=staff_id,
        now=now,
        details={"again": not is_new},
    )
    return GivenSlip(application, code)


def send(
    centre_id: uuid.UUID,
    application_id: uuid.UUID,
    *,
    address: str = "",
    staff: AbstractBaseUser,
    now: datetime,
) -> Slip:
    """Send the person the slip of a case, without its code: to an address, else as a text to the phone of the case.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not help people in this centre now, or no slip of
            such a case was made there.
        NoTextMessages: no SMS can be sent to this phone.
        Incomplete: it was sent as often as may be.
        TooManyRequests: the member has sent too many.
    """
    member = membership_in(staff, centre_id)
    if member is None:
        raise NotFound
    require_rate("slip_sent", f"member {member.pk}", now=now)
    return _send(centre_id, application_id, address, staff=staff, now=now)


@act
def _send(
    centre_id: uuid.UUID,
    application_id: uuid.UUID,
    address: str,
    *,
    staff: AbstractBaseUser,
    now: datetime,
) -> Slip:
    member = member_at_work(staff, centre_id, now=now, on_behalf=False)
    of_centre = Application.objects.filter(centre=member.centre, public_id=application_id)
    application = locked(of_centre.select_related("centre", "citizen")).first()
    slip = Slip.objects.filter(application=application).first() if application else None
    if application is None or slip is None:
        raise NotFound
    if slip.sent >= MAX_SENT:
        text = _("The slip was sent %(most)s times already. Print it, or tell the number aloud.")
        raise Incomplete(fields={"address": text % {"most": MAX_SENT}})
    if not address and not takes_sms(application.phone, agency=None):
        raise NoTextMessages
    letters.queue_slip(application, address=address, now=now)
    slip.sent += 1
    slip.save(update_fields=["sent"])
    journal.record(
        JournalAct.SEND_SLIP,
        subject=application,
        staff_id=staff.pk,
        now=now,
        details={"way": "email" if address else "sms", "times": slip.sent},
    )
    return slip


def case_with(number: str, code: str) -> Application:
    """Return the application whose number and code a slip has.

    The try is counted before anything is compared, and taken back only where the code fits: of many at
    the same moment no more than `MAX_TRIES` are compared. All that is wrong gets the same answer.

    Raises:
        SlipCodeWrong: there is no such number, the code does not fit, or was tried too often.
    """
    plain = read_code(code)
    try:
        of_number = Slip.objects.filter(application__number=str(parse_number(number)))
    except NumberError:
        raise SlipCodeWrong from None
    if plain is None:
        raise SlipCodeWrong
    slip = of_number.first()
    if slip is None:
        raise SlipCodeWrong
    as_read = Slip.objects.filter(pk=slip.pk, code_hash=slip.code_hash)
    with transaction.atomic(durable=True):
        counted = as_read.filter(tries__lt=MAX_TRIES).update(tries=F("tries") + 1)
    application = Application.objects.get(pk=slip.application_id)
    if not counted or not secrets.compare_digest(slip.code_hash, _hash(application, plain)):
        raise SlipCodeWrong
    as_read.filter(tries__gt=0).update(tries=F("tries") - 1)
    return application


def _hash(application: Application, code: str) -> str:
    return lookup_hash("slip", f"{application.pk}\0{code}")
