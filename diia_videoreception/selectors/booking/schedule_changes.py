"""«Що зміниться»: which applications a change of a schedule, a holiday or an absence touches (A-31, M08).

Touched is what the schedule gave before and does not give any more, or what an absence meets.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from django.db.models import QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Absence,
    Application,
    Holiday,
    Occupancy,
    Official,
    Proposal,
    ScheduleException,
    ScheduleRule,
)
from diia_videoreception.rules import schedule
from diia_videoreception.rules.proposals import answer_deadline, is_soon
from diia_videoreception.rules.slots import Interval, all_slots, free_slots
from diia_videoreception.rules.transitions import Act, acts_from
from diia_videoreception.selectors.booking.availability import YEARS
from diia_videoreception.selectors.booking.stored_times import terms_of

DAY = timedelta(days=1)
MAX_TOUCHED = 100
"""So many are decided on together; of more a person cannot see what becomes of each."""
MAX_READ = 2_000
"""Coming times that are looked at for one change."""
LOOK_BEFORE, LOOK_AFTER = timedelta(days=7), timedelta(days=21)
"""Where another time is looked for, around the one that is touched."""

Part = ScheduleRule | ScheduleException | Holiday | Absence
_TIMES = (Occupancy.Kind.APPLICATION, Occupancy.Kind.PROPOSAL)


class TouchedChoice(StrEnum):
    """What becomes of an application that is touched."""

    KEEP = "keep"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """A part of a schedule that is to be saved as it is here, or to be deleted."""

    part: Part
    is_deleted: bool = False

    def known(self) -> Part | None:
        """Return the part as it is stored; None where it is new."""
        model = type(self.part)
        found: Part | None = model._default_manager.filter(pk=self.part.pk).first()
        return found


@dataclass(frozen=True, slots=True)
class Touched:
    """An application, and what can be done with it.

    Attributes:
        is_own: Whether its own time is touched; else only the one proposed beside it.
        proposed: The proposed time that is touched.
        other: A free time that can be proposed instead.
    """

    application: Application
    is_own: bool
    proposed: Interval | None
    other: Interval | None
    choices: tuple[TouchedChoice, ...]

    @property
    def sign(self) -> str:
        """Tell it apart from the same application after any change, and from another offer."""
        other = self.other.start.isoformat() if self.other else ""
        choices = ",".join(self.choices)
        return f"{self.application.public_id} {self.application.version} {choices} {other}"


def sign_of(touched: Iterable[Touched]) -> str:
    """Return what stays the same only as long as all that was shown does."""
    return sha256("\n".join(one.sign for one in touched).encode()).hexdigest()


def touched_by(change: ScheduleChange, *, now: datetime) -> list[Touched]:
    """Return the coming applications and proposed times that a change touches, by their times.

    At most one more than `MAX_TOUCHED` are given.
    """
    return touched_by_all([change], now=now)


def touched_by_all(changes: Sequence[ScheduleChange], *, now: datetime) -> list[Touched]:
    """Return the same of several changes, each application once."""
    met = [(row, change) for change in changes for row in _rows_touched(change, now=now)]
    groups: dict[int, list[tuple[Occupancy, ScheduleChange]]] = {}
    for row, change in sorted(met, key=lambda one: (one[0].start, one[0].pk)):
        groups.setdefault(_application(row).pk, []).append((row, change))
    first = list(groups.values())[: MAX_TOUCHED + 1]
    open_proposals = set(
        Proposal.objects.open(now)
        .filter(application__in=[group[0][0].application for group in first])
        .values_list("application", flat=True)
    )
    # One for each change: what one of them offers, no other one does.
    offers = {id(change): _Offers(change, now=now) for change in changes}
    return [
        _touched(
            [row for row, _change in group],
            group[0][1],
            offers[id(group[0][1])],
            open_proposals,
            now=now,
        )
        for group in first
    ]


def _application(row: Occupancy) -> Application:
    if row.application is None:
        raise ValueError("only applications are touched")
    return row.application


def _touched(
    group: Sequence[Occupancy],
    change: ScheduleChange,
    offers: "_Offers",
    open_proposals: set[int],
    *,
    now: datetime,
) -> Touched:
    application = _application(group[0])
    own = any(row.kind == Occupancy.Kind.APPLICATION for row in group)
    proposed = next((row.time for row in group if row.kind == Occupancy.Kind.PROPOSAL), None)
    acts = acts_from(application.state_at(now))
    other, choices = None, [TouchedChoice.KEEP]
    if proposed is not None:
        # An absence goes around applications, which have a time already, and around nothing else.
        choices = [] if isinstance(change.part, Absence) else choices
        choices.append(TouchedChoice.WITHDRAW)
    elif Act.PROPOSE in acts and application.pk not in open_proposals:
        other = offers.next_for(application)
        choices += [TouchedChoice.PROPOSE] if other else []
    if acts & {Act.DECLINE, Act.CANCEL_BY_AGENCY}:
        choices.append(TouchedChoice.CANCEL)
    return Touched(application, own, proposed, other, tuple(choices))


def _rows_touched(change: ScheduleChange, *, now: datetime) -> Iterator[Occupancy]:
    part, before = change.part, change.known()
    taken = (
        Occupancy.objects.live(now)
        .filter(kind__in=_TIMES, start__gt=now)
        .select_related(
            "official__unit__agency",
            "application__citizen",
            "application__clarification",
            "application__official__unit__agency",
        )
        .order_by("start", "pk")
    )
    if isinstance(part, Absence):
        if not change.is_deleted:
            met = taken.filter(official=part.official_id, start__lt=part.end, end__gt=part.start)
            # Of what it met before, somebody has decided then.
            yield from (row for row in met if not _was_met(row, before))
        return
    parts = [one for one in (before, None if change.is_deleted else part) if one is not None]
    rows = {row.pk: row for one in parts for row in _near(taken, one)}
    hours = {row.official_id: row.official for row in rows.values()}
    opened = {key: _Hours(official, change, before) for key, official in hours.items()}
    lost = (row for row in rows.values() if opened[row.official_id].loses(row.time))
    yield from sorted(lost, key=lambda row: (row.start, row.pk))


def _was_met(row: Occupancy, before: Part | None) -> bool:
    return (
        isinstance(before, Absence)
        and before.official_id == row.official_id
        and Interval(before.start, before.end).overlaps(row.time)
    )


def _near(rows: QuerySet[Occupancy], part: Part) -> QuerySet[Occupancy]:
    """Return those of the rows that a part could concern: of its official, on its date."""
    if not isinstance(part, Holiday):
        rows = rows.filter(official=part.official_id)
    if isinstance(part, Holiday | ScheduleException):
        if not YEARS[0] <= part.date.year <= YEARS[1]:
            # At the edges of the calendar nobody is received.
            return rows.none()
        midnight = datetime.combine(part.date, time.min, UTC)
        rows = rows.filter(start__gte=midnight - DAY, start__lt=midnight + 2 * DAY)
    return rows[:MAX_READ]


class _Hours:
    """When an official receives, before a change and after it."""

    def __init__(self, official: Official, change: ScheduleChange, before: Part | None) -> None:
        self._terms = terms_of(official)
        part, gone = change.part, change.is_deleted
        is_now_of = not gone and getattr(part, "official_id", official.pk) == official.pk
        rules = list(ScheduleRule.objects.filter(official=official))
        exceptions = list(ScheduleException.objects.filter(official=official))
        self._before = list(map(_rule, rules)), list(map(_exception, exceptions))
        if isinstance(part, ScheduleRule):
            rules = [one for one in rules if one.pk != part.pk] + ([part] if is_now_of else [])
        if isinstance(part, ScheduleException):
            exceptions = [one for one in exceptions if one.pk != part.pk]
            exceptions += [part] if is_now_of else []
        self._after = list(map(_rule, rules)), list(map(_exception, exceptions))
        dates = {one.date for one in Holiday.objects.filter(is_working=False)}
        self._holidays_before, self._holidays_after = dates, set(dates)
        if isinstance(part, Holiday):
            was = {before.date} if isinstance(before, Holiday) else set()
            self._holidays_after -= was
            self._holidays_after |= {part.date} if not gone and not part.is_working else set()

    def loses(self, taken: Interval) -> bool:
        """Return whether what is taken lies within the hours before the change, and not after it."""
        day = taken.start.astimezone(self._terms.zone).date()
        return _holds(self.before(day, day), taken) and not _holds(self.after(day, day), taken)

    def before(self, first: date, last: date) -> list[Interval]:
        return self._open(*self._before, self._holidays_before, first, last)

    def after(self, first: date, last: date) -> list[Interval]:
        return self._open(*self._after, self._holidays_after, first, last)

    def _open(
        self,
        rules: Iterable[schedule.ScheduleRule],
        exceptions: Iterable[schedule.ScheduleException],
        holidays: set[date],
        first: date,
        last: date,
    ) -> list[Interval]:
        return schedule.open_hours(
            rules,
            exceptions,
            holidays=holidays,
            works_on_holidays=self._terms.works_on_holidays,
            first=first,
            last=last,
            zone=self._terms.zone,
        )


def _holds(hours: Iterable[Interval], taken: Interval) -> bool:
    return any(one.start <= taken.start and taken.end <= one.end for one in hours)


def _rule(row: ScheduleRule) -> schedule.ScheduleRule:
    return schedule.ScheduleRule(
        rrule=row.recurrence,
        starts=row.starts,
        ends=row.ends,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _exception(row: ScheduleException) -> schedule.ScheduleException:
    return schedule.ScheduleException(
        date=row.date, closed=row.closed, starts=row.starts, ends=row.ends
    )


class _Offers:
    """Free times after a change, each given to one application."""

    def __init__(self, change: ScheduleChange, *, now: datetime) -> None:
        self._change, self._now = change, now
        self._before = change.known()
        self._hours: dict[int, _Hours] = {}
        self._given: dict[int, list[Interval]] = {}

    def next_for(self, application: Application) -> Interval | None:
        """Return the free time nearest to that of an application, of the same official."""
        official = application.official
        free = self._free(official, application.start)
        given = self._given.setdefault(official.pk, [])
        notice = timedelta(hours=app_settings.proposal_notice_hours)
        term = timedelta(hours=official.agency.answer_hours)
        possible = [
            slot
            for slot in free_slots(free, given)
            if not is_soon(slot.start, self._now, notice=notice)
            and answer_deadline(
                self._now, term=term, old_start=application.start, new_start=slot.start
            )
            > self._now
        ]
        if not possible:
            return None
        nearest = min(possible, key=lambda slot: abs(slot.start - application.start))
        given.append(nearest)
        return nearest

    def _free(self, official: Official, start: datetime) -> list[Interval]:
        terms = terms_of(official)
        part = self._change.part
        until = max(start, part.end) if isinstance(part, Absence) else start
        first = max(start - LOOK_BEFORE, self._now).astimezone(terms.zone).date()
        last = (until + LOOK_AFTER).astimezone(terms.zone).date()
        if official.pk not in self._hours:
            self._hours[official.pk] = _Hours(official, self._change, self._before)
        slots = list(
            all_slots(
                self._hours[official.pk].after(first, last),
                length=timedelta(minutes=terms.slot_minutes),
                pause=timedelta(minutes=terms.pause_minutes),
            )
        )
        if not slots:
            return []
        span = Interval(slots[0].start, slots[-1].end)
        rows = Occupancy.objects.live(self._now).overlapping(official.pk, span)
        if isinstance(part, Absence):
            rows = rows.exclude(absence__isnull=False, absence=part.pk)
        busy = [row.time for row in rows]
        if isinstance(part, Absence):
            busy.append(Interval(part.start, part.end))
        return list(free_slots(slots, busy))
