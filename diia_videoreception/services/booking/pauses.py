"""Trouble on the day: receptions are paused together with what becomes of those who were to come (M09)."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, NotFound, WrongState
from diia_videoreception.models import (
    Absence,
    JournalAct,
    Official,
    ReceptionPause,
)
from diia_videoreception.rules.refusals import NextStep
from diia_videoreception.selectors.access import agencies_moderated_by
from diia_videoreception.selectors.booking.pauses import absences_for, pauses_visible_to
from diia_videoreception.selectors.booking.schedule_changes import TouchedChoice
from diia_videoreception.services import journal
from diia_videoreception.services.booking import occupancy
from diia_videoreception.services.booking.absences import delete_absences
from diia_videoreception.services.booking.schedule_changes import apply_changes
from diia_videoreception.services.transactions import act, locked

NEXT_STEP = NextStep.SAME_OFFICIAL
"""Where the letter leads whose reception is cancelled: to another time of the same official."""


@act
def pause_receptions(
    pause: ReceptionPause,
    officials: Collection[Official],
    *,
    staff: AbstractBaseUser,
    shown: str,
    choices: Mapping[uuid.UUID, TouchedChoice],
    reason: str,
    now: datetime,
) -> ReceptionPause:
    """Keep officials from receiving until the pause ends, and do with each reception what was chosen.

    Who is told reads the reason, and where to choose another time. All of it or nothing.

    Raises:
        NotFound: the agency is not of this member of staff, or an official not of the agency.
        Incomplete: the pause does not end later on this day, or changes nothing.
        ActRefused: as `apply_changes`.
    """
    if not agencies_moderated_by(staff).filter(pk=pause.agency_id).exists():
        raise NotFound
    if any(one.unit.agency_id != pause.agency_id for one in officials):
        raise NotFound
    _require_today(pause, now=now)
    pause.made_by_id = staff.pk
    changes = absences_for(pause, list(officials))
    if not changes:
        raise Incomplete(fields={"officials": _("These officials are away already.")})
    pause.save()
    pause.officials.set(officials)
    for change in changes:
        if isinstance(change.part, Absence):
            change.part.pause = pause
    apply_changes(
        changes,
        staff=staff,
        shown=shown,
        choices=choices,
        reason=reason,
        next_step=NEXT_STEP,
        now=now,
    )
    journal.record(
        JournalAct.PAUSE_RECEPTIONS,
        subject=pause.agency,
        staff_id=staff.pk,
        now=now,
        details={
            "pause": pause.pk,
            "cause": pause.cause,
            "until": pause.ends_at.isoformat(),
            "officials": len(officials),
        },
    )
    return pause


def _require_today(pause: ReceptionPause, *, now: datetime) -> None:
    zone = ZoneInfo(pause.agency.time_zone)
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)
    if not now < pause.ends_at <= tomorrow:
        raise Incomplete(fields={"until": _("Enter a later time of this day.")})


@act
def resume_receptions(pause_id: int, *, staff: AbstractBaseUser, now: datetime) -> ReceptionPause:
    """End a pause: officials receive again whom nobody has been told anything else.

    Raises:
        NotFound: it is not of an agency of this member of staff.
        WrongState: it has ended.
    """
    if not pauses_visible_to(staff).filter(pk=pause_id).exists():
        raise NotFound
    keys = Absence.objects.filter(pause=pause_id).values_list("official", flat=True)
    occupancy.lock_all([occupancy.OfficialTime(key) for key in set(keys)])
    pause = locked(ReceptionPause.objects.filter(pk=pause_id)).select_related("agency").get()
    if pause.ended_at is not None or pause.ends_at <= now:
        raise WrongState
    pause.ended_at = now
    pause.save(update_fields=["ended_at"])
    delete_absences(Absence.objects.filter(pause=pause), now=now)
    journal.record(
        JournalAct.RESUME_RECEPTIONS,
        subject=pause.agency,
        staff_id=staff.pk,
        now=now,
        details={"pause": pause.pk},
    )
    return pause
