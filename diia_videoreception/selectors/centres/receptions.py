"""The receptions at the seats of a centre, for its people: when, where and who, never about what."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from diia_videoreception.models import Application, CentreMember, SeatEntry
from diia_videoreception.rules.centre_seats import is_arrival, may_arrive
from diia_videoreception.rules.transitions import OPEN_STATES
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.rooms.seats import times_of

DAYS_SHOWN = 7
"""From today on: of what is over nobody is told here."""


@dataclass(frozen=True, slots=True)
class SeatReception:
    """A reception as the people of the centre see it.

    Attributes:
        name: Of who is expected; empty while the agency has not confirmed.
        arrived_at: When they came for it.
        may_arrive: Whether now is the time to note that.
        opens: Whether its room is the portal's own, so that it can be opened at the seat.
        entry: The way into the room that is open now.
    """

    application: Application
    name: str
    arrived_at: datetime | None
    may_arrive: bool
    opens: bool
    entry: SeatEntry | None

    @property
    def is_confirmed(self) -> bool:
        return self.application.state == Application.State.CONFIRMED


def day_of(member: CentreMember, wanted: date | None, *, now: datetime) -> tuple[date, list[date]]:
    """Return the day to show, and those that can be shown, by the clock of the centre."""
    today = now.astimezone(ZoneInfo(member.centre.time_zone)).date()
    days = [today + timedelta(days=number) for number in range(DAYS_SHOWN)]
    return (wanted if wanted in days else today), [day for day in days if day is not None]


def receptions_at_seats(member: CentreMember, day: date, *, now: datetime) -> list[SeatReception]:
    """Return what is to be held at the seats of the member's centre on a day; two queries for any number."""
    zone = ZoneInfo(member.centre.time_zone)
    begins = datetime.combine(day, time.min, zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    live = SeatEntry.objects.filter(ended_at__isnull=True)
    found = (
        Application.objects.filter(
            seat__centre=member.centre_id,
            start__gte=begins,
            start__lt=ends,
            state__in=[*OPEN_STATES, Application.State.CONFIRMED],
        )
        .select_related("seat", "citizen", "reception", "official__unit__agency")
        .prefetch_related(Prefetch("seat_entries", live, "live_entries"))
        .order_by("start", "seat__label", "pk")
    )
    return [_seen(one, now=now) for one in found]


def _seen(application: Application, *, now: datetime) -> SeatReception:
    confirmed = application.state == Application.State.CONFIRMED
    span = application.time
    entries: list[SeatEntry] = application.live_entries  # type: ignore[attr-defined]
    arrived_at = application.arrived_at
    return SeatReception(
        application,
        name=application.citizen.full_name if confirmed else "",
        arrived_at=arrived_at if is_arrival(arrived_at, span) else None,
        may_arrive=confirmed and may_arrive(span, now=now),
        opens=confirmed
        and is_held_in_browser(application)
        and now < times_of(application).closes_at,
        entry=next((one for one in entries if one.start == application.start), None),
    )
