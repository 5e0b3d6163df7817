"""Absences of officials: they take the time away from citizens, never from an application."""

from datetime import datetime

from django.db.models import QuerySet

from diia_videoreception.errors import (
    AbsenceExists,
    NotFound,
    TimeHeld,
    TimeOccupied,
    TimeOffered,
)
from diia_videoreception.models import Absence, Occupancy
from diia_videoreception.rules.slots import Interval, without
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.reference import absences_visible_to
from diia_videoreception.services.booking import occupancy, serving
from diia_videoreception.services.booking.occupancy import OfficialTime
from diia_videoreception.services.transactions import act
from diia_videoreception.wording import clock_and_zone, short_moment, short_moment_and_zone


@act
def remove_by_staff(absence: Absence, *, staff: StaffUser, now: datetime) -> None:
    """Delete an absence of an official of the own agencies and free its time.

    Raises:
        NotFound: it is not of the agencies of this member of staff.
    """
    _require_visible(absence, staff)
    remove_absence(absence, now=now)


def _require_visible(absence: Absence, staff: StaffUser) -> None:
    if not absences_visible_to(staff).filter(pk=absence.pk).exists():
        raise NotFound


@act
def save_absence(absence: Absence, *, around_applications: bool = False, now: datetime) -> Absence:
    """Save a new or changed absence and occupy its time.

    That of a pause goes around other absences, too: the official is away then in any case.

    Args:
        around_applications: Leave the times of applications to these; what becomes free of them later
            is the absence's (`occupancy.give_to_absences`).

    Raises:
        TimeOccupied: there are applications at this time, with their numbers: move or decline them first.
        TimeHeld: somebody is filling in an application for a time in it.
        TimeOffered: a time in it is offered to who waits for one; that of a pause takes it back.
        AbsenceExists: another absence meets it.
    """
    resource = OfficialTime(absence.official_id)
    occupancy.lock_all([resource])
    official = resource.official
    time = Interval(absence.start, absence.end)
    if absence.pause_id is not None:
        # Trouble waits for nobody's answer.
        serving.withdraw_offers(official.pk, time, now=now)
    taken = occupancy.look([resource], time, now=now)
    others = Occupancy.objects.filter(pk__in=[row.pk for row in taken]).exclude(
        absence__isnull=False, absence=absence.pk
    )
    left: list[Interval] = []
    if around_applications:
        around = [Occupancy.Kind.APPLICATION]
        if absence.pause_id is not None:
            around.append(Occupancy.Kind.ABSENCE)
        left = [row.time for row in others.filter(kind__in=around)]
        others = others.exclude(kind__in=around)
    _require_nobody(
        list(others.select_related("application").order_by("start")), official.agency.time_zone
    )
    absence.save()
    Occupancy.objects.filter(absence=absence).delete()
    for part in without(time, left):
        occupancy.occupy_by_absence(absence, part, now=now)
    return absence


def _require_nobody(others: list[Occupancy], zone: str) -> None:
    # Once each: of one both the time and a proposed one may lie in it.
    found = list(dict.fromkeys(other.application for other in others if other.application))
    if found:
        raise TimeOccupied(numbers=", ".join(one.number for one in found))
    for other in others:
        if other.kind == Occupancy.Kind.OFFER and other.expires_at is not None:
            raise TimeOffered(until=short_moment_and_zone(other.expires_at, zone))
        if other.expires_at is not None:
            raise TimeHeld(until=clock_and_zone(other.expires_at, zone))
    if others:
        start, end = (short_moment(one, zone) for one in (others[0].start, others[0].end))
        raise AbsenceExists(start=start, end=end)


@act
def remove_absence(absence: Absence, *, now: datetime) -> None:
    """Delete an absence and free its time."""
    occupancy.lock_official(absence.official_id)
    delete_absences(Absence.objects.filter(pk=absence.pk), now=now)


def delete_absences(absences: QuerySet[Absence], *, now: datetime) -> None:
    """Delete absences, under the locks of their officials; what others went around is theirs then."""
    rows = Occupancy.objects.filter(absence__in=absences).order_by("official", "start")
    freed = [(row.official_id, row.time) for row in rows]
    absences.delete()
    for official_id, time in freed:
        occupancy.give_to_absences(official_id, time, now=now)
        serving.offer_freed_later(official_id, now=now)
