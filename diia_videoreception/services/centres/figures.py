"""Exports of the figures of a centre: counts alone leave, and the journal tells who took them."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import MemberBlocked, NotFound
from diia_videoreception.models import JournalAct
from diia_videoreception.rules.centre_figures import FigurePeriod
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.selectors.centres.figures import CentreFigures, figures
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act


@act
def export(
    centre_id: uuid.UUID, period: FigurePeriod, *, staff: AbstractBaseUser, now: datetime
) -> CentreFigures:
    """Give the head the figures of their centre to take away.

    Raises:
        NotFound: who asks does not head the centre.
        MemberBlocked: they are blocked there.
    """
    head = membership_in(staff, centre_id)
    if head is None or not head.is_head:
        raise NotFound
    if head.is_blocked:
        raise MemberBlocked
    journal.record(
        JournalAct.EXPORT_STATISTICS,
        subject=head.centre,
        staff_id=staff.pk,
        now=now,
        details={"first": period.first.isoformat(), "last": period.last.isoformat()},
    )
    return figures(head.centre, period)
