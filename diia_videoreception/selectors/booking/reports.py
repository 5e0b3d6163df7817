"""What an agency's report counts: receptions, answers, refusals, waiting, load, ratings (B-68).

Receptions are counted by the day on which they were to be, applications by the day on which they were
filed; both by the agency's clock. Each is read through the agency's own index, and only the period is.
Nothing here names a citizen.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    Case,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import TruncDate

from diia_videoreception.models import (
    Agency,
    Application,
    Official,
    Rating,
    RefusalReason,
    Unit,
)
from diia_videoreception.rules.reports import DAY, ReportPeriod, rank
from diia_videoreception.rules.transitions import RECEPTION_STATES, UNDECIDED_STATES, State
from diia_videoreception.selectors.access import StaffUser, agencies_moderated_by, sees_all
from diia_videoreception.selectors.booking.agenda import MAX_AGENCIES, within

MAX_TOGETHER = 20
"""Agencies that one report covers together."""
MAX_REASONS = 100
BOUNDS = (3, 5, 7, 14)
"""Days of waiting, up to which people are counted together."""
NOTHING = timedelta(0)

_REFUSED = (State.DECLINED, State.NOT_CONSIDERED)
_ANSWERED_AT_ONCE = (*_REFUSED, State.ANSWERED)


@dataclass(frozen=True, slots=True)
class ReportScope:
    """Of whom a report is.

    Attributes:
        agencies: All that the reader may choose.
        chosen: One of them, or several together.
        officials: Of the one agency; none are offered of several.
        shown: Keys of the officials that were chosen; None where all count.
    """

    agencies: Sequence[Agency]
    chosen: Sequence[Agency]
    units: Sequence[Unit]
    officials: Sequence[Official]
    shown: frozenset[int] | None
    may_join: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.chosen[0].time_zone)

    @property
    def is_joined(self) -> bool:
        return len(self.chosen) > 1

    def bounds(self, period: ReportPeriod) -> tuple[datetime, datetime]:
        zone = self.zone
        return (
            datetime.combine(period.first, time.min, zone),
            datetime.combine(period.last + DAY, time.min, zone),
        )


def report_scope(
    user: StaffUser,
    *,
    agency: int | None = None,
    unit: int | None = None,
    official: int | None = None,
    together: bool = False,
) -> ReportScope | None:
    """Return of whom the user is shown a report; None where a key is not for this user to name.

    Args:
        together: All agencies of the user at once; superusers, who see every agency, choose one.
    """
    agencies = list(agencies_moderated_by(user).distinct()[:MAX_AGENCIES])
    may_join = not sees_all(user) and 1 < len(agencies) <= MAX_TOGETHER
    if together:
        if not may_join or unit or official:
            return None
        return ReportScope(agencies, agencies, (), (), None, may_join)
    chosen = next((one for one in agencies if agency is None or one.pk == agency), None)
    if chosen is None:
        return None
    units = list(Unit.objects.filter(agency=chosen))
    officials = list(Official.objects.filter(unit__agency=chosen).select_related("unit"))
    shown = None
    if unit is not None:
        if unit not in {one.pk for one in units}:
            return None
        parts = within(unit, units)
        shown = frozenset(one.pk for one in officials if one.unit_id in parts)
    if official is not None:
        if official not in {one.pk for one in officials}:
            return None
        shown = frozenset({official} if shown is None else {official} & shown)
    return ReportScope(agencies, [chosen], units, officials, shown, may_join)


@dataclass(slots=True)
class Outcomes:
    """What became of receptions, and how much of the officials' time they took."""

    held: int = 0
    citizen_absent: int = 0
    agency_absent: int = 0
    not_noted: int = 0
    taken: timedelta = NOTHING
    waited: timedelta | None = None
    """From filing to the reception, on average."""
    stars: float | None = None
    ratings: int = 0
    offered: timedelta | None = None

    @property
    def all(self) -> int:
        return self.held + self.citizen_absent + self.agency_absent + self.not_noted

    def add(self, state: str, number: int) -> None:
        name = _OUTCOMES[state]
        setattr(self, name, getattr(self, name) + number)


_OUTCOMES: Mapping[str, str] = {
    State.COMPLETED: "held",
    State.CITIZEN_ABSENT: "citizen_absent",
    State.AGENCY_ABSENT: "agency_absent",
    State.CONFIRMED: "not_noted",
}


