"""The terms of agencies, and which applications have waited longer than theirs."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery

from diia_videoreception.models import Agency, Application, Holiday, Term, TermExtension
from diia_videoreception.rules.terms import (
    Beginning,
    Counting,
    Extender,
    TermKind,
    Workdays,
    end_of,
    last_day,
    may_extend,
)
from diia_videoreception.rules.transitions import AWAITING_DECISION
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by, roles_of, sees_all
from diia_videoreception.selectors.booking.clarifications import waits_for_us


def workdays_of(agency: Agency) -> Workdays:
    """Return on which days an agency works; a holiday that is a working day makes one of a Saturday too."""
    usual = usual_workdays()
    return replace(usual, holidays=frozenset()) if agency.works_on_holidays else usual


def usual_workdays() -> Workdays:
    """Return on which days people work who do not work on holidays."""
    days = list(Holiday.objects.values_list("date", "is_working"))
    return Workdays(
        frozenset(day for day, is_working in days if not is_working),
        frozenset(day for day, is_working in days if is_working),
    )


def terms_of_heads(user: StaffUser) -> list[tuple[Agency, dict[str, Term]]]:
    """Return each agency that a member of staff heads, with its terms by kind."""
    agencies = list(agencies_headed_by(user).order_by("sort_key", "name"))
    terms = list(Term.objects.filter(agency__in=agencies))
    return [
        (agency, {one.kind: one for one in terms if one.agency_id == agency.pk})
        for agency in agencies
    ]


def term_of(agency: Agency, kind: TermKind) -> Term | None:
    """Return the term that an agency has set; None where it has not, or took its days out."""
    return Term.objects.filter(agency=agency, kind=kind.value, days__isnull=False).first()


def passes_at(term: Term, agency: Agency, *, since: datetime, days: int | None = None) -> datetime:
    """Return when a term that is filled in passes: the midnight after its last day.

    Args:
        agency: Whose term it is.
        since: The act from which it counts.
        days: Other than the term's own, for an extended one.
    """
    zone = ZoneInfo(agency.time_zone)
    day = last_day(
        since,
        zone,
        days=days or term.days or 0,
        counting=Counting(term.counting),
        workdays=workdays_of(agency),
    )
    return end_of(day, zone)


def begins_at(term: Term, application: Application) -> datetime:
    """Return the act from which a term counts for an application."""
    if term.counts_from == Beginning.RECEPTION:
        return application.start
    return application.submitted_at


def heads_agency(user: StaffUser, agency: Agency) -> bool:
    """Return whether a member of staff heads an agency, looked up anew; superusers head all."""
    return agencies_headed_by(user).filter(pk=agency.pk).exists()


def decision_passes_at(agency: Agency, *, submitted_at: datetime) -> datetime | None:
    """Return when the term for the decision on an application passes; None where the agency has none."""
    term = term_of(agency, TermKind.DECISION)
    return None if term is None else passes_at(term, agency, since=submitted_at)


def with_term(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Read along with each application who extends its agency's term for the decision, as `term_extender`."""
    term = Term.objects.filter(
        agency=OuterRef("agency"), kind=TermKind.DECISION.value, days__isnull=False
    )
    extender = Subquery(term.values("extended_by")[:1])
    return rows.annotate(term_extender=extender)  # type: ignore[no-redef]


def is_extendable(application: Application, user: StaffUser, *, now: datetime) -> bool:
    """Return whether to offer a member of staff the extension of a term, read `with_term`.

    The act itself asks whether they head this very agency.
    """
    if application.decide_by is None or application.decide_by <= now:
        return False
    extender = Extender(application.term_extender or Extender.NOBODY)
    return may_extend(extender, is_head=sees_all(user) or roles_of(user).is_head)


def extensions_of(application: Application, kind: TermKind) -> QuerySet[TermExtension]:
    """Return how a term of an application was extended, the first one first."""
    return TermExtension.objects.filter(application=application, kind=kind.value)


def is_overdue(application: Application, *, now: datetime) -> bool:
    """Return whether an application still waits though the agency's term has passed."""
    return (
        application.state_at(now) in AWAITING_DECISION
        and application.decide_by is not None
        and application.decide_by <= now < application.start
    )


def overdue(now: datetime) -> Q:
    """Describe the same; the column is empty once it is decided."""
    return waits_for_us(now) & Q(decide_by__isnull=False, decide_by__lte=now, start__gt=now)
