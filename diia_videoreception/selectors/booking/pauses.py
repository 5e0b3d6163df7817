"""When an agency cannot receive for some time of a day, and whom that touches."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from diia_videoreception.models import Absence, Application, Occupancy, Official, ReceptionPause
from diia_videoreception.rules.slots import Interval, without
from diia_videoreception.selectors.access import StaffUser, agencies_moderated_by
from diia_videoreception.selectors.booking.schedule_changes import ScheduleChange


def pauses_visible_to(user: StaffUser) -> QuerySet[ReceptionPause]:
    """Return the pauses of the agencies that the user moderates."""
    return ReceptionPause.objects.filter(agency__in=agencies_moderated_by(user)).select_related(
        "agency", "made_by"
    )


def in_force(pauses: QuerySet[ReceptionPause], now: datetime) -> QuerySet[ReceptionPause]:
    return pauses.filter(ended_at__isnull=True, ends_at__gt=now)


def is_paused(application: Application) -> bool:
    """Return whether the agency could not receive at some moment of a reception."""
    ends = Coalesce("ended_at", "ends_at")
    return (
        ReceptionPause.objects.filter(
            officials=application.official_id, starts_at__lt=application.end
        )
        .annotate(ends=ends)
        .filter(ends__gt=application.start)
        .exists()
    )


def absences_for(pause: ReceptionPause, officials: Sequence[Official]) -> list[ScheduleChange]:
    """Return the absences that a pause makes: of the parts of it at which an official is not away yet.

    What another pause keeps from being booked is in it all the same: either may end before.
    """
    span = Interval(pause.starts_at, pause.ends_at)
    away: dict[int, list[Interval]] = {}
    for row in Occupancy.objects.filter(
        Q(start__lt=span.end, end__gt=span.start),
        official__in=[one.pk for one in officials],
        kind=Occupancy.Kind.ABSENCE,
        absence__pause__isnull=True,
    ):
        away.setdefault(row.official_id, []).append(row.time)
    return [
        ScheduleChange(
            Absence(
                official=official,
                start=part.start,
                end=part.end,
                reason=pause.words or pause.get_cause_display(),
                pause=pause,
            )
        )
        for official in officials
        for part in without(span, away.get(official.pk, []))
    ]


def still_standing(pause: ReceptionPause, now: datetime) -> QuerySet[Application]:
    """Return the receptions within a pause that are to come, and of which nobody has been told."""
    return (
        Application.objects.filter(
            official__in=pause.officials.all(),
            occupancies__kind=Occupancy.Kind.APPLICATION,
            start__gt=now,
            start__lt=pause.ends_at,
        )
        .exclude(proposals__answer="", proposals__deadline__gt=now)
        .select_related("official__unit__agency", "citizen", "clarification")
        .order_by("start", "pk")
    )
