"""The agencies as everybody may find them: who receives there, and from where."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from diia_videoreception.models import Agency, Official, ReceptionPause
from diia_videoreception.rules.regions import REGIONS
from diia_videoreception.selectors.booking.catalogue import connected_agencies
from diia_videoreception.selectors.searching import having_words

MAX_SEARCH = 100
OFFICIALS_SHOWN = 5
"""So many officials of an agency are named in the list; the others are found where a time is chosen."""
_COLUMNS = ("search_text", "unit__search_text", "unit__agency__search_text")


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """What the public learns of an agency.

    Attributes:
        region: The region it receives from, as it is called; empty for the whole of Ukraine.
        officials: The first of those who receive and match what was looked for.
        more: How many more of them there are.
        is_paused: Whether nobody of the agency can receive at this moment.
    """

    key: int
    name: str
    address: str
    phone: str
    region: str
    officials: list[Official]
    more: int
    is_paused: bool

    @property
    def dialled(self) -> str:
        """The telephone as a link dials it: of what was typed only digits and a plus."""
        return "".join(sign for sign in self.phone if sign in "+0123456789")


def directory_agencies(search: str, region: str) -> QuerySet[Agency]:
    """Return the agencies that can be chosen now and that match, by name (A-24).

    Args:
        search: Every word has to occur in the agency's name, a unit, or an official's name, post or
            topics, all of one official who receives.
        region: A code of `REGIONS`; those that receive from the whole of Ukraine match each. Other
            values are no filter.
    """
    agencies = connected_agencies()
    if region in dict(REGIONS):
        agencies = agencies.filter(region__in=("", region))
    if search.strip():
        matching = _receiving(search).filter(unit__agency=OuterRef("pk"))
        agencies = agencies.filter(Exists(matching))
    return agencies.order_by("sort_key", "pk")


def listed_agencies(
    agencies: Iterable[Agency], search: str, *, now: datetime
) -> list[ListedAgency]:
    """Return some agencies as the public sees them; two queries more however many they are."""
    rows = list(agencies)
    keys = [one.pk for one in rows]
    regions = dict(REGIONS)
    officials, counts = _first_officials(keys, search)
    running = ReceptionPause.objects.filter(
        officials=OuterRef("pk"), ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now
    )
    at_work = set(
        Official.objects.filter(~Exists(running), unit__agency__in=keys, receives=True)
        .order_by()
        .values_list("unit__agency", flat=True)
        .distinct()
    )
    return [
        ListedAgency(
            key=one.pk,
            name=one.name,
            address=one.address,
            phone=one.phone,
            region=regions.get(one.region, ""),
            officials=officials[one.pk],
            more=counts.get(one.pk, 0) - len(officials[one.pk]),
            is_paused=one.pk not in at_work,
        )
        for one in rows
    ]


def _receiving(search: str) -> QuerySet[Official]:
    return having_words(Official.objects.filter(receives=True), search[:MAX_SEARCH], *_COLUMNS)


def _first_officials(
    keys: list[int], search: str
) -> tuple[defaultdict[int, list[Official]], dict[int, int]]:
    """Return the first officials of each agency and how many there are, by one query."""
    of_agency = F("unit__agency")
    order = ("unit__position", "position", "sort_key", "pk")
    ranked = (
        _receiving(search)
        .filter(unit__agency__in=keys)
        .select_related("unit")
        .annotate(
            place=Window(RowNumber(), partition_by=of_agency, order_by=order),
            of_all=Window(Count("pk"), partition_by=of_agency),
        )
        .filter(place__lte=OFFICIALS_SHOWN)
        .order_by(*order)
    )
    found: defaultdict[int, list[Official]] = defaultdict(list)
    counts: dict[int, int] = {}
    for one in ranked:
        found[one.unit.agency_id].append(one)
        counts[one.unit.agency_id] = one.of_all
    return found, counts
