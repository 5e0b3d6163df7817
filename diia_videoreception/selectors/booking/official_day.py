"""«Мій день»: what an official has to know on the day, and one reception with all around it (O01, O02)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from device_check.models import CheckRun
from device_check.vocabulary import Verdict
from diia_videoreception.models import Application, Document, Participant
from diia_videoreception.rules.centre_seats import is_arrival
from diia_videoreception.rules.rooms import Seat, is_here
from diia_videoreception.selectors.access import (
    StaffUser,
    officials_of,
    receptions_conducted_by,
    receptions_of,
)
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.booking.documents import with_documents
from diia_videoreception.selectors.booking.equipment import newest_runs

State = Application.State

LONGEST_DAY = timedelta(hours=36)
"""From any clock's midnight to any other's."""
SOON = timedelta(minutes=15)
"""From then before its start a reception stands on top."""
FURTHEST = timedelta(days=366)
SHOWN_EARLIER = 5
SHOWN_UNFINISHED = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """One reception as its official sees it.

    Attributes:
        run: The newest finished check of the citizen's equipment.
        earlier: Receptions of the same citizen with the same official before, newest first.
        seat: The citizen's seat in the room of the reception; None who has never come in.
        is_here: Whether the citizen is in the room now.
    """

    application: Application
    run: CheckRun | None = None
    earlier: list[Application] = field(default_factory=list)
    seat: Participant | None = None
    is_here: bool = False

    @property
    def has_arrived(self) -> bool:
        """Whether the centre from whose seat they speak has noted that they came."""
        return is_arrival(self.application.arrived_at, self.application.time)

    @property
    def waits(self) -> bool:
        """Whether the citizen is in the room and nobody has admitted them yet."""
        return self.is_here and self.seat is not None and self.seat.state == Seat.WAITING

    @property
    def has_room(self) -> bool:
        """Whether it is held on the portal's own page, and not in a program of the agency."""
        return is_held_in_browser(self.application)

    @property
    def is_ready(self) -> bool:
        return self.run is not None and self.run.verdict == Verdict.GOOD


