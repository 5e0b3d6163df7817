"""The calendar of an agency or of an official: who is received when, who is away, what is free (M07).

Moderators see their agency; officials their own times, and of these who comes once it is appointed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from diia_videoreception.models import Agency, Application, Occupancy, Official, Unit
from diia_videoreception.rules.slots import Interval, free_slots
from diia_videoreception.rules.transitions import OUTCOMES, RECEPTION_STATES, UNDECIDED_STATES
from diia_videoreception.selectors.access import (
    StaffUser,
    agencies_moderated_by,
    officials_of,
    roles_of,
    sees_all,
)
from diia_videoreception.selectors.booking import stored_times
from diia_videoreception.selectors.booking.official_day import FURTHEST

DAY = timedelta(days=1)
MAX_AGENCIES = 200
"""How many a superuser chooses among; of further ones the address is kept by hand."""
MAX_ROWS = 40
"""Officials on one page of a week."""

_SHOWN = UNDECIDED_STATES | RECEPTION_STATES
_BESIDE_APPLICATIONS = (
    Occupancy.Kind.HOLD,
    Occupancy.Kind.PROPOSAL,
    Occupancy.Kind.OFFER,
    Occupancy.Kind.ABSENCE,
)


class Kind(StrEnum):
    """What takes a time; the screens have a word and a pattern for each."""

    WAITING = "wanted"
    CONFIRMED = "set"
    OVER = "done"
    HOLD = "hold"
    PROPOSAL = "offer"
    QUEUE = "queue"
    ABSENCE = "away"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing in a day of an official.

    Attributes:
        start: In the agency's zone; of an absence not before the day.
        application: None where there is none, or where the reader may not know whose it is.
        until: When a hold or a proposed time ends.
        reason: Of an absence.
        key: Of an absence.
        is_whole_day: Of an absence.
    """

    kind: Kind
    official: Official
    start: datetime
    end: datetime
    application: Application | None = None
    until: datetime | None = None
    reason: str = ""
    key: int | None = None
    is_whole_day: bool = False


@dataclass(slots=True)
class Cell:
    """A day of an official; `free` are the starts that can still be had, in the agency's zone."""

    events: list[Event] = field(default_factory=list)
    free: list[datetime] = field(default_factory=list)
    is_open: bool = False
    """Whether the schedule has any time on the day."""
    is_coming: bool = False
    """Whether it has any that has not begun yet."""


class OfficialDays(NamedTuple):
    official: Official
    cells: Sequence[tuple[date, Cell]]


