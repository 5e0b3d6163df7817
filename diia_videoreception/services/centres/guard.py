"""Who may change what in a centre: asked by every act, under the lock of the centre."""

import uuid

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import CentreSuspended, MemberBlocked, NotFound
from diia_videoreception.models import Centre, CentreMember
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.centres.access import membership_in, operates_portal
from diia_videoreception.services.transactions import locked


def locked_centre(public_id: uuid.UUID) -> Centre:
    """Take the queue of a centre: what is counted or compared in it is decided one after another.

    Raises:
        NotFound: there is no such centre.
    """
    centre = locked(Centre.objects.filter(public_id=public_id)).first()
    if centre is None:
        raise NotFound
    return centre


def require_operator(staff: StaffUser) -> None:
    """Let only the portal's operator go on.

    Raises:
        NotFound: somebody else asks.
    """
    if not operates_portal(staff):
        raise NotFound


def head_in(centre: uuid.UUID, staff: AbstractBaseUser) -> CentreMember:
    """Return as whom the head of a centre acts, with the locked centre.

    Raises:
        NotFound: who asks does not head this centre.
        MemberBlocked: they are blocked there.
        CentreSuspended: nothing may be changed in it.
    """
    owner = locked_centre(centre)
    head = membership_in(staff, centre)
    if head is None or not head.is_head:
        raise NotFound
    head.centre = owner
    require_at_work(head)
    return head


def member_in(centre: uuid.UUID, staff: AbstractBaseUser) -> CentreMember:
    """Return as whom somebody works in a centre now; its row is not locked.

    Raises:
        NotFound: they do not work there.
        MemberBlocked, CentreSuspended: as `require_at_work`.
    """
    member = membership_in(staff, centre)
    if member is None:
        raise NotFound
    require_at_work(member)
    return member


def require_at_work(member: CentreMember) -> None:
    """Let only somebody go on who may work in their centre now.

    Raises:
        MemberBlocked: they are blocked there.
        CentreSuspended: nothing may be changed in it.
    """
    if member.is_blocked:
        raise MemberBlocked
    if not member.centre.is_active:
        raise CentreSuspended


def centre_managed_by(centre: uuid.UUID, staff: AbstractBaseUser) -> Centre:
    """Return the locked centre for its head, or for the operator, whom a suspension does not stop.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `head_in`.
    """
    if operates_portal(staff):
        return locked_centre(centre)
    return head_in(centre, staff).centre
