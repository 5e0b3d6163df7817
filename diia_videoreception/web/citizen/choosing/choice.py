"""What is chosen so far: agency, official, week and time, as far as it can be booked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from diia_videoreception.models import Agency, Official
from diia_videoreception.selectors.booking import catalogue
from diia_videoreception.selectors.booking.catalogue import UnitNode
from diia_videoreception.web.citizen.choosing.forms import ChoiceForm
from diia_videoreception.web.moments import moment_value

SHOWN_AT_ONCE = 40
"""With more officials the units come first, and each opens by itself (A-26)."""


@dataclass(frozen=True, slots=True)
class Choice:
    agencies: list[Agency]
    agency: Agency | None
    units: list[UnitNode]
    """The whole agency in reading order."""
    unit: int | None
    official: Official | None
    week: date | None
    moment: datetime | None
    search: str

    def url(self, **changes: object) -> str:
        """The address of the page with this choice; `None` takes a part out."""
        parts: dict[str, object] = {
            "agency": self.agency.pk if self.agency else None,
            "unit": self.unit,
            "official": self.official.pk if self.official else None,
            "week": self.week,
            "time": moment_value(self.moment) if self.moment else None,
            "q": self.search or None,
        }
        query = {name: value for name, value in (parts | changes).items() if value is not None}
        address = reverse("diia_videoreception:choose")
        return f"{address}?{urlencode(query)}" if query else address


def read_choice(parameters: Mapping[str, str]) -> Choice:
    """Reads what a link or a form says; three queries whatever the number of officials."""
    form = ChoiceForm(parameters)
    agencies = list(catalogue.connected_agencies())
    agency_key, official_key = form.key("agency"), form.key("official")
    if agency_key is None and official_key is not None:
        agency_key = _agency_of(official_key)
    agency = next((one for one in agencies if one.pk == agency_key), None)
    units = catalogue.units_with_officials(agency) if agency else []
    return Choice(
        agencies=agencies,
        agency=agency,
        units=units,
        unit=form.key("unit"),
        official=_find(agency, units, official_key) if agency else None,
        week=form.week_of,
        moment=form.moment,
        search=form.search,
    )


def _agency_of(official_key: int) -> int | None:
    official = catalogue.receiving_officials().filter(pk=official_key).first()
    return official.agency.pk if official else None


def _find(agency: Agency, units: list[UnitNode], key: int | None) -> Official | None:
    for node in units:
        for official in node.officials:
            if official.pk == key:
                # What is read already need not be asked for again.
                official.unit = node.unit
                official.unit.agency = agency
                return official
    return None


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit as the page shows it: closed with its number of officials, or open with them."""

    node: UnitNode
    officials: list[Official]
    """Those to show; empty when the unit is closed."""
    url: str

    @property
    def count(self) -> int:
        return len(self.node.officials)


@dataclass(frozen=True, slots=True)
class ShownOfficials:
    units: list[ShownUnit]
    found: int
    """How many officials match the search, shown or not."""
    cut: bool
    """Whether more match than are shown."""
    folded: bool
    """Whether units open one by one."""


def shown_officials(choice: Choice) -> ShownOfficials:
    """The officials of the agency: all of a small one; of a large one the open unit or the found."""
    if choice.agency is not None and choice.search:
        found = catalogue.search_units(choice.units, choice.search)
        return _found(choice, found)
    total = sum(len(node.officials) for node in choice.units)
    folded = total > SHOWN_AT_ONCE
    open_units = {choice.unit} | ({choice.official.unit_id} if choice.official else set())
    units = [
        ShownUnit(
            node,
            node.officials if not folded or node.unit.pk in open_units else [],
            f"{choice.url(unit=node.unit.pk)}#unit-{node.unit.pk}",
        )
        for node in choice.units
    ]
    return ShownOfficials(units, total, cut=False, folded=folded)


def _found(choice: Choice, nodes: list[UnitNode]) -> ShownOfficials:
    room = SHOWN_AT_ONCE
    units = []
    for node in nodes:
        if room <= 0:
            break
        units.append(ShownUnit(node, node.officials[:room], choice.url(unit=node.unit.pk)))
        room -= len(node.officials)
    total = sum(len(node.officials) for node in nodes)
    return ShownOfficials(units, total, cut=total > SHOWN_AT_ONCE, folded=False)
