"""What is chosen so far: agency, official, week and time, as far as it can be booked."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from diia_videoreception.models import Agency, CentreWorkplace, Official
from diia_videoreception.selectors.booking import catalogue
from diia_videoreception.selectors.booking.catalogue import UnitNode
from diia_videoreception.selectors.booking.centre_seats import open_seat
from diia_videoreception.selectors.booking.nearest import nearest_free_times
from diia_videoreception.web.citizen.choosing.forms import ChoiceForm
from diia_videoreception.web.moments import moment_value

Nearest = Mapping[int, datetime | None]

SHOWN_AT_ONCE = 40
"""With more officials the units come first, and each opens by itself (A-26)."""
MAX_IN_UNIT = 100
"""So many of an open unit are shown; the others are found by their names."""


@dataclass(frozen=True, slots=True)
class BookingChoice:
    agencies: Sequence[Agency]
    agency: Agency | None
    units: list[UnitNode]
    """The whole agency in reading order."""
    unit: int | None
    official: Official | None
    week: date | None
    moment: datetime | None
    search: str
    only_free: bool
    """Whether officials without a free time are left out."""
    seat: CentreWorkplace | None = None
    """The seat of a centre from which the citizen wants to speak; None for who connects on their own."""
    lost_seat: uuid.UUID | None = None
    """The seat that was asked for and cannot be chosen now."""

    def url(self, **changes: object) -> str:
        """Return the address of the page with this choice; `None` takes a part out."""
        return self._url("choose", changes)

    @property
    def seats_url(self) -> str:
        """Where a seat of a centre is chosen for the official."""
        return self._url("choose_seat", {"time": None})

    @property
    def holding_url(self) -> str:
        """Where to look what becomes of the choice while it is being reserved."""
        return self._url("holding", {})

    def _url(self, name: str, changes: Mapping[str, object]) -> str:
        parts: dict[str, object] = {
            "agency": self.agency.pk if self.agency else None,
            "unit": self.unit,
            "official": self.official.pk if self.official else None,
            "week": self.week,
            "time": moment_value(self.moment) if self.moment else None,
            "q": self.search or None,
            "free": 1 if self.only_free else None,
            "seat": self.seat.public_id if self.seat else None,
        }
        query = {key: value for key, value in {**parts, **changes}.items() if value is not None}
        path = reverse(f"diia_videoreception:{name}")
        return f"{path}?{urlencode(query)}" if query else path


def read_choice(parameters: Mapping[str, str]) -> BookingChoice:
    """Read what a link or a form says; three queries whatever the number of officials, one more for a seat."""
    form = ChoiceForm(parameters)
    agency_key, official_key = form.key("agency"), form.key("official")
    agencies, agency = catalogue.agencies_to_choose(None if agency_key else official_key)
    if agency_key is not None:
        agency = next((one for one in agencies if one.pk == agency_key), None)
    units = catalogue.units_with_officials(agency) if agency else []
    seat_key = form.seat_key
    seat = open_seat(seat_key) if seat_key is not None else None
    return BookingChoice(
        agencies=agencies,
        agency=agency,
        units=units,
        unit=form.key("unit"),
        official=_find(units, official_key),
        week=form.week_of,
        moment=form.moment,
        search=form.search,
        only_free=form.only_free,
        seat=seat,
        lost_seat=seat_key if seat is None else None,
    )


def _find(units: list[UnitNode], key: int | None) -> Official | None:
    for node in units:
        for official in node.officials:
            if official.pk == key:
                return official
    return None


@dataclass(frozen=True, slots=True)
class ShownOfficial:
    """An official with the nearest free time, which may be a minute old; `url` chooses them."""

    official: Official
    nearest: datetime | None
    is_known: bool
    """Whether somebody has looked for it."""
    url: str


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit as the page shows it: closed with its number of officials, or open with them."""

    node: UnitNode
    officials: list[ShownOfficial]
    """Those to show; empty when the unit is closed."""
    url: str

    @property
    def count(self) -> int:
        return len(self.node.officials)

    @property
    def is_cut(self) -> bool:
        """Whether the unit is open and has more officials than are shown."""
        return 0 < len(self.officials) < self.count


@dataclass(frozen=True, slots=True)
class ShownOfficials:
    units: list[ShownUnit]
    found: int
    """How many officials match the search, shown or not."""
    cut: bool
    """Whether more match than are shown."""
    folded: bool
    """Whether units open one by one."""
    hidden: int
    """How many are left out because they have no free time."""


def shown_officials(choice: BookingChoice, *, now: datetime) -> ShownOfficials:
    """Return the officials of the agency: all of a small one; of a large one the open unit or the found."""
    if choice.agency is None:
        return ShownOfficials([], 0, cut=False, folded=False, hidden=0)
    everybody = [official for node in choice.units for official in node.officials]
    # Who has chosen looks at the calendar of one official; the others may stay as they were.
    only_kept = choice.official is not None and not choice.only_free
    nearest = nearest_free_times(choice.agency, everybody, now=now, only_kept=only_kept)
    nodes = catalogue.search_units(choice.units, choice.search) if choice.search else choice.units
    found = sum(len(node.officials) for node in nodes)
    if choice.only_free:
        nodes = _with_free_times(nodes, nearest)
    left = sum(len(node.officials) for node in nodes)
    folded = not choice.search and left > SHOWN_AT_ONCE
    units = _folded_units(choice, nodes, nearest) if folded else _open_units(choice, nodes, nearest)
    cut = not folded and left > SHOWN_AT_ONCE
    return ShownOfficials(units, left, cut=cut, folded=folded, hidden=found - left)


def _with_free_times(nodes: list[UnitNode], nearest: Nearest) -> list[UnitNode]:
    kept = [
        replace(node, officials=[one for one in node.officials if nearest.get(one.pk)])
        for node in nodes
    ]
    return [node for node in kept if node.officials]


def _folded_units(
    choice: BookingChoice, nodes: list[UnitNode], nearest: Nearest
) -> list[ShownUnit]:
    open_units = {choice.unit} | ({choice.official.unit_id} if choice.official else set())
    return [
        ShownUnit(
            node,
            _shown(choice, _first(choice, node) if node.unit.pk in open_units else [], nearest),
            f"{choice.url(unit=node.unit.pk)}#unit-{node.unit.pk}",
        )
        for node in nodes
    ]


def _first(choice: BookingChoice, node: UnitNode) -> list[Official]:
    """Return the first officials of a unit, and the chosen one wherever it stands."""
    first = node.officials[:MAX_IN_UNIT]
    chosen = choice.official
    if chosen is not None and chosen.unit_id == node.unit.pk and chosen not in first:
        first.append(chosen)
    return first


def _open_units(choice: BookingChoice, nodes: list[UnitNode], nearest: Nearest) -> list[ShownUnit]:
    room = SHOWN_AT_ONCE
    units = []
    for node in nodes:
        if room <= 0:
            break
        shown = _shown(choice, node.officials[:room], nearest)
        units.append(ShownUnit(node, shown, choice.url(unit=node.unit.pk)))
        room -= len(node.officials)
    return units


def _shown(
    choice: BookingChoice, officials: list[Official], nearest: Nearest
) -> list[ShownOfficial]:
    return [
        ShownOfficial(
            official,
            nearest.get(official.pk),
            official.pk in nearest,
            choice.url(official=official.pk, unit=None, week=None, time=None),
        )
        for official in officials
    ]
