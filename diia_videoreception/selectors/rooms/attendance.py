"""The evidence of who was in a room from when to when; both sides see the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, Attendance, Participant
from diia_videoreception.rules import absence
from diia_videoreception.rules import rooms as rules
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking.pauses import is_paused


@dataclass(frozen=True, slots=True)
class Stay:
    """One stretch of somebody's being in the room.

    Attributes:
        until: When it ended, or the person was last heard of; None while they are there.
        quality: Mean and worst of the numbers of the line, see `rules.rooms.merge_quality`.
    """

    name: str
    role: Participant.Role
    since: datetime
    until: datetime | None
    quality: Mapping[str, Mapping[str, float]]


def stays_in(application: Application, *, now: datetime) -> list[Stay]:
    """Who was in the room of an application, oldest first; empty when nobody came, or it has none.

    Whoever may see the application may see this.
    """
    found = Attendance.objects.filter(participant__room__application=application)
    return [_stay(one, now=now) for one in found.select_related("participant")]


def _stay(attendance: Attendance, *, now: datetime) -> Stay:
    seat = attendance.participant
    until = attendance.left_at
    if until is None and not rules.is_here(rules.Seat(seat.state), seat.last_seen_at, now=now):
        until = max(seat.last_seen_at, attendance.joined_at)
    return Stay(
        seat.name, Participant.Role(seat.role), attendance.joined_at, until, attendance.quality
    )


def obstacle_to_noting(
    application: Application, outcome: Act, *, now: datetime
) -> absence.AbsenceObstacle | None:
    """Tell why it cannot be noted now that a side did not come; None when it can, and for other outcomes."""
    obstacle = absence.obstacle_to(
        outcome,
        start=application.start,
        grace=timedelta(minutes=app_settings.absence_grace_minutes),
        citizen_was_there=[
            (stay.since, stay.until)
            for stay in stays_in(application, now=now)
            if stay.role is Participant.Role.CITIZEN
        ],
        now=now,
    )
    if obstacle is None and outcome is Act.NOTE_CITIZEN_ABSENT and is_paused(application):
        return absence.AbsenceObstacle.PAUSED
    return obstacle
