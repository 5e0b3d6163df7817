"""The people of a centre: their roles, blocking, leaving and training. The head decides, never about themselves."""

import uuid
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, NotForOneself, NotFound, WrongState
from diia_videoreception.models import (
    Centre,
    CentreAccreditation,
    CentreMember,
    JournalAct,
    Letter,
)
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.selectors.centres.testing import own_test
from diia_videoreception.services import journal, letters
from diia_videoreception.services.centres.granting import required_reason
from diia_videoreception.services.centres.guard import centre_managed_by
from diia_videoreception.services.transactions import act, locked

MAX_TRAINING_YEARS = 5


@act
def change_role(
    centre_id: uuid.UUID,
    member_id: uuid.UUID,
    *,
    role: CentreRole,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreMember:
    """Give somebody another role in the centre.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: the person is not theirs to manage.
        NotForOneself: it is their own role.
    """
    member = managed_member(centre_id, member_id, staff)
    if member.role == role:
        return member
    was, member.role = str(member.role), role
    member.save(update_fields=["role"])
    _record(JournalAct.CHANGE_MEMBER_ROLE, member, staff, now=now, was=was, role=role.value)
    return member


@act
def block(
    centre_id: uuid.UUID,
    member_id: uuid.UUID,
    *,
    reason: str,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreMember:
    """Block somebody at once: an act that has not begun does not begin; the person gets a letter (B-15).

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NotForOneself: as `change_role`.
        WrongState: they are blocked already.
        Incomplete: there is no reason.
    """
    member = managed_member(centre_id, member_id, staff)
    if member.is_blocked:
        raise WrongState
    member.blocked_at, member.block_reason = now, required_reason(reason)
    member.save(update_fields=["blocked_at", "block_reason"])
    _record(JournalAct.BLOCK_MEMBER, member, staff, now=now)
    tell = partial(letters.notify_user, Letter.Kind.CENTRE_BLOCKED, member.user, now=now)
    tell(member=str(member.public_id))
    return member


@act
def unblock(
    centre_id: uuid.UUID, member_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> CentreMember:
    """Let somebody who was blocked work again.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NotForOneself: as `change_role`.
        WrongState: they are not blocked.
    """
    member = managed_member(centre_id, member_id, staff)
    if not member.is_blocked:
        raise WrongState
    member.blocked_at, member.block_reason = None, ""
    member.save(update_fields=["blocked_at", "block_reason"])
    _record(JournalAct.UNBLOCK_MEMBER, member, staff, now=now)
    return member


@act
def end_membership(
    centre_id: uuid.UUID, member_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """End somebody's work in the centre; what they did there stays theirs in the journal.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NotForOneself: as `change_role`.
    """
    member = managed_member(centre_id, member_id, staff)
    member.ended_at = now
    member.save(update_fields=["ended_at"])
    _record(JournalAct.END_MEMBER, member, staff, now=now)


@act
def record_training(
    centre_id: uuid.UUID,
    member_id: uuid.UUID,
    *,
    valid_from: date,
    valid_until: date,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreAccreditation:
    """Record that somebody has been trained (B-14); without a training nobody acts for others.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NotForOneself: as `change_role`.
        Incomplete: the days are turned round, to come, over, or too many.
    """
    member = managed_member(centre_id, member_id, staff)
    _require_days(valid_from, valid_until, today=today_in(member.centre, now=now))
    training = CentreAccreditation(
        centre=member.centre,
        kind=CentreAccreditation.Kind.TRAINING,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=now,
    )
    training.user_id = member.user_id
    training.save(force_insert=True)
    _invite_to_test(member, now=now)
    until = valid_until.isoformat()
    _record(JournalAct.RECORD_TRAINING, member, staff, now=now, valid_until=until)
    return training


def _invite_to_test(member: CentreMember, *, now: datetime) -> None:
    """Write the personal invitation to the test, where there is one to take (B-18)."""
    test = own_test(member, language=settings.LANGUAGE_CODE, now=now)
    if test.obstacle is None:
        about = str(member.public_id)
        letters.notify_user(Letter.Kind.CENTRE_TEST, member.user, now=now, member=about)


def _require_days(first: date, last: date, *, today: date) -> None:
    if first > today:
        raise Incomplete(fields={"valid_from": _("This day is still to come. Check the date.")})
    if last < today:
        raise Incomplete(fields={"valid_until": _("This day is over. Check the date.")})
    if last.year - first.year > MAX_TRAINING_YEARS:
        text = _("A training holds for %(years)s years at most. Check the date.")
        raise Incomplete(fields={"valid_until": text % {"years": MAX_TRAINING_YEARS}})


def managed_member(
    centre_id: uuid.UUID, member_id: uuid.UUID, staff: AbstractBaseUser
) -> CentreMember:
    """Return a member under the locks of the centre and of their own row: an act of theirs is over or waits.

    Never the own: so whoever acts as a head stays one, and the centre keeps a head.
    """
    centre = centre_managed_by(centre_id, staff)
    found = CentreMember.objects.live().filter(centre=centre, public_id=member_id)
    member = locked(found.select_related("user")).first()
    if member is None:
        raise NotFound
    if member.user_id == staff.pk:
        raise NotForOneself
    member.centre = centre
    return member


def _record(
    act_: JournalAct,
    member: CentreMember,
    staff: AbstractBaseUser,
    *,
    now: datetime,
    **details: object,
) -> None:
    centre: Centre = member.centre
    about = {"member": str(member.public_id), **details}
    journal.record(act_, subject=centre, staff_id=staff.pk, now=now, details=about)
