"""To whom to turn with what somebody tells in their own words («Не знаю, до кого звернутися»)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from diia_videoreception.models import Agency, Official
from diia_videoreception.rules.suggesting import Candidate, Topic, best_fits, marked, stems_of
from diia_videoreception.selectors.booking.catalogue import connected_agencies, receiving_officials
from diia_videoreception.selectors.booking.nearest import nearest_free_times

MAX_SUGGESTED = 5
MAX_TO_CALL = 3
MAX_CANDIDATES = 100
"""Of more, those are looked at in whom most words occur."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An official, and why they may fit.

    Attributes:
        competence: what they receive, in pieces, each with whether it is a word that was found; empty where
            none was found there.
        unit: the same of the name of their unit.
        region: of the agency; empty where it receives from the whole country.
        nearest: a free time that somebody has looked up within the last minute; else None.
    """

    official: Official
    competence: Sequence[tuple[str, bool]]
    unit: Sequence[tuple[str, bool]]
    region: str
    nearest: datetime | None


def suggest(
    words: str, *, region: str = "", topic: Topic | None = None, now: datetime
) -> list[Suggestion]:
    """Return whom to ask, the best first; one statement whatever the number of officials.

    Args:
        words: what happened.
        region: code of a region (`rules.regions`), for agencies of others do not receive from there.
        topic: what it is about, if they have chosen one.
    """
    stems = stems_of(words, topic)
    if not stems:
        return []
    rows = receiving_officials().filter(_begins(stems))
    if region:
        rows = rows.filter(unit__agency__region__in=["", region])
    found = {one.pk: one for one in _first(rows, stems)}
    candidates = [
        Candidate(
            one.pk,
            one.competence,
            one.post,
            one.unit.name,
            bool(region) and one.agency.region == region,
        )
        for one in found.values()
    ]
    return [
        _suggestion(found[fit.key], stems, in_unit=fit.in_unit, now=now)
        for fit in best_fits(stems, candidates, most=MAX_SUGGESTED)
    ]


def whom_to_call(words: str, *, region: str = "", topic: Topic | None = None) -> list[Agency]:
    """Return agencies with a telephone that receive from there, the likeliest first: by name, then by region."""
    stems = stems_of(words, topic)
    rows = connected_agencies().exclude(phone="")
    if region:
        rows = rows.filter(region__in=["", region])
    is_named = Q(search_text__regex=_beginning(stems)) if stems else Q(pk__in=[])
    order = [Case(When(is_named, then=0), default=1), Case(When(region=region, then=0), default=1)]
    return list(rows.order_by(*order, "sort_key", "name")[:MAX_TO_CALL])


def _beginning(stems: Sequence[str]) -> str:
    """Describe a folded text in which a word begins so; stems are letters alone."""
    return rf"(^| )({'|'.join(stems)})"


def _begins(stems: Sequence[str]) -> Q:
    """Describe officials in whose text, or that of their unit, a word begins so."""
    begins = _beginning(stems)
    return Q(search_text__regex=begins) | Q(unit__search_text__regex=begins)


def _first(rows: QuerySet[Official], stems: Sequence[str]) -> QuerySet[Official]:
    hits = Value(0, output_field=IntegerField())
    for stem in stems:
        hits = hits + Case(When(_begins([stem]), then=Value(1)), default=Value(0))  # type: ignore[assignment]
    return rows.order_by((hits + Value(0)).desc(), F("pk").asc())[:MAX_CANDIDATES]


def _suggestion(
    official: Official, stems: Sequence[str], *, in_unit: bool, now: datetime
) -> Suggestion:
    kept = nearest_free_times(official.agency, [], now=now, only_kept=True)
    competence = marked(official.competence, stems)
    return Suggestion(
        official=official,
        competence=competence if any(is_found for _, is_found in competence) else (),
        unit=marked(official.unit.name, stems) if in_unit else (),
        region=official.agency.get_region_display() if official.agency.region else "",
        nearest=kept.get(official.pk),
    )
