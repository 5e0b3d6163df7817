"""Agencies, units and officials as everybody may see them (A-24 to A-27)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef, QuerySet

from diia_videoreception.models import Agency, Official, Unit
from diia_videoreception.rules.folding import matches, search_words
from diia_videoreception.selectors.booking.centre_seats import open_seats
from diia_videoreception.selectors.searching import having_words


@dataclass(slots=True)
class UnitNode:
    """A unit with its officials; `depth` counts from the top of the agency."""

    unit: Unit
    depth: int
    path: tuple[str, ...]
    officials: list[Official] = field(default_factory=list)


def connected_agencies() -> QuerySet[Agency]:
    """Return the agencies that citizens can choose: connected, with somebody who receives (A-24)."""
    receiving = Official.objects.filter(unit__agency=OuterRef("pk"), receives=True)
    return Agency.objects.filter(Exists(receiving), is_connected=True)


_SHOWN_OF_AGENCY = (
    "name",
    "search_text",
    "phone",
    "minimum_level",
    "time_zone",
    "lead_time_policy",
    "lead_days",
    "works_on_holidays",
    "absence_pause_days",
)
"""What a page needs of agencies to choose from; their texts for letters are long."""


def agencies_to_choose(official_key: int | None) -> tuple[list[Agency], Agency | None]:
    """Return the connected agencies, and that of an official who receives, where one is named.

    Each tells by `has_seats` whether there are seats of centres to come to.
    """
    agencies = connected_agencies().only(*_SHOWN_OF_AGENCY).annotate(has_seats=Exists(open_seats()))
    if official_key is None:
        return list(agencies), None
    asked = Official.objects.filter(pk=official_key, receives=True, unit__agency=OuterRef("pk"))
    found = list(agencies.annotate(is_asked_for=Exists(asked)))
    return list[Agency](found), next((one for one in found if one.is_asked_for), None)


def receiving_officials() -> QuerySet[Official]:
    """Return the officials who can be booked now."""
    return Official.objects.filter(receives=True, unit__agency__is_connected=True).select_related(
        "unit__agency"
    )


def units_with_officials(agency: Agency, *, search: str = "") -> list[UnitNode]:
    """Return the agency's tree in reading order, only units with somebody to show (A-26, A-27).

    Two queries whatever the number of units. `search` keeps officials of whom every word of it
    occurs in the name, the post, the questions they receive or the name of the unit.
    """
    children: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in agency.units.all():
        children[unit.parent_id].append(unit)
    officials: dict[int, list[Official]] = defaultdict(list)
    for official in Official.objects.filter(receives=True, unit__agency=agency):
        officials[official.unit_id].append(official)
    found: list[UnitNode] = []

    def walk(parent: int | None, depth: int, path: tuple[str, ...]) -> None:
        for unit in children[parent]:
            for official in officials[unit.pk]:
                # What is read already need not be asked for again.
                official.unit, unit.agency = unit, agency
            if officials[unit.pk]:
                found.append(UnitNode(unit, depth, path, officials[unit.pk]))
            walk(unit.pk, depth + 1, (*path, unit.name))

    walk(None, 0, ())
    return search_units(found, search) if search else found


def search_units(nodes: Iterable[UnitNode], search: str) -> list[UnitNode]:
    """Return those of the units that have officials who match, with these officials alone (A-27)."""
    words = search_words(search)
    if not words:
        return []
    found = []
    for node in nodes:
        in_unit = node.unit.search_text
        here = [one for one in node.officials if matches(words, f"{one.search_text} {in_unit}")]
        if here:
            found.append(replace(node, officials=here))
    return found


def find_agencies(search: str) -> QuerySet[Agency]:
    """Return connected agencies in whose name every word of the search occurs; all without a search."""
    return having_words(connected_agencies(), search, "search_text")
