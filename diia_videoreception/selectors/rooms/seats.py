"""Who may enter a room and as whom, and who is in it: everything hangs on whose room it is."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Application,
    Citizen,
    Official,
    Participant,
    Room,
    RoomInvitation,
    SeatEntry,
)
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.access import StaffUser, agencies_moderated_by, held_by
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from integrations.common.levels import Level


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks for a room: a citizen, staff or a guest, each by an address of their own.

    Attributes:
        level: How surely the citizen is known.
        guest: The invitation that this browser has accepted.
        at_seat: The way in of a browser at a seat of a centre, where somebody has looked at the citizen's document.
    """

    citizen: Citizen | None = None
    level: Level | None = None
    user: StaffUser | None = None
    guest: RoomInvitation | None = None
    at_seat: SeatEntry | None = None

    @property
    def sees_documents(self) -> bool:
        """Whether files of the case come to this browser: not to a guest's, nor to one where others sit next."""
        return self.guest is None and self.at_seat is None

    @property
    def is_staff(self) -> bool:
        return self.citizen is None and self.guest is None

    def satisfies(self, minimum: str) -> bool:
        """Return whether a citizen is known as surely as `minimum` demands; of others nobody asks it."""
        return (
            self.citizen is None
            or self.at_seat is not None
            or (self.level is not None and self.level.at_least(Level(minimum)))
        )

    @property
    def counted_as(self) -> str:
        """Whose requests are counted together."""
        if self.guest:
            return f"guest {self.guest.pk}"
        return f"citizen {self.citizen.pk}" if self.citizen else f"staff {self._user_id}"

    @property
    def _user_id(self) -> int | None:
        return self.user.pk if self.user else None

    def seat(self) -> Q:
        """Return which participants this person is."""
        if self.guest:
            return Q(invitation=self.guest)
        return Q(citizen=self.citizen) if self.citizen else Q(user_id=self._user_id)

    def is_seated_as(self, participant: Participant) -> bool:
        if self.guest:
            return participant.invitation_id == self.guest.pk
        if self.citizen:
            return participant.citizen_id == self.citizen.pk
        return participant.user_id == self._user_id is not None

    def role_in(self, application: Application) -> Participant.Role:
        """Return as whom the person comes in; never by what the browser says."""
        if self.guest:
            return Participant.Role.GUEST
        if self.citizen:
            return Participant.Role.CITIZEN
        own: Official = application.official
        if own.user_id is not None and own.user_id == self._user_id:
            return Participant.Role.OFFICIAL
        return Participant.Role.MODERATOR

    def name_in(self, application: Application) -> str:
        """Return by what name the others see the person."""
        if self.guest:
            return self.guest.name
        if self.citizen:
            return self.citizen.full_name
        if self.role_in(application) is Participant.Role.OFFICIAL:
            return application.official.full_name
        full_name = getattr(self.user, "get_full_name", str)()
        return str(full_name or getattr(self.user, "get_username", str)())


def receptions_open_to(visitor: Visitor) -> QuerySet[Application]:
    """Return the applications whose rooms this person may enter: own, of their agencies, or invited to."""
    if visitor.guest:
        # Read anew each time: what was withdrawn meanwhile opens nothing.
        return Application.objects.filter(
            room__invitations__pk=visitor.guest.pk, room__invitations__ended_at__isnull=True
        )
    if visitor.at_seat:
        # This reception at its present time and place, as long as nobody has ended it.
        return Application.objects.filter(
            seat_entries__pk=visitor.at_seat.pk,
            seat_entries__ended_at__isnull=True,
            seat_entries__start=F("start"),
            seat_entries__seat=F("seat"),
        )
    if visitor.citizen:
        return Application.objects.filter(citizen=visitor.citizen)
    user = visitor.user
    if user is None or not user.is_authenticated or not user.is_active:
        return Application.objects.none()
    return Application.objects.filter(held_by(user) | Q(agency__in=agencies_moderated_by(user)))


def reception_of(visitor: Visitor, public_id: uuid.UUID) -> Application | None:
    """Return the application whose room stands at this address, if the person may enter it."""
    return (
        receptions_open_to(visitor)
        .select_related("official__unit__agency", "citizen", "reception")
        .filter(public_id=public_id)
        .first()
    )


def times_of(application: Application) -> rules.RoomTimes:
    return rules.times_of(
        application.start,
        application.end,
        opens=timedelta(minutes=app_settings.room_opens_minutes),
        closes=timedelta(minutes=app_settings.room_closes_minutes),
    )


def room_phase(application: Application, room: Room | None, *, now: datetime) -> rules.Phase | None:
    """Return why nobody can be in the room now; None when it is open."""
    return rules.room_phase(
        times_of(application),
        is_confirmed=application.state == Application.State.CONFIRMED,
        ended_at=room.ended_at if room else None,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Seats:
    """A room as one of its participants asks for it."""

    own: Participant
    everybody: list[Participant]

    @property
    def room(self) -> Room:
        return self.own.room

    @property
    def application(self) -> Application:
        return self.own.room.application

    def phase(self, window: str, *, now: datetime) -> rules.Phase:
        """Return where the person stands who asks from this window."""
        closed = room_phase(self.application, self.room, now=now)
        if closed is not None:
            return closed
        if not is_held_in_browser(self.application):
            return rules.Phase.MOVED
        if self.own.window != window:
            return rules.Phase.SUPERSEDED
        return rules.seat_phase(rules.Seat(self.own.state))


def seats_of(visitor: Visitor, public_id: uuid.UUID) -> Seats | None:
    """Return the room at this address, with the person's own seat; None when they have none. One query."""
    everybody = list(
        Participant.objects.filter(
            room__application__in=receptions_open_to(visitor),
            room__application__public_id=public_id,
        ).select_related(
            "room__application__official__unit__agency",
            "room__application__reception",
            "invitation",
        )
    )
    own = next((seat for seat in everybody if visitor.is_seated_as(seat)), None)
    return Seats(own, everybody) if own else None