class Wait(NamedTuple):
    """How long people waited: half of them at most `median`, nine of ten at most `most`."""

    number: int
    median: timedelta | None
    most: timedelta | None


@dataclass(slots=True)
class Figures:
    """What a period is compared by."""

    outcomes: Outcomes
    by_channel: Counter[tuple[date, str]]
    """Receptions by day and channel."""
    at_seats: int
    to_reception: Wait
    to_answer: Wait
    filed: Counter[tuple[str, str]]
    """Applications filed, by channel and state."""
    stars: Counter[int]
    stars_by_day: Mapping[date, Counter[int]] = field(default_factory=dict)


def figures(scope: ReportScope, period: ReportPeriod, *, now: datetime) -> Figures:
    """Count a period, by eleven statements at most."""
    receptions = _receptions(scope, period, now=now)
    outcomes, by_channel, at_seats = _by_day(scope, receptions)
    stars: defaultdict[date, Counter[int]] = defaultdict(Counter)
    rated = (
        _ratings(receptions)
        .annotate(day=TruncDate("application__start", tzinfo=scope.zone))
        .values_list("day", "stars")
        .annotate(Count("pk"))
    )
    for day, given, number in rated:
        stars[day][given] += number
    filed = filed_in(scope, period)
    return Figures(
        outcomes=outcomes,
        by_channel=by_channel,
        at_seats=at_seats,
        to_reception=_wait(receptions.annotate(wait=_WAIT), outcomes.all),
        to_answer=_to_answer(filed),
        filed=Counter(
            {
                (channel, state): number
                for channel, state, number in filed.values_list("channel", "state").annotate(
                    Count("pk")
                )
            }
        ),
        stars=sum(stars.values(), Counter()),
        stars_by_day=stars,
    )


_WAIT = ExpressionWrapper(F("start") - F("submitted_at"), output_field=DurationField())
_TIME = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())


def _chosen(scope: ReportScope) -> QuerySet[Application]:
    rows = Application.objects.order_by().filter(agency__in=[one.pk for one in scope.chosen])
    return rows if scope.shown is None else rows.filter(official__in=scope.shown)


def _receptions(
    scope: ReportScope, period: ReportPeriod, *, now: datetime
) -> QuerySet[Application]:
    """Return the appointed receptions that were to begin in the period and before now."""
    since, until = scope.bounds(period)
    return _chosen(scope).filter(
        start__gte=since, start__lt=min(until, now), state__in=RECEPTION_STATES
    )


def filed_in(scope: ReportScope, period: ReportPeriod) -> QuerySet[Application]:
    """Return the applications that were filed in the period."""
    since, until = scope.bounds(period)
    return _chosen(scope).filter(submitted_at__gte=since, submitted_at__lt=until)


def _ratings(receptions: QuerySet[Application]) -> QuerySet[Rating]:
    return Rating.objects.order_by().filter(application__in=receptions)


def _by_day(
    scope: ReportScope, receptions: QuerySet[Application]
) -> tuple[Outcomes, Counter[tuple[date, str]], int]:
    outcomes, channels, at_seats = Outcomes(), Counter[tuple[date, str]](), 0
    counted = (
        receptions.annotate(day=TruncDate("start", tzinfo=scope.zone))
        .values_list("day", "channel", "state")
        .annotate(Count("pk"), Count("seat"))
    )
    for day, channel, state, number, seated in counted:
        outcomes.add(state, number)
        channels[day, channel] += number
        at_seats += seated
    return outcomes, channels, at_seats


def _wait(rows: QuerySet[Any], number: int) -> Wait:
    """Return the ranks of the column `wait` among so many rows, by two statements."""
    if not number:
        return Wait(0, None, None)
    waits = rows.order_by("wait").values_list("wait", flat=True)
    median, most = (
        next(iter(waits[place : place + 1]), None) for place in (rank(number, 50), rank(number, 90))
    )
    return Wait(number, median, most)


