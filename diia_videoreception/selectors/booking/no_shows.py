"""Whether a citizen waits because they did not come to a reception of the agency."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.timezone import localdate

from diia_videoreception.models import (
    Absence,
    Agency,
    Application,
    Citizen,
    JournalAct,
    JournalRecord,
    Objection,
    Participant,
    Room,
    ScheduleException,
)
from diia_videoreception.models.fields import zone
from diia_videoreception.rules.no_shows import NoShow, Pause, pause_after


def pause_of(citizen: Citizen, agency: Agency, *, now: datetime) -> Pause | None:
    """Return the pause that holds for this person at this agency now; nothing is asked where it has none."""
    days = agency.absence_pause_days
    if days is None:
        return None
    absent = _with_doubts(citizen, agency).filter(end__gt=now - timedelta(days=days))
    found = list(absent.select_related("official"))
    switched = _switched(found)
    closed = _closed_days(found)
    local = zone(agency.time_zone)
    return pause_after(
        [
            NoShow(
                one.number,
                one.end,
                had_trouble=one.had_trouble or str(one.public_id) in switched,
                day_was_cancelled=one.was_away
                or (one.official_id, localdate(one.start, local)) in closed,
                is_contested=one.is_contested,
            )
            for one in found
        ],
        days=days,
        now=now,
    )


def _with_doubts(citizen: Citizen, agency: Agency) -> QuerySet[Any]:
    """Return where they did not come, each with what speaks against counting it.

    In a room of ours it is known who was there: a citizen at its door, and an official who never
    came, are no absence of the citizen.
    """
    seats = Participant.objects.filter(room__application=OuterRef("pk"))
    has_room = Exists(Room.objects.filter(application=OuterRef("pk"), opened_at__isnull=False))
    official = Exists(
        seats.filter(role__in=[Participant.Role.OFFICIAL, Participant.Role.MODERATOR])
    )
    came = Exists(seats.filter(role=Participant.Role.CITIZEN))
    away = Absence.objects.filter(
        official=OuterRef("official"), start__lt=OuterRef("end"), end__gt=OuterRef("start")
    )
    open_objection = Objection.objects.filter(application=OuterRef("pk"), answered_at__isnull=True)
    return Application.objects.filter(
        citizen=citizen, agency=agency, state=Application.State.CITIZEN_ABSENT
    ).annotate(
        had_trouble=Case(
            When(came, then=True), When(Q(has_room) & ~Q(official), then=True), default=False
        ),
        was_away=Exists(away),
        is_contested=Exists(open_objection),
    )


def _switched(found: list[Any]) -> set[str]:
    """Return which of these receptions had to be led into another conference."""
    keys = [str(one.public_id) for one in found]
    if not keys:
        return set()
    records = JournalRecord.objects.filter(subject_id__in=keys, act=JournalAct.SWITCH_CONFERENCE)
    return set(records.values_list("subject_id", flat=True))


def _closed_days(found: list[Any]) -> set[tuple[int, date]]:
    """Return the days on which officials of these receptions did not receive."""
    if not found:
        return set()
    closed = ScheduleException.objects.filter(
        official__in={one.official_id for one in found}, closed=True
    )
    return set(closed.values_list("official", "date"))