@dataclass(slots=True)
class MonthDay:
    """What a month tells of a day: how many of each, and not whose."""

    date: date
    receptions: int = 0
    waiting: int = 0
    absent: int = 0
    free: int = 0
    slots: int = 0
    coming: int = 0
    """Of the slots, those that have not begun yet."""

    @property
    def taken(self) -> int:
        return self.receptions + self.waiting

    @property
    def share(self) -> int:
        """How much of the day is taken, in percent."""
        known = self.taken + self.free
        return 100 * self.taken // known if known else 0

    @property
    def is_empty(self) -> bool:
        return not (self.taken or self.free or self.absent or self.slots)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose times a reader looks at.

    Attributes:
        agencies: All that the reader may choose.
        officials: All of the agency that the reader may choose.
        shown: Those of them that were chosen.
        is_moderated: Whether the reader moderates the agency; else the officials are the reader.
    """

    agency: Agency
    agencies: Sequence[Agency]
    units: Sequence[Unit]
    officials: Sequence[Official]
    shown: Sequence[Official]
    is_moderated: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agency.time_zone)

    def day(self, wanted: date | None, *, now: datetime) -> date:
        """Return the day that was asked for, today without one or where it is too far off."""
        today = self.today(now)
        return wanted if wanted is not None and abs(wanted - today) <= FURTHEST else today

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


def own_officials(user: StaffUser) -> QuerySet[Official]:
    """Return the officials that a member of staff is, without those whom they substitute."""
    return officials_of(user).filter(user_id=cast(int, user.pk))


def scope_of(
    user: StaffUser,
    *,
    agency: int | None = None,
    unit: int | None = None,
    official: int | None = None,
) -> Scope | None:
    """Return whose times the user looks at; None where any of the keys is not for this user to name.

    Without an agency it is the first one of the user's.
    """
    roles = roles_of(user)
    moderates = sees_all(user) or bool(roles.agencies)
    moderated = list(agencies_moderated_by(user).distinct()[:MAX_AGENCIES]) if moderates else []
    own = list(own_officials(user).select_related("unit__agency")) if roles.is_official else []
    agencies = {one.pk: one for one in moderated} | {
        one.agency.pk: one.agency for one in own if one.agency.pk not in {m.pk for m in moderated}
    }
    chosen = agencies.get(agency) if agency else next(iter(agencies.values()), None)
    if chosen is None:
        return None
    is_moderated = chosen in moderated
    officials, units = [one for one in own if one.agency == chosen], []
    if is_moderated:
        officials = list(
            Official.objects.filter(unit__agency=chosen).select_related("unit__agency")
        )
        units = list(Unit.objects.filter(agency=chosen))
    shown: Sequence[Official] = officials
    if unit is not None:
        if unit not in {one.pk for one in units}:
            return None
        parts = within(unit, units)
        shown = [one for one in shown if one.unit_id in parts]
    if official is not None:
        if official not in {one.pk for one in officials}:
            return None
        shown = [one for one in shown if one.pk == official]
    return Scope(chosen, list(agencies.values()), units, officials, shown, is_moderated)


def within(unit: int, units: Iterable[Unit]) -> set[int]:
    """Return the keys of a unit and of all that are part of it."""
    parts = defaultdict(list)
    for one in units:
        parts[one.parent_id].append(one.pk)
    found: set[int] = set()
    waiting = [unit]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += parts[key]
    return found


def rows_between(
    scope: Scope, officials: Sequence[Official], *, first: date, last: date, now: datetime
) -> list[OfficialDays]:
    """Lay out the days from first to last of these officials, by three queries for however many."""
    cells: defaultdict[tuple[int, date], Cell] = defaultdict(Cell)
    known = {one.pk: one for one in officials}
    for event in _events(scope, known, first=first, last=last, now=now):
        for day in _days_of(event, first, last):
            cells[event.official.pk, day].events.append(_on_day(event, day, scope.zone))
    for stored in stored_times.of_agency(scope.agency.pk, first=first, last=last, now=now):
        if stored.official_id in known:
            _add_free(cells, stored, first, last, now=now)
    for cell in cells.values():
        cell.events.sort(key=lambda event: (not event.is_whole_day, event.start))
    days = list(_days(first, last))
    return [
        OfficialDays(one, [(day, cells[one.pk, day]) for day in days])
        for one in officials
        if one.receives or any((one.pk, day) in cells for day in days)
    ]


def _add_free(
    cells: defaultdict[tuple[int, date], Cell],
    stored: stored_times.StoredTimes,
    first: date,
    last: date,
    *,
    now: datetime,
) -> None:
    if not stored.can_be_booked:
        return
    zone = stored.terms.zone
    slots = list(stored.slots(first, last))
    for slot in slots:
        cell = cells[stored.official_id, slot.start.astimezone(zone).date()]
        cell.is_open, cell.is_coming = True, cell.is_coming or slot.start > now
    for slot in free_slots(slots, (one.time for one in stored.busy)):
        if slot.start > now:
            local = slot.start.astimezone(zone)
            cells[stored.official_id, local.date()].free.append(local)


def _events(
    scope: Scope, officials: dict[int, Official], *, first: date, last: date, now: datetime
) -> Iterator[Event]:
    zone = scope.zone
    since, until = _midnight(first, zone), _midnight(last + DAY, zone)
    for one in _applications(scope, officials, since, until).order_by("start", "pk"):
        is_known = scope.is_moderated or one.state in RECEPTION_STATES
        yield Event(
            _kind_of(one),
            officials[one.official_id],
            one.start.astimezone(zone),
            one.end.astimezone(zone),
            application=one if is_known else None,
        )
    taken = (
        Occupancy.objects.live(now)
        .filter(
            official__in=officials, kind__in=_BESIDE_APPLICATIONS, start__lt=until, end__gt=since
        )
        .select_related("application__citizen", "absence")
    )
    for row in taken:
        yield Event(
            _KINDS[row.kind],
            officials[row.official_id],
            row.start.astimezone(zone),
            row.end.astimezone(zone),
            application=row.application if scope.is_moderated else None,
            until=row.expires_at,
            reason=row.absence.reason if row.absence else "",
            key=row.absence_id,
        )


_KINDS: dict[str, Kind] = {
    Occupancy.Kind.HOLD: Kind.HOLD,
    Occupancy.Kind.PROPOSAL: Kind.PROPOSAL,
    Occupancy.Kind.OFFER: Kind.QUEUE,
    Occupancy.Kind.ABSENCE: Kind.ABSENCE,
}


def _applications(
    scope: Scope, officials: Collection[int], since: datetime, until: datetime
) -> QuerySet[Application]:
    return Application.objects.filter(
        agency=scope.agency,
        official__in=officials,
        state__in=_SHOWN,
        start__gte=since,
        start__lt=until,
    ).select_related("citizen", "clarification")


def _kind_of(application: Application) -> Kind:
    if application.state in OUTCOMES.values():
        return Kind.OVER
    return Kind.WAITING if application.state in UNDECIDED_STATES else Kind.CONFIRMED


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


def _days_of(event: Event, first: date, last: date) -> Iterator[date]:
    """Give the days on which an event shows: an absence on each that it meets, all else on its first."""
    begins = event.start.date()
    ends = begins
    if event.kind == Kind.ABSENCE:
        # One that ends at midnight does not reach the day after.
        ends = (event.end - timedelta(microseconds=1)).date()
    return _days(max(begins, first), min(ends, last))


def _on_day(event: Event, day: date, zone: ZoneInfo) -> Event:
    if event.kind != Kind.ABSENCE:
        return event
    begin, end = _midnight(day, zone), _midnight(day + DAY, zone)
    return Event(
        event.kind,
        event.official,
        max(event.start, begin),
        min(event.end, end),
        reason=event.reason,
        key=event.key,
        is_whole_day=event.start <= begin and event.end >= end,
    )


def month_days(scope: Scope, *, first: date, last: date, now: datetime) -> list[MonthDay]:
    """Count what each day from first to last has, by three queries for however many officials."""
    zone = scope.zone
    days = {day: MonthDay(day) for day in _days(first, last)}
    keys = {one.pk for one in scope.shown}
    since, until = _midnight(first, zone), _midnight(last + DAY, zone)
    counted = (
        _applications(scope, keys, since, until)
        .select_related(None)
        .order_by()
        .annotate(day=TruncDate("start", tzinfo=zone))
        .values_list("day", "state")
        .annotate(Count("pk"))
    )
    for day, state, number in counted:
        if state in UNDECIDED_STATES:
            days[day].waiting += number
        else:
            days[day].receptions += number
    for day, number in _absent(keys, first, last, zone).items():
        days[day].absent = number
    for stored in stored_times.of_agency(scope.agency.pk, first=first, last=last, now=now):
        if stored.official_id in keys and stored.can_be_booked:
            _count_free(days, stored, first, last, now=now)
    return list(days.values())


def _absent(keys: Collection[int], first: date, last: date, zone: ZoneInfo) -> Counter[date]:
    """Count the officials who are away for some time of each day."""
    away = Occupancy.objects.filter(
        Q(start__lt=_midnight(last + DAY, zone), end__gt=_midnight(first, zone)),
        official__in=keys,
        kind=Occupancy.Kind.ABSENCE,
    ).values_list("official", "start", "end")
    met = {
        (official, day)
        for official, start, end in away
        for day in _days(
            max(start.astimezone(zone).date(), first),
            min((end - timedelta(microseconds=1)).astimezone(zone).date(), last),
        )
    }
    return Counter(day for _official, day in met)


def _count_free(
    days: dict[date, MonthDay],
    stored: stored_times.StoredTimes,
    first: date,
    last: date,
    *,
    now: datetime,
) -> None:
    zone = stored.terms.zone
    slots: list[Interval] = list(stored.slots(first, last))
    for slot in slots:
        day = days[slot.start.astimezone(zone).date()]
        day.slots += 1
        day.coming += slot.start > now
    for slot in free_slots(slots, (one.time for one in stored.busy)):
        if slot.start > now:
            days[slot.start.astimezone(zone).date()].free += 1


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
