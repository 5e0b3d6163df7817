"""Handing open visits over to a colleague, as at the end of a shift."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F

from diia_videoreception.errors import NotFound, WrongState
from diia_videoreception.models import CentreMember, CentreVisit, JournalAct
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.services import journal
from diia_videoreception.services.assistance.visits import letters_for
from diia_videoreception.services.transactions import act, locked


@act
def hand_over(
    centre_id: uuid.UUID,
    *,
    holder: uuid.UUID,
    taker: uuid.UUID,
    staff: AbstractBaseUser,
    now: datetime,
) -> int:
    """Give all open visits of somebody to a colleague; only the head gives those of others.

    Who is blocked may hand over: nothing is done for the people by it. The visits get letters of the
    taker that are free; pages that showed them to the holder are out of date.

    Returns:
        How many visits there were.

    Raises:
        NotFound: the visits are not theirs to give, or the taker does not work in the centre, or is blocked.
        WrongState: there are none, or both are one.
        TooManyVisits: the taker has too few letters left.
    """
    asker = membership_in(staff, centre_id)
    if asker is None:
        raise NotFound
    if holder == taker:
        raise WrongState
    both = CentreMember.objects.filter(centre=asker.centre_id, public_id__in=(holder, taker))
    members = {one.public_id: one for one in locked(both.order_by("pk")).select_related("centre")}
    giver, gets = members.get(holder), members.get(taker)
    if giver is None or gets is None or gets.ended_at is not None or gets.is_blocked:
        raise NotFound
    if giver.pk != asker.pk and (not asker.is_head or asker.is_blocked):
        raise NotFound
    visits = list(locked(CentreVisit.objects.open().filter(member=giver).order_by("pk")))
    if not visits:
        raise WrongState
    for visit, letter in zip(visits, letters_for(gets, len(visits)), strict=True):
        CentreVisit.objects.filter(pk=visit.pk).update(
            member=gets, letter=letter, version=F("version") + 1, changed_at=now
        )
    journal.record(
        JournalAct.HAND_OVER_VISITS,
        subject=gets.centre,
        staff_id=staff.pk,
        now=now,
        details={
            "from": str(giver.public_id),
            "to": str(gets.public_id),
            "visits": [str(visit.public_id) for visit in visits],
        },
    )
    return len(visits)
