"""The way into the room of a confirmed reception, on the page of its application."""

from dataclasses import dataclass
from datetime import datetime

from diia_videoreception.models import Application, Room, RoomInvitation
from diia_videoreception.rules.rooms import Phase, RoomTimes
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.rooms.guests import invitations_to
from diia_videoreception.selectors.rooms.seats import room_phase, times_of


@dataclass(frozen=True, slots=True)
class RoomOfCase:
    """When the room is open, whether it is now, and whom the agency has invited besides."""

    times: RoomTimes
    phase: Phase | None
    guests: list[RoomInvitation]

    @property
    def is_open(self) -> bool:
        return self.phase is None

    @property
    def is_over(self) -> bool:
        return self.phase in {Phase.ENDED, Phase.CLOSED}


def room_of(application: Application, *, now: datetime) -> RoomOfCase | None:
    """Return the room of this application; None where it is not confirmed, or a program is used."""
    if application.state != Application.State.CONFIRMED or not is_held_in_browser(application):
        return None
    room = Room.objects.filter(application=application).first()
    guests = [one for one in invitations_to(application) if one.ended_at is None] if room else []
    return RoomOfCase(times_of(application), room_phase(application, room, now=now), guests)
