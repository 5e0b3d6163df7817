"""Figures of a centre for its head: counts, never a case or a name.

Each is bound by the days that are asked for, and by the centre. A visit that was opened by mistake is none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
)

from diia_videoreception.models import (
    Application,
    Centre,
    CentreMember,
    CentreVisit,
    SelfServiceUse,
    VisitCall,
    VisitRating,
)
from diia_videoreception.rules.centre_figures import FigurePeriod
from diia_videoreception.rules.visits import NEED_REASON

HELPED_BEFORE = timedelta(days=366)
"""How long before the period somebody was helped who is counted as coming alone in it."""
_ALONE = [Application.Channel.WEB, Application.Channel.API, Application.Channel.KIOSK]
_FOR_PEOPLE = frozenset(mode.value for mode in NEED_REASON)
Counts = Mapping[str, int]
Span = tuple[datetime, datetime]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class CentreFigures:
    """What happened in a period.

    Attributes:
        before: how many visits there were in the period before.
        modes: visits by `CentreVisit.MODES`; those that ended before anything was decided are under "".
        reasons: why people could not do it alone, of visits on behalf and on paper.
        minutes: how many visits lasted so many whole minutes; without those that nobody has ended.
        ratings: by the way people were helped: how often each of 1 to 5 was given.
        came_alone: how many whom the centre had helped have applied by themselves since.
    """

    visits: int
    before: int
    modes: Counts
    outcomes: Counts
    reasons: Counts
    minutes: Mapping[int, int]
    calls: Counts
    self_service: int
    ratings: Mapping[str, Mapping[int, int]]
    came_alone: int

    @property
    def all_ratings(self) -> Mapping[int, int]:
        """How often each rating was given, however people were helped."""
        found: dict[int, int] = {}
        for given in self.ratings.values():
            for value, count in given.items():
                found[value] = found.get(value, 0) + count
        return found


class WholeMinutes(Func):
    """The whole minutes of a duration."""

    output_field = IntegerField()

    template = "((%(expressions)s) / 60000000)"
    """Where the database has no durations, they are whole microseconds."""

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        of_seconds = "CAST(FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / 60) AS integer)"
        return self.as_sql(compiler, connection, template=of_seconds)


def figures_of_centre(head: CentreMember, period: FigurePeriod) -> CentreFigures | None:
    """Return the figures of the centre of this head; nobody else gets any. Seven queries."""
    return figures(head.centre, period) if head.is_head else None


def figures(centre: Centre, period: FigurePeriod) -> CentreFigures:
    """Return the figures of a centre."""
    zone = ZoneInfo(centre.time_zone)
    visits = _visits(centre, _span(period, zone))
    kinds = list(visits.values_list("mode", "outcome", "reason").annotate(Count("pk")).order_by())
    lasted = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    minutes = (
        visits.exclude(end_reason=CentreVisit.EndReason.IDLE)
        .annotate(minutes=WholeMinutes(lasted))
        .values_list("minutes")
        .annotate(Count("pk"))
        .order_by()
    )
    calls = VisitCall.objects.filter(visit__in=visits).values_list("result").annotate(Count("pk"))
    rated = _of_days(VisitRating.objects.all(), centre, period)
    ratings: dict[str, dict[int, int]] = {}
    for mode, value, count in rated.values_list("mode", "value").annotate(Count("pk")).order_by():
        ratings.setdefault(mode, {})[value] = count
    return CentreFigures(
        visits=sum(count for *_kind, count in kinds),
        before=_visits(centre, _span(period.before, zone)).count(),
        modes=_summed((mode, count) for mode, _outcome, _reason, count in kinds),
        outcomes=_summed((outcome, count) for _mode, outcome, _reason, count in kinds),
        reasons=_summed(
            (reason, count) for mode, _outcome, reason, count in kinds if mode in _FOR_PEOPLE
        ),
        minutes=dict(minutes),
        calls=dict(calls.order_by()),
        self_service=_of_days(SelfServiceUse.objects.all(), centre, period).count(),
        ratings=ratings,
        came_alone=_came_alone(centre, _span(period, zone)),
    )


def _visits(centre: Centre, span: Span) -> QuerySet[CentreVisit]:
    """Keep the visits that began in a span and have ended; not those that were opened by mistake."""
    since, until = span
    found = CentreVisit.objects.filter(
        centre=centre, started_at__gte=since, started_at__lt=until, ended_at__isnull=False
    )
    return found.exclude(end_reason=CentreVisit.EndReason.MISTAKE)


def _came_alone(centre: Centre, span: Span) -> int:
    """Count whom the centre helped to apply and who has applied alone since, in a span (B-73).

    A person is known by their account, or by the number that they told the centre (hashes of both).
    """
    since, until = span
    own = Application.objects.filter(
        channel__in=_ALONE,
        submitted_at__gte=since,
        submitted_at__lt=until,
        submitted_at__gt=OuterRef("submitted_at"),
    )
    helped = Application.objects.filter(
        centre=centre,
        channel=Application.Channel.INTERMEDIARY,
        submitted_at__gte=since - HELPED_BEFORE,
        submitted_at__lt=until,
    )
    told = OuterRef("citizen__helped_person__claimed_hash")
    came = helped.filter(
        Exists(own.filter(citizen=OuterRef("citizen")))
        | Exists(own.filter(citizen__identifier_hash=told).exclude(citizen__identifier_hash=""))
    )
    return came.values("citizen").distinct().count()


def _of_days(rows: QuerySet[M], centre: Centre, period: FigurePeriod) -> QuerySet[M]:
    return rows.filter(centre=centre, day__gte=period.first, day__lte=period.last)


def _span(period: FigurePeriod, zone: ZoneInfo) -> Span:
    """Return the moments at which a period begins and is over."""
    return (
        datetime.combine(period.first, time.min, zone),
        datetime.combine(period.last + timedelta(days=1), time.min, zone),
    )


def _summed(counted: Iterable[tuple[str, int]]) -> Counts:
    found: dict[str, int] = {}
    for name, count in counted:
        found[name] = found.get(name, 0) + count
    return found