def _to_answer(filed: QuerySet[Application]) -> Wait:
    """Return how long people waited for the first answer, of what has one.

    A reception that was moved keeps only the moment of the last letter, so that it is left out.
    """
    first_letter = Q(reception__isnull=False, reception__calendar_sequence=0)
    answered = filed.filter(Q(state__in=_ANSWERED_AT_ONCE) | first_letter).annotate(
        answered=Case(
            When(state__in=_ANSWERED_AT_ONCE, then=F("decided_at")),
            default=F("reception__confirmed_at"),
            output_field=DateTimeField(),
        )
    )
    waited = ExpressionWrapper(F("answered") - F("submitted_at"), output_field=DurationField())
    return _wait(answered.annotate(wait=waited), answered.count())


def waiting_by_days(scope: ReportScope, period: ReportPeriod, *, now: datetime) -> list[int]:
    """Count people by how many days they waited for the reception: up to each of `BOUNDS`, and longer."""
    counts = {
        f"upto{days}": Count("pk", filter=Q(wait__lte=timedelta(days=days))) for days in BOUNDS
    }
    found = (
        _receptions(scope, period, now=now)
        .annotate(wait=_WAIT)
        .aggregate(all=Count("pk"), **counts)
    )
    upto = [0, *(found[f"upto{days}"] for days in BOUNDS), found["all"]]
    return [later - earlier for earlier, later in itertools.pairwise(upto)]


def refusals(
    scope: ReportScope, period: ReportPeriod, usual: Sequence[str]
) -> tuple[list[tuple[str, int]], int]:
    """Count the refusals among what was filed in the period, by reason.

    Args:
        usual: The reasons that an agency without a list offers.

    Returns:
        The reasons of the agencies' lists that occur, the most frequent first; and how many refusals
        have other words, which are not read: they may tell of the person.
    """
    listed = RefusalReason.objects.filter(agency__in=[one.pk for one in scope.chosen])
    known = [
        *dict.fromkeys(
            listed.order_by("is_archived", "pk").values_list("text", flat=True)[:MAX_REASONS]
        ),
    ]
    texts = list(dict.fromkeys([*known, *usual]))
    which = Case(
        *(
            When(Q(reason=text) | Q(reason__startswith=f"{text}\n"), then=Value(number))
            for number, text in enumerate(texts)
        ),
        default=Value(-1),
        output_field=IntegerField(),
    )
    counted = dict(
        filed_in(scope, period)
        .filter(state__in=_REFUSED)
        .annotate(which=which)
        .values_list("which")
        .annotate(Count("pk"))
    )
    found = [(texts[number], count) for number, count in counted.items() if number >= 0]
    return sorted(found, key=lambda row: (-row[1], row[0])), counted.get(-1, 0)


def by_official(scope: ReportScope, period: ReportPeriod, *, now: datetime) -> dict[int, Outcomes]:
    """Count the receptions of each official, by key."""
    return _grouped(_receptions(scope, period, now=now), "official")


def by_agency(scope: ReportScope, period: ReportPeriod, *, now: datetime) -> dict[int, Outcomes]:
    """Count the receptions of each agency, by key."""
    return _grouped(_receptions(scope, period, now=now), "agency")


def _grouped(receptions: QuerySet[Application], by: str) -> dict[int, Outcomes]:
    found: defaultdict[int, Outcomes] = defaultdict(Outcomes)
    waits: defaultdict[int, timedelta] = defaultdict(timedelta)
    counted = receptions.values_list(by, "state").annotate(
        number=Count("pk"), taken=Sum(_TIME), waited=Sum(_WAIT)
    )
    for key, state, number, taken, waited in counted:
        found[key].add(state, number)
        found[key].taken += taken
        waits[key] += waited
    for key, outcomes in found.items():
        outcomes.waited = waits[key] / outcomes.all
    rated = _ratings(receptions).values_list(f"application__{by}")
    for key, stars, number in rated.annotate(Avg("stars"), Count("pk")):
        found[key].stars, found[key].ratings = stars, number
    return dict(found)


def undecided(filed: Mapping[tuple[str, str], int]) -> int:
    """Count those of the applications filed that wait for a decision."""
    return sum(number for (_channel, state), number in filed.items() if state in UNDECIDED_STATES)


def names_of(scope: ReportScope, keys: Iterable[Any]) -> dict[int, str]:
    """Return the names of these officials of the scope, by key."""
    wanted = set(keys)
    return {one.pk: one.full_name for one in scope.officials if one.pk in wanted}
