"""What an agency says of its terms; extending one is in `extending`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.models import Agency, AnswerTask, Application, JournalAct, Official, Term
from diia_videoreception.models.terms import MAX_GROUND
from diia_videoreception.rules.terms import (
    BEGINNINGS,
    MAX_DAYS,
    Beginning,
    Counting,
    Extender,
    TermFault,
    TermKind,
    end_of,
    fault_of,
)
from diia_videoreception.rules.texts import clean_text
from diia_videoreception.rules.transitions import UNDECIDED_STATES
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by
from diia_videoreception.selectors.booking.terms import begins_at, passes_at
from diia_videoreception.services import journal
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import locked, locking_act

_FAULTS: dict[TermFault, tuple[str, str | Promise]] = {
    TermFault.DAYS: ("days", _("Write a number from 1 to %(most)s.")),
    TermFault.LIMIT_MISSING: (
        "max_days",
        _("Say to how many days in all the term may be extended: from 1 to %(most)s."),
    ),
    TermFault.LIMIT_TOO_LOW: (
        "max_days",
        _("With an extension there must be more days than in the term itself."),
    ),
    TermFault.LIMIT_FOR_NOBODY: (
        "extended_by",
        _("Say who may extend the term, or leave out to how many days."),
    ),
}


@dataclass(frozen=True, slots=True)
class TermWanted:
    """What a head wants a term to be; without days it is not filled in."""

    name: str = ""
    legal_ground: str = ""
    days: int | None = None
    counting: Counting = Counting.WORKING
    counts_from: Beginning | None = None
    extended_by: Extender = Extender.NOBODY
    max_days: int | None = None


@locking_act
def save_term(
    agency_id: int,
    kind: TermKind,
    wanted: TermWanted,
    *,
    seen_version: int,
    staff: StaffUser,
    now: datetime,
) -> Term:
    """Set a term of an agency.

    Applications that wait and have no term yet get one, counted from the day on which they were
    submitted. Those that have one keep it: that is what their citizens were told.

    Args:
        seen_version: What was on the page; 0 where nobody had set it.

    Raises:
        NotFound: this member of staff does not head the agency.
        WrongState: somebody else has set it meanwhile, or it cannot count from there.
        Incomplete: something in it is wrong, with a text per field.
    """
    if not agencies_headed_by(staff).filter(pk=agency_id).exists():
        raise errors.NotFound
    if wanted.counts_from not in {None, *BEGINNINGS[kind]}:
        raise errors.WrongState
    fault = fault_of(wanted.days, wanted.extended_by, wanted.max_days)
    if fault is not None:
        field, text = _FAULTS[fault]
        raise errors.Incomplete(fields={field: str(text) % {"most": MAX_DAYS}})
    ground = typed_text(wanted.legal_ground, name="legal_ground", most=MAX_GROUND)
    agency = locked(Agency.objects.filter(pk=agency_id)).get()
    # Whatever begins holds the lock of its official: it has begun by now, or finds the term.
    list(locked(Official.objects.filter(unit__agency=agency).order_by("pk")).only("pk"))
    term = Term.objects.filter(agency=agency, kind=kind.value).first()
    if (term.version if term else 0) != seen_version:
        raise errors.WrongState
    term = term or Term(agency=agency, kind=kind.value, version=0)
    term.version += 1
    term.name, term.legal_ground = clean_text(wanted.name), ground
    term.days, term.max_days = wanted.days, wanted.max_days
    term.counts_from = wanted.counts_from or BEGINNINGS[kind][0]
    term.counting, term.extended_by = wanted.counting.value, wanted.extended_by.value
    term.save()
    fill_in = _fill_in if kind is TermKind.DECISION else _fill_in_answers
    filled = fill_in(term, agency, now=now) if term.days else 0
    journal.record(
        JournalAct.SET_TERM,
        subject=agency,
        staff_id=staff.pk,
        now=now,
        details={
            "term": kind.value,
            "days": term.days,
            "counting": term.counting,
            "counts_from": term.counts_from,
            "extended_by": term.extended_by,
            "max_days": term.max_days,
            "applications": filled,
        },
    )
    return term


def _fill_in(term: Term, agency: Agency, *, now: datetime) -> int:
    """Give the term to the applications that wait without one, by one statement for each day of filing."""
    zone = ZoneInfo(agency.time_zone)
    waiting = Application.objects.filter(
        agency=agency, state__in=UNDECIDED_STATES, decide_by=None, start__gt=now
    )
    moments = waiting.order_by().values_list("submitted_at", flat=True)
    days = {moment.astimezone(zone).date() for moment in moments}
    filled = 0
    for day in sorted(days):
        begin, end = end_of(day - timedelta(days=1), zone), end_of(day, zone)
        of_day = waiting.filter(submitted_at__gte=begin, submitted_at__lt=end)
        filled += of_day.update(decide_by=passes_at(term, agency, since=begin))
    return filled


def _fill_in_answers(term: Term, agency: Agency, *, now: datetime) -> int:
    """Give the term to the answers that are to come without one."""
    waiting = AnswerTask.objects.filter(
        application__agency=agency, closed_at__isnull=True, due__isnull=True
    )
    tasks = list(
        waiting.select_for_update(of=("self",)).select_related("application").order_by("pk")
    )
    for task in tasks:
        task.due = passes_at(term, agency, since=begins_at(term, task.application))
    AnswerTask.objects.bulk_update(tasks, ["due"], batch_size=500)
    return len(tasks)
