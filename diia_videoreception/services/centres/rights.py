"""The right to act on behalf of people, asked for by every such act under the lock of the member."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NoRightToAct
from diia_videoreception.models import CentreMember
from diia_videoreception.rules.centres import ActingObstacle
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.selectors.centres.rights import own_obstacles
from diia_videoreception.services.transactions import locked


def require_right_to_act(
    user: AbstractBaseUser, centre_id: uuid.UUID, *, now: datetime
) -> CentreMember:
    """Return as whom somebody acts on behalf of people, inside the act and before anything is written.

    The member's row is locked before it is read: who is blocked meanwhile does not act, and who acts
    first is blocked afterwards.

    Raises:
        NoRightToAct: `obstacles` says why.
    """
    found = membership_in(user, centre_id)
    if found is None:
        raise NoRightToAct(obstacles=[ActingObstacle.NOT_A_MEMBER.value])
    member = locked(CentreMember.objects.select_related("centre").filter(pk=found.pk)).get()
    obstacles = own_obstacles(user, member, now=now)
    if obstacles:
        raise NoRightToAct(obstacles=[obstacle.value for obstacle in obstacles])
    return member