@dataclass(frozen=True, slots=True)
class OfficialDay:
    """A day of all officials that one user is.

    Attributes:
        now: The receptions that have begun or begin soon, and those in whose room somebody is.
        later: Those to come on the day.
        over: Those that are concluded or whose time is over.
        unfinished: Of any day: over without a note of what became of them, or with an unsent draft.
        nearest: The first reception after the day, where the day has none.
    """

    day: date
    today: date
    zone: str
    now: list[Visit]
    later: list[Visit]
    over: list[Visit]
    next_day: list[Visit]
    unfinished: list[Application]
    nearest: Application | None

    @property
    def is_empty(self) -> bool:
        return not (self.now or self.later or self.over)

    @property
    def nearest_day(self) -> date | None:
        return _day(Visit(self.nearest)) if self.nearest else None

    @property
    def previous(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def tomorrow(self) -> date:
        return self.day + timedelta(days=1)


def day_of(text: str) -> date | None:
    """Return the day that an address names; None for what is no day."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def day_of_official(user: StaffUser, *, day: date | None, now: datetime) -> OfficialDay:
    """Return the day, by the clock of the user's agencies; today without a `day`, or with one too far off."""
    own = officials_of(user).select_related("unit__agency").first()
    zone = own.agency.time_zone if own else settings.TIME_ZONE
    today = now.astimezone(ZoneInfo(zone)).date()
    if day is None or abs(day - today) > FURTHEST:
        day = today
    rows = receptions_of(user)
    visits = visits_of(user, _on_days(rows, day, day + timedelta(days=1), zone), now=now)
    of_day = [one for one in visits if _day(one) == day]
    next_day = [one for one in visits if _day(one) > day]
    open_ones = [one for one in of_day if _is_open(one, now)]
    present = [one for one in open_ones if one.is_here or one.application.start <= now + SOON]
    return OfficialDay(
        day=day,
        today=today,
        zone=zone,
        now=present,
        later=[one for one in open_ones if one not in present],
        over=[one for one in of_day if one not in open_ones],
        next_day=next_day,
        unfinished=list(_unfinished(rows, now=now)[:SHOWN_UNFINISHED]),
        nearest=None if of_day else _nearest(rows, after=_midnight(day + timedelta(days=1), zone)),
    )


def visit_of(user: StaffUser, public_id: uuid.UUID, *, now: datetime) -> Visit | None:
    """Return one reception, if the user is its official or moderates its agency."""
    found = receptions_conducted_by(user).filter(public_id=public_id).first()
    if found is None or found.state not in {State.CONFIRMED, *_CONCLUDED}:
        return None
    return visits_of(user, [found], now=now)[0]


def document_of_reception(
    user: StaffUser, *, application_id: uuid.UUID, document_id: uuid.UUID
) -> Document | None:
    """Return a document of a reception that the user may open by `visit_of`."""
    return (
        Document.objects.filter(
            application__in=receptions_conducted_by(user),
            application__state__in=[State.CONFIRMED, *_CONCLUDED],
            application__public_id=application_id,
            public_id=document_id,
        )
        .select_related("application__official")
        .first()
    )


def visits_of(
    user: StaffUser, applications: Iterable[Application], *, now: datetime
) -> list[Visit]:
    """Return the receptions with all around them; as many queries for many as for one."""
    listed = list(applications)
    runs = newest_runs(listed)
    earlier = _earlier(user, listed)
    seats = _seats(listed)
    return [
        Visit(
            application,
            runs.get(str(application.public_id)),
            [one for one in earlier[application.citizen_id] if _precedes(one, application)][
                :SHOWN_EARLIER
            ],
            seats.get(application.pk),
            is_here=application.pk in seats and _is_here(seats[application.pk], now),
        )
        for application in listed
    ]


_CONCLUDED = (State.COMPLETED, State.CITIZEN_ABSENT, State.AGENCY_ABSENT)


def _seats(listed: list[Application]) -> dict[int, Participant]:
    """Return the seat of the citizen in each room, by application."""
    seats = Participant.objects.filter(
        room__application__in=listed, role=Participant.Role.CITIZEN
    ).select_related("room")
    return {seat.room.application_id: seat for seat in seats}


def _is_here(seat: Participant, now: datetime) -> bool:
    return is_here(Seat(seat.state), seat.last_seen_at, now=now)


def _is_open(visit: Visit, now: datetime) -> bool:
    application = visit.application
    return application.state == State.CONFIRMED and application.end > now


def _day(visit: Visit) -> date:
    zone = ZoneInfo(visit.application.official.agency.time_zone)
    return visit.application.start.astimezone(zone).date()


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _on_days(rows: QuerySet[Application], first: date, last: date, zone: str) -> list[Application]:
    near = rows.filter(
        start__gte=_midnight(first, zone) - LONGEST_DAY,
        start__lt=_midnight(last, zone) + 2 * LONGEST_DAY,
    ).prefetch_related(with_documents())
    return [one for one in near.order_by("start", "pk") if first <= _day(Visit(one)) <= last]


def _unfinished(rows: QuerySet[Application], *, now: datetime) -> QuerySet[Application]:
    without_note = Q(state=State.CONFIRMED, end__lte=now)
    unsent = Q(answer__isnull=False, answer__sent_at__isnull=True, end__lte=now)
    return rows.filter(without_note | unsent).select_related("answer").order_by("-start", "-pk")


def _nearest(rows: QuerySet[Application], *, after: datetime) -> Application | None:
    to_come = rows.filter(state=State.CONFIRMED, start__gte=after)
    return to_come.order_by("start", "pk").first()


def _earlier(user: StaffUser, listed: list[Application]) -> dict[int, list[Application]]:
    """Return receptions with the same officials by citizen, newest first; never another official's."""
    found: dict[int, list[Application]] = defaultdict(list)
    rows = (
        receptions_conducted_by(user)
        .filter(
            state__in=_CONCLUDED,
            citizen__in={one.citizen_id for one in listed},
            official__in={one.official_id for one in listed},
        )
        .select_related("answer")
        .order_by("-start", "-pk")
    )
    for row in rows if listed else ():
        found[row.citizen_id].append(row)
    return found


def _precedes(one: Application, other: Application) -> bool:
    return one.official_id == other.official_id and one.start < other.start
