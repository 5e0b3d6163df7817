"""Who may act in a visit: asked by every act, under the lock of the member."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NotFound
from diia_videoreception.models import CentreMember
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.services.centres.guard import require_at_work
from diia_videoreception.services.centres.rights import require_right_to_act
from diia_videoreception.services.transactions import locked


def locked_member(user: AbstractBaseUser, centre_id: uuid.UUID) -> CentreMember:
    """Return as whom somebody works in the centre, locked; blocked or suspended, they still close what is open.

    Raises:
        NotFound: they do not work there.
    """
    found = membership_in(user, centre_id)
    if found is None:
        raise NotFound
    rows = CentreMember.objects.live().select_related("centre").filter(pk=found.pk)
    member = locked(rows).first()
    if member is None:
        raise NotFound
    return member


def member_at_work(
    user: AbstractBaseUser, centre_id: uuid.UUID, *, now: datetime, on_behalf: bool
) -> CentreMember:
    """Return as whom somebody helps a person now, locked.

    Args:
        on_behalf: whether they do it for the person, which needs the right to act.

    Raises:
        NotFound: they do not work in the centre.
        MemberBlocked, CentreSuspended: they may not help there now.
        NoRightToAct: they may explain, and not act for others.
    """
    member = locked_member(user, centre_id)
    require_at_work(member)
    if on_behalf:
        return require_right_to_act(user, centre_id, now=now)
    return member
